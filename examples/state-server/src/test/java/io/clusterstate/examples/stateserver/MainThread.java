package io.clusterstate.examples.stateserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The tasks of the page's main thread in a trace.
 *
 * @param tasks the tasks, with their times in microseconds
 * @param parts the events inside them
 */
record MainThread(List<JsonNode> tasks, List<JsonNode> parts) {

    private static final String TASK = "RunTask";
    private static final double MILLI = 1_000;

    /** The busiest main thread of a renderer: the page's. */
    static MainThread of(List<JsonNode> events) {
        Map<String, List<JsonNode>> byThread = events.stream()
                .filter(each -> each.path("ph").asText().equals("X"))
                .collect(Collectors.groupingBy(MainThread::thread));
        Map<String, List<JsonNode>> renderers = new HashMap<>();
        events.stream()
                .filter(each -> each.path("name").asText().equals("thread_name")
                        && each.at("/args/name").asText().equals("CrRendererMain"))
                .forEach(each -> renderers.put(thread(each), byThread.getOrDefault(thread(each), List.of())));
        List<JsonNode> busiest = renderers.values().stream()
                .max(Comparator.comparingDouble(each -> sum(tasksIn(each), "dur")))
                .orElseThrow();
        return new MainThread(tasksIn(busiest), busiest);
    }

    private static String thread(JsonNode event) {
        return event.path("pid").asText() + '/' + event.path("tid").asText();
    }

    private static List<JsonNode> tasksIn(List<JsonNode> events) {
        return events.stream()
                .filter(each -> each.path("name").asText().equals(TASK))
                .toList();
    }

    /** The part between two times, in microseconds of the trace's clock. */
    MainThread between(double from, double to) {
        return new MainThread(within(tasks, from, to), within(parts, from, to));
    }

    private static List<JsonNode> within(List<JsonNode> events, double from, double to) {
        return events.stream()
                .filter(each ->
                        each.path("ts").asDouble() >= from && each.path("ts").asDouble() < to)
                .toList();
    }

    double begin() {
        return tasks.stream()
                .mapToDouble(each -> each.path("ts").asDouble())
                .min()
                .orElse(0);
    }

    /** One line: the share of the time with a task, the longest task, and how many were long. */
    String line(double seconds) {
        return String.format(
                Locale.ROOT,
                "busy %.1f %% (processor time %.1f %%), longest task %.0f ms (processor time %.0f ms), "
                        + "over 50 ms: %d, over 100 ms: %d",
                sum(tasks, "dur") / seconds / 10_000,
                sum(tasks, "tdur") / seconds / 10_000,
                longest("dur"),
                longest("tdur"),
                over(50),
                over(100));
    }

    double longest(String field) {
        return tasks.stream()
                        .mapToDouble(each -> each.path(field).asDouble())
                        .max()
                        .orElse(0)
                / MILLI;
    }

    long over(int millis) {
        return tasks.stream()
                .filter(each -> each.path("dur").asDouble() > millis * MILLI)
                .count();
    }

    /** The names that took most, with their milliseconds. Nested events count in each of their names. */
    String most() {
        Map<String, Long> counts = parts.stream()
                .collect(Collectors.groupingBy(each -> each.path("name").asText(), Collectors.counting()));
        Map<String, Double> byName = parts.stream()
                .filter(each -> !each.path("name").asText().equals(TASK))
                .collect(Collectors.groupingBy(
                        each -> each.path("name").asText(),
                        Collectors.summingDouble(each -> each.path("tdur").asDouble())));
        return byName.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(10)
                .map(each -> String.format(
                        Locale.ROOT,
                        "%s %.0f (%d times)",
                        each.getKey(),
                        each.getValue() / MILLI,
                        counts.get(each.getKey())))
                .collect(Collectors.joining(", "));
    }

    private static double sum(List<JsonNode> events, String field) {
        return events.stream().mapToDouble(each -> each.path(field).asDouble()).sum();
    }
}
