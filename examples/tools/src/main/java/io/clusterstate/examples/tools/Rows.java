package io.clusterstate.examples.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The rows of a listing, as a table for people or as JSON for programs. */
record Rows(List<String> columns, List<List<String>> rows) {

    /** The widest column. ECS's and IAM's longest ARN is shorter. */
    private static final int LONGEST = 2_048;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** The rows of tasks. The host is the EC2 instance of the task, or {@code fargate}. */
    static Rows ofTasks(List<JsonNode> tasks, List<JsonNode> instances) {
        Map<String, String> hosts = instances.stream()
                .collect(Collectors.toMap(each -> text(each, "containerInstanceARN"), Rows::hostOf, (a, b) -> a));
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode task : tasks) {
            String instance = text(task, "containerInstanceARN");
            rows.add(List.of(
                    instance.isEmpty()
                            ? text(task, "launchType").toLowerCase(Locale.ROOT)
                            : hosts.getOrDefault(instance, "?"),
                    nameIn(text(task, "clusterARN")),
                    text(task, "lastStatus"),
                    text(task, "startedBy"),
                    text(task, "taskARN")));
        }
        return new Rows(List.of("host", "cluster", "status", "startedBy", "arn"), rows);
    }

    static Rows ofInstances(List<JsonNode> instances) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode instance : instances) {
            rows.add(List.of(
                    hostOf(instance),
                    nameIn(text(instance, "clusterARN")),
                    text(instance, "status"),
                    text(instance, "runningTasksCount"),
                    text(instance, "containerInstanceARN")));
        }
        return new Rows(List.of("host", "cluster", "status", "runningTasks", "arn"), rows);
    }

    String table() {
        List<ColumnData<List<String>>> shown = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            int at = i;
            shown.add(new Column()
                    .header(title(columns.get(i)))
                    .headerAlign(HorizontalAlign.LEFT)
                    .dataAlign(HorizontalAlign.LEFT)
                    .maxWidth(LONGEST) // an ARN broken into two lines cannot be copied
                    .with(row -> row.get(at)));
        }
        return AsciiTable.builder()
                .border(AsciiTable.NO_BORDERS)
                .data(rows, shown)
                .asString();
    }

    String json() throws JsonProcessingException {
        List<Map<String, String>> objects = new ArrayList<>();
        for (List<String> row : rows) {
            Map<String, String> object = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                object.put(columns.get(i), row.get(i));
            }
            objects.add(object);
        }
        return JSON.writeValueAsString(objects);
    }

    /** The heading of a column: words in capitals, joined by hyphens. */
    private static String title(String column) {
        return column.equals("arn")
                ? "ARN"
                : column.replaceAll("([A-Z])", "-$1").toUpperCase(Locale.ROOT);
    }

    private static String hostOf(JsonNode instance) {
        String host = text(instance, "EC2InstanceID");
        return host.isEmpty() ? nameIn(text(instance, "containerInstanceARN")) : host;
    }

    private static String nameIn(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    private static String text(JsonNode entity, String field) {
        return entity.path(field).asText("");
    }
}
