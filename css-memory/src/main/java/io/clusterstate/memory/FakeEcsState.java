package io.clusterstate.memory;

import io.clusterstate.EntityKind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * The entities that a fake ECS has, apart from what its events have shown to the view. They keep the order of creation.
 *
 * <p>A stopped task is kept for an hour, as ECS does at least. Source: the ECS API reference, {@code DescribeTasks}.
 *
 * <p>Thread: guarded by the lock of the fake.
 */
final class FakeEcsState {

    private static final Duration KEPT = Duration.ofHours(1);

    /** An entity with its cluster and its place in the order of creation. */
    record Held<T>(String clusterArn, T value, long position) {}

    private final Map<EntityKind<?>, Map<String, Held<?>>> entities = new HashMap<>();
    private final FakeWriter writer;
    private final FakeTime time;
    private final FakeEcsEvents events;
    private final FakeEcsDefinitions definitions = new FakeEcsDefinitions();
    private long positions;
    private Instant forgottenAt = Instant.MIN;

    FakeEcsState(FakeWriter writer, FakeTime time) {
        this.writer = writer;
        this.time = time;
        this.events = new FakeEcsEvents(writer, this);
        addCluster(FakeArns.clusterArn(FakeArns.DEFAULT_CLUSTER));
    }

    FakeEcsEvents events() {
        return events;
    }

    Instant now() {
        return time.instant();
    }

    /** Changes or adds an entity as its next version, and sends the event; returns the value with that version. */
    <T> T change(EntityKind<T> kind, String clusterArn, T value) {
        String arn = kind.arnOf(value);
        T next = FakeStamp.put(value, find(kind, arn), writer.nextVersion(kind, value), now());
        keep(kind, clusterArn, next);
        events.add(new FakeEvent<>(kind, clusterArn, next));
        return next;
    }

    /** Takes over an entity that the test has put, which is then in ECS and in the view. */
    <T> void accept(EntityKind<T> kind, String clusterArn, T value) {
        if (value instanceof TaskDefinition definition) {
            definitions.accept(definition);
        } else {
            keep(kind, clusterArn, value);
        }
    }

    /** The task definitions, which belong to no cluster and have no events. */
    FakeEcsDefinitions definitions() {
        return definitions;
    }

    /** Shows the view every task, instance and service as it is now. */
    void reconcile() {
        List.of(EntityKind.INSTANCE, EntityKind.TASK, EntityKind.SERVICE).forEach(this::reconcile);
    }

    private <T> void reconcile(EntityKind<T> kind) {
        all(kind).forEach(each -> writer.report(kind, each.clusterArn(), each.value()));
    }

    void remove(String arn) {
        entities.values().forEach(each -> each.remove(arn));
    }

    <T> Optional<T> find(EntityKind<T> kind, String arn) {
        return held(kind, arn).map(Held::value);
    }

    <T> Optional<Held<T>> held(EntityKind<T> kind, String arn) {
        return Optional.ofNullable(table(kind).get(arn));
    }

    /** The entities of a cluster, in the order of their creation. */
    <T> List<Held<T>> in(EntityKind<T> kind, String clusterArn) {
        return table(kind).values().stream()
                .filter(each -> each.clusterArn().equals(clusterArn))
                .toList();
    }

    <T> List<Held<T>> all(EntityKind<T> kind) {
        return List.copyOf(table(kind).values());
    }

    /** The ARN of a cluster that a request names; without a name that of the default cluster. */
    String cluster(@Nullable String nameOrArn) {
        String arn = FakeArns.clusterArn(Objects.requireNonNullElse(nameOrArn, FakeArns.DEFAULT_CLUSTER));
        return find(EntityKind.CLUSTER, arn)
                .filter(cluster -> !EntityKind.CLUSTER.hasEnded(cluster))
                .map(Cluster::clusterArn)
                .orElseThrow(FakeEcsErrors::clusterNotFound);
    }

    private <T> void keep(EntityKind<T> kind, String clusterArn, T value) {
        addCluster(clusterArn);
        String arn = kind.arnOf(value);
        long position = held(kind, arn).map(Held::position).orElseGet(() -> ++positions);
        table(kind).put(arn, new Held<>(clusterArn, value, position));
        if (value instanceof Task task && hasEndedBefore(task, now().minus(KEPT))) {
            forgottenAt = Instant.MIN;
        }
    }

    private void addCluster(String arn) {
        table(EntityKind.CLUSTER).computeIfAbsent(arn, missing -> new Held<>(missing, active(missing), ++positions));
    }

    private static Cluster active(String arn) {
        return Cluster.builder()
                .clusterArn(arn)
                .clusterName(arn.substring(arn.lastIndexOf('/') + 1))
                .status("ACTIVE")
                .build();
    }

    @SuppressWarnings("unchecked") // a table holds entities of its kind alone
    private <T> Map<String, Held<T>> table(EntityKind<T> kind) {
        Map<String, Held<?>> table = entities.computeIfAbsent(kind, any -> new LinkedHashMap<>());
        if (kind == EntityKind.TASK) {
            forgetEnded(table);
        }
        return (Map<String, Held<T>>) (Map<String, ?>) table;
    }

    /** Forgets the tasks that ended an hour ago; a look at each of them only when time or an old task has come. */
    private void forgetEnded(Map<String, Held<?>> tasks) {
        Instant now = now();
        if (now.isAfter(forgottenAt)) {
            forgottenAt = now;
            Instant since = now.minus(KEPT);
            tasks.values().removeIf(each -> hasEndedBefore((Task) each.value(), since));
        }
    }

    private static boolean hasEndedBefore(Task task, Instant since) {
        return EntityKind.TASK.hasEnded(task)
                && task.stoppedAt() != null
                && task.stoppedAt().isBefore(since);
    }
}
