package io.clusterstate.examples.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The rows of a listing, as a table for people or as JSON for programs. A column whose name ends in {@code At} has
 * times, which the table shows as ages.
 */
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
            String host = instance.isEmpty()
                    ? text(task, "launchType").toLowerCase(Locale.ROOT)
                    : hosts.getOrDefault(instance, "?");
            rows.add(List.of(
                    host,
                    nameIn(text(task, "clusterARN")),
                    text(task, "lastStatus"),
                    text(task, "createdAt"),
                    text(task, "startedBy"),
                    text(task, "taskARN")));
        }
        return new Rows(List.of("host", "cluster", "status", "createdAt", "startedBy", "arn"), rows);
    }

    static Rows ofInstances(List<JsonNode> instances) {
        return of(
                instances,
                List.of("host", "cluster", "status", "registeredAt", "runningTasks", "arn"),
                instance -> List.of(
                        hostOf(instance),
                        nameIn(text(instance, "clusterARN")),
                        text(instance, "status"),
                        text(instance, "registeredAt"),
                        text(instance, "runningTasksCount"),
                        text(instance, "containerInstanceARN")));
    }

    static Rows ofServices(List<JsonNode> services) {
        return of(
                services,
                List.of("service", "cluster", "status", "createdAt", "running", "desired", "pending", "definition"),
                service -> List.of(
                        text(service, "serviceName"),
                        nameIn(text(service, "clusterARN")),
                        text(service, "status"),
                        text(service, "createdAt"),
                        text(service, "runningCount"),
                        text(service, "desiredCount"),
                        text(service, "pendingCount"),
                        nameIn(text(service, "taskDefinitionARN"))));
    }

    static Rows ofClusters(List<JsonNode> clusters) {
        return of(
                clusters,
                List.of("cluster", "status", "services", "runningTasks", "pendingTasks", "instances", "arn"),
                cluster -> List.of(
                        text(cluster, "clusterName"),
                        text(cluster, "status"),
                        text(cluster, "activeServicesCount"),
                        text(cluster, "runningTasksCount"),
                        text(cluster, "pendingTasksCount"),
                        text(cluster, "registeredContainerInstancesCount"),
                        text(cluster, "clusterARN")));
    }

    private static Rows of(List<JsonNode> entities, List<String> columns, Function<JsonNode, List<String>> row) {
        return new Rows(columns, entities.stream().map(row).toList());
    }

    /** The rows as a table, with ages as of a moment. */
    String table(Instant now) {
        List<ColumnData<List<String>>> shown = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            int at = i;
            shown.add(new Column()
                    .header(title(columns.get(i)))
                    .headerAlign(HorizontalAlign.LEFT)
                    .dataAlign(HorizontalAlign.LEFT)
                    .maxWidth(LONGEST) // an ARN broken into two lines cannot be copied
                    .with(row -> isTime(columns.get(at)) ? age(row.get(at), now) : row.get(at)));
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
        if (isTime(column)) {
            return "AGE";
        }
        return column.equals("arn")
                ? "ARN"
                : column.replaceAll("([A-Z])", "-$1").toUpperCase(Locale.ROOT);
    }

    private static boolean isTime(String column) {
        return column.endsWith("At");
    }

    /** The age in its two largest units, such as {@code 3m 20s} or {@code 2d 4h}. */
    static String age(String time, Instant now) {
        if (time.isEmpty()) {
            return "";
        }
        Duration age = Duration.between(Instant.parse(time), now);
        Duration shown = age.isNegative() ? Duration.ZERO : age; // two clocks
        if (shown.toMinutes() == 0) {
            return shown.toSeconds() + "s";
        }
        if (shown.toHours() == 0) {
            return shown.toMinutes() + "m " + shown.toSecondsPart() + "s";
        }
        return shown.toDays() == 0
                ? shown.toHours() + "h " + shown.toMinutesPart() + "m"
                : shown.toDays() + "d " + shown.toHoursPart() + "h";
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
