package io.clusterstate.archive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.clusterstate.archive.EndedTask.Container;
import io.clusterstate.archive.HistoryStep.What;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The lines of an archive's files: a JSON object each, whose member {@code kind} comes first. */
final class RecordJson {

    /** A line. */
    sealed interface Line permits TaskLine, StepLine, GapLine {

        /** The time of what the line is about. */
        Instant at();
    }

    /** The end of a task. */
    record TaskLine(EndedTask task) implements Line {

        @Override
        public Instant at() {
            return task.endedAt();
        }
    }

    /**
     * A step of a service.
     *
     * @param id ECS's id of the event; null for a notice
     */
    record StepLine(String arn, @Nullable String id, HistoryStep step) implements Line {

        @Override
        public Instant at() {
            return step.at();
        }
    }

    /** A time at which changes may be missing. */
    record GapLine(Instant at, String text) implements Line {}

    private static final JsonFactory JSON = new JsonFactory();
    private static final Set<String> UNINDEXED =
            Set.of("steps", "createdAt", "startedAt", "stoppingAt", "stoppedAt", "containerInstanceARN");

    private RecordJson() {}

    /** A line with its line break. */
    static byte[] write(Line line) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            if (line instanceof TaskLine task) {
                write(json, task.task());
            } else if (line instanceof StepLine step) {
                json.writeStringField("kind", "step");
                text(json, "arn", step.arn());
                text(json, "id", step.id());
                write(json, step.step());
            } else if (line instanceof GapLine gap) {
                json.writeStringField("kind", "gap");
                text(json, "at", gap.at());
                text(json, "text", gap.text());
            }
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e); // into memory
        }
        return out.toByteArray();
    }

    private static void write(JsonGenerator json, EndedTask task) throws IOException {
        json.writeStringField("kind", "task");
        text(json, "taskARN", task.taskArn());
        text(json, "clusterARN", task.clusterArn());
        text(json, "service", task.service());
        text(json, "group", task.group());
        text(json, "family", task.family());
        text(json, "taskDefinitionARN", task.taskDefinitionArn());
        text(json, "launchType", task.launchType());
        text(json, "containerInstanceARN", task.containerInstanceArn());
        text(json, "EC2InstanceID", task.ec2InstanceId());
        text(json, "availabilityZone", task.availabilityZone());
        text(json, "lastStatus", task.lastStatus());
        text(json, "stopCode", task.stopCode());
        text(json, "stoppedReason", task.stoppedReason());
        writeContainers(json, task.containers());
        text(json, "createdAt", task.createdAt());
        text(json, "startedAt", task.startedAt());
        text(json, "stoppingAt", task.stoppingAt());
        text(json, "stoppedAt", task.stoppedAt());
        text(json, "endedAt", task.endedAt());
        writeSteps(json, task.steps());
    }

    private static void writeContainers(JsonGenerator json, List<Container> containers) throws IOException {
        json.writeArrayFieldStart("containers");
        for (Container container : containers) {
            json.writeStartObject();
            text(json, "name", container.name());
            text(json, "image", container.image());
            if (container.exitCode() != null) {
                json.writeNumberField("exitCode", container.exitCode());
            }
            text(json, "reason", container.reason());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeSteps(JsonGenerator json, List<HistoryStep> steps) throws IOException {
        json.writeArrayFieldStart("steps");
        for (HistoryStep step : steps) {
            json.writeStartObject();
            write(json, step);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, HistoryStep step) throws IOException {
        text(json, "at", step.at());
        text(json, "what", step.what().name().toLowerCase(Locale.ROOT));
        text(json, "text", step.text());
        text(json, "reason", step.reason());
        if (step.revision() != 0) {
            json.writeNumberField("revision", step.revision());
        }
    }

    private static void text(JsonGenerator json, String name, @Nullable Object value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value.toString());
        }
    }

    /**
     * Reads a line.
     *
     * @throws IOException if it is no line of this class
     */
    static Line read(byte[] bytes, int from, int length) throws IOException {
        return read(bytes, from, length, Set.of());
    }

    /** Reads a line without what the index does not need. */
    static Line readForIndex(byte[] bytes, int from, int length) throws IOException {
        return read(bytes, from, length, UNINDEXED);
    }

    private static Line read(byte[] bytes, int from, int length, Set<String> skipped) throws IOException {
        try (JsonParser json = JSON.createParser(bytes, from, length)) {
            json.nextToken();
            Members line = new Members(object(json, skipped));
            return switch (line.need("kind")) {
                case "task" -> new TaskLine(task(line));
                case "step" -> new StepLine(line.need("arn"), line.text("id"), step(line));
                case "gap" -> new GapLine(Instant.parse(line.need("at")), line.need("text"));
                default -> throw new IOException("kind: " + line.text("kind") + " (expected: task, step or gap)");
            };
        } catch (DateTimeException
                | ArithmeticException
                | IllegalArgumentException
                | ClassCastException
                | NullPointerException e) {
            throw new IOException("line: not readable", e);
        }
    }

    private static EndedTask task(Members line) {
        return new EndedTask(
                line.need("taskARN"),
                line.need("clusterARN"),
                line.text("group"),
                line.text("taskDefinitionARN"),
                line.text("launchType"),
                line.text("containerInstanceARN"),
                line.text("EC2InstanceID"),
                line.text("availabilityZone"),
                line.text("lastStatus"),
                line.text("stopCode"),
                line.text("stoppedReason"),
                line.list("containers").stream().map(RecordJson::container).toList(),
                line.moment("createdAt"),
                line.moment("startedAt"),
                line.moment("stoppingAt"),
                line.moment("stoppedAt"),
                Instant.parse(line.need("endedAt")),
                line.list("steps").stream().map(RecordJson::step).toList());
    }

    private static Container container(Members members) {
        Long code = members.number("exitCode");
        return new Container(
                members.text("name"),
                members.text("image"),
                code == null ? null : Math.toIntExact(code),
                members.text("reason"));
    }

    private static HistoryStep step(Members members) {
        Long revision = members.number("revision");
        return new HistoryStep(
                Instant.parse(members.need("at")),
                What.valueOf(members.need("what").toUpperCase(Locale.ROOT)),
                members.need("text"),
                members.text("reason"),
                revision == null ? 0 : revision);
    }

    /** The members of an object; a later version may add some. */
    private record Members(Map<String, Object> values) {

        @Nullable String text(String name) {
            return (String) values.get(name);
        }

        String need(String name) {
            return Objects.requireNonNull(text(name), name);
        }

        @Nullable Long number(String name) {
            return (Long) values.get(name);
        }

        @Nullable Instant moment(String name) {
            String text = text(name);
            return text == null ? null : Instant.parse(text);
        }

        @SuppressWarnings("unchecked") // an array holds objects, else the line is refused
        List<Members> list(String name) {
            Object list = values.get(name);
            return list == null
                    ? List.of()
                    : ((List<Object>) list)
                            .stream()
                                    .map(each -> new Members((Map<String, Object>) each))
                                    .toList();
        }
    }

    private static Map<String, Object> object(JsonParser json, Set<String> skipped) throws IOException {
        Map<String, Object> members = new HashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (skipped.contains(name)) {
                json.skipChildren();
                continue;
            }
            Object value = value(json);
            if (value != null) {
                members.put(name, value);
            }
        }
        return members;
    }

    private static @Nullable Object value(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT -> object(json, Set.of());
            case START_ARRAY -> array(json);
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT -> json.getLongValue();
            case VALUE_NULL -> null;
            default -> json.getText();
        };
    }

    private static List<Object> array(JsonParser json) throws IOException {
        List<Object> values = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            Object value = value(json);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }
}
