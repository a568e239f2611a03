package io.clusterstate.examples.soak;

import io.clusterstate.ClusterStateView;
import io.clusterstate.EntityKind;
import io.clusterstate.NotReadyException;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.simulator.Truth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The law of the end: once everything is healed, every view equals the truth. It compares which entities live, and of
 * each the version and the states. Ended entities stay in a view for another time than in ECS.
 */
final class FinalCheck extends Law {

    private static final int MOST_SHOWN = 10;

    private final Duration limit;

    /** @param limit the longest wait for a view */
    FinalCheck(String where, Findings findings, Duration limit) {
        super(where, findings);
        this.limit = limit;
    }

    /**
     * Waits until a view equals the truth of its accounts, which no longer change.
     *
     * @param problems the problems of the view's process, for people
     */
    void await(ClusterStateView view, List<Truth> truths, Supplier<List<String>> problems) throws InterruptedException {
        Map<String, String> expected = new HashMap<>();
        truths.forEach(truth -> expected.putAll(outlinesOf(truth)));
        try {
            view.awaitUntil(now -> outlinesOf(now).equals(expected), limit);
            require(true, () -> "");
        } catch (TimeoutException e) {
            require(
                    false,
                    () -> "after " + limit + ": " + differences(view, expected) + "; problems: " + problems.get());
        }
    }

    private static String differences(ClusterStateView view, Map<String, String> expected) {
        try {
            return differences(view.snapshot(), expected);
        } catch (NotReadyException e) {
            return e.toString();
        }
    }

    private static String differences(Snapshot snapshot, Map<String, String> expected) {
        Map<String, String> shown = outlinesOf(snapshot);
        List<String> differences = new ArrayList<>();
        expected.forEach((arn, outline) -> {
            if (!outline.equals(shown.get(arn))) {
                differences.add(arn + " is shown as " + shown.get(arn) + " (expected: " + outline + ")");
            }
        });
        shown.keySet().stream()
                .filter(arn -> !expected.containsKey(arn))
                .forEach(arn -> differences.add(arn + " is shown as " + shown.get(arn) + " (expected: absent)"));
        return differences.size() + " differences: "
                + differences.stream().limit(MOST_SHOWN).collect(Collectors.joining("; "));
    }

    private static Map<String, String> outlinesOf(Truth truth) {
        return Stream.of(
                        outlines(EntityKind.TASK, truth.tasks().stream()),
                        outlines(EntityKind.INSTANCE, truth.instances().stream()),
                        outlines(EntityKind.SERVICE, truth.services().stream()),
                        outlines(EntityKind.CLUSTER, truth.clusters().stream()))
                .flatMap(Function.identity())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Map<String, String> outlinesOf(Snapshot snapshot) {
        return Stream.of(EntityKind.TASK, EntityKind.INSTANCE, EntityKind.SERVICE, EntityKind.CLUSTER)
                .flatMap(kind -> outlines(snapshot, kind))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static <T> Stream<Map.Entry<String, String>> outlines(Snapshot snapshot, EntityKind<T> kind) {
        return outlines(kind, snapshot.query(kind).observed().map(Observed::value));
    }

    private static <T> Stream<Map.Entry<String, String>> outlines(EntityKind<T> kind, Stream<T> values) {
        return values.filter(value -> !kind.hasEnded(value))
                .map(value -> Map.entry(kind.arnOf(value), "version " + kind.versionOf(value) + outline(value)));
    }

    private static String outline(Object value) {
        if (value instanceof Task task) {
            return ", " + task.lastStatus() + ", wanted " + task.desiredStatus();
        }
        if (value instanceof ContainerInstance instance) {
            return ", " + instance.status() + ", connected: " + instance.agentConnected();
        }
        if (value instanceof Service service) {
            return ", " + service.status() + ", " + service.runningCount() + " of " + service.desiredCount() + " of "
                    + service.taskDefinition();
        }
        return "";
    }
}
