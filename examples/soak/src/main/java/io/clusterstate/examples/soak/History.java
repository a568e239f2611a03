package io.clusterstate.examples.soak;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A plan as a file of JSON lines: the settings of the run, and then a fault a line. */
final class History {

    private static final ObjectMapper JSON = new ObjectMapper();

    private History() {}

    static void write(Plan plan, Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(JSON.createObjectNode()
                .put("seed", plan.seed())
                .put("minutes", plan.minutes())
                .put("rate", plan.rate())
                .toString());
        plan.faults().forEach(each -> lines.add(line(each)));
        Files.write(file, lines);
    }

    private static String line(PlannedFault each) {
        ObjectNode line = JSON.createObjectNode();
        return line.put("fault", each.fault())
                .put("atMillis", each.atMillis())
                .put("forMillis", each.forMillis())
                .put("where", each.where())
                .toString();
    }

    /**
     * Reads a plan.
     *
     * @throws IllegalArgumentException if the file cannot be read, or is no history
     */
    static Plan read(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            JsonNode settings = JSON.readTree(lines.isEmpty() ? "{}" : lines.get(0));
            if (!settings.has("seed")) {
                throw new IllegalArgumentException("--history: " + file + " (expected: a file of an earlier run)");
            }
            List<PlannedFault> faults = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                faults.add(fault(JSON.readTree(line)));
            }
            return new Plan(
                    settings.path("seed").asLong(),
                    settings.path("minutes").asDouble(),
                    settings.path("rate").asDouble(),
                    faults);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("--history: " + file + " (expected: JSON lines): " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("--history: " + file + " (expected: a readable file)", e);
        }
    }

    private static PlannedFault fault(JsonNode line) {
        String name = line.path("fault").asText();
        if (SoakFaults.all().stream().noneMatch(kind -> kind.name().equals(name))) {
            throw new IllegalArgumentException("--history: the fault " + name + " (expected: one of --faults)");
        }
        return new PlannedFault(
                name,
                line.path("atMillis").asLong(),
                line.path("forMillis").asLong(),
                line.path("where").asInt());
    }
}
