package io.clusterstate.micrometer;

import io.clusterstate.EntityKind;
import io.clusterstate.Query;
import io.clusterstate.Snapshot;
import io.clusterstate.TaskStatus;
import io.clusterstate.ecs.EcsArn;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/**
 * The number of entities by cluster, kind and status. Each number is the size of an index, so the cost follows the
 * number of clusters times that of statuses. A row that has appeared stays, at 0 if need be, until its cluster leaves.
 *
 * <p>Thread: one at a time.
 */
final class EntityCounts {

    /** The limit of clusters with rows of their own; the others share the rows of {@link #OTHER}. */
    static final int MOST_CLUSTERS = 50;

    /** The name of all further clusters, and of each status that a later ECS has introduced. No cluster can have it. */
    static final String OTHER = "(other)";

    /** The cluster of entities that belong to none. */
    private static final String NONE = "";

    private static final List<Counted<?>> KINDS = List.of(
            new Counted<>(
                    EntityKind.TASK,
                    Snapshot::tasks,
                    (tasks, status) -> tasks.status(status),
                    Arrays.stream(TaskStatus.values()).map(Enum::name).toList()),
            new Counted<>(
                    EntityKind.INSTANCE,
                    Snapshot::instances,
                    (instances, status) -> instances.status(status),
                    namesOf(ContainerInstanceStatus.knownValues())),
            new Counted<>(
                    EntityKind.SERVICE,
                    Snapshot::services,
                    (services, status) -> services.status(status),
                    List.of("ACTIVE", "DRAINING", "INACTIVE")),
            new Counted<>(
                    EntityKind.CLUSTER,
                    Snapshot::clusters,
                    (clusters, status) -> clusters.status(status),
                    List.of("ACTIVE", "PROVISIONING", "DEPROVISIONING", "FAILED", "INACTIVE")));

    private static final Counted<?> DEFINITIONS = new Counted<>(
            EntityKind.TASK_DEFINITION,
            Snapshot::definitions,
            (definitions, status) -> definitions.status(status),
            namesOf(TaskDefinitionStatus.knownValues()));

    /** The ARNs of the clusters with rows of their own, which a cluster keeps for as long as it is in the view. */
    private final Set<String> named = new LinkedHashSet<>();

    private final Semaphore room;
    private Map<Row, Integer> counts = Map.of();

    /**
     * Counts of no snapshot yet.
     *
     * @param room the clusters that may still have rows of their own, here and in other counts
     */
    EntityCounts(Semaphore room) {
        this.room = room;
    }

    /** The tags of a gauge. */
    record Row(String cluster, String kind, String status) {}

    /** A kind of entities with its statuses in ECS. */
    private record Counted<Q extends Query<?, Q>>(
            EntityKind<?> kind, Function<Snapshot, Q> all, BiFunction<Q, String, Q> byStatus, List<String> statuses) {

        /** The entities of a query by status, without the statuses that none has. */
        Map<String, Integer> count(Q query) {
            Map<String, Integer> found = new HashMap<>();
            int left = query.count();
            for (String status : statuses) {
                int count = left == 0 ? 0 : byStatus.apply(query, status).count();
                add(found, status, count);
                left -= count;
            }
            add(found, OTHER, left);
            return found;
        }

        void countIn(Iterable<String> clusters, Snapshot now, Map<Row, Integer> rows) {
            Map<String, Integer> left = count(all.apply(now));
            for (String arn : clusters) {
                count(all.apply(now).in(arn)).forEach((status, count) -> {
                    add(rows, new Row(EcsArn.nameOf(arn), kind.toString(), status), count);
                    left.merge(status, -count, Integer::sum);
                });
            }
            left.forEach((status, count) -> add(rows, new Row(OTHER, kind.toString(), status), count));
        }

        void countAll(Snapshot now, Map<Row, Integer> rows) {
            count(all.apply(now)).forEach((status, count) -> add(rows, new Row(NONE, kind.toString(), status), count));
        }

        private static <K> void add(Map<K, Integer> sums, K key, int count) {
            if (count != 0) {
                sums.merge(key, count, Integer::sum); // two accounts may have clusters of one name
            }
        }
    }

    /** Counts the entities of a snapshot. The result does not change afterwards. */
    Map<Row, Integer> update(Snapshot now) {
        name(now);
        Map<Row, Integer> counted = new HashMap<>();
        KINDS.forEach(kind -> kind.countIn(named, now, counted));
        DEFINITIONS.countAll(now, counted);
        Set<String> names = named.stream().map(EcsArn::nameOf).collect(Collectors.toSet());
        names.addAll(List.of(OTHER, NONE));
        counts.keySet().stream()
                .filter(row -> names.contains(row.cluster()))
                .forEach(row -> counted.putIfAbsent(row, 0));
        counts = counted;
        return counted;
    }

    /** Gives the first clusters rows of their own. */
    private void name(Snapshot now) {
        List<String> present =
                now.clusters().stream().map(Cluster::clusterArn).sorted().toList();
        int before = named.size();
        named.retainAll(Set.copyOf(present));
        room.release(before - named.size());
        for (String arn : present) {
            if (!named.contains(arn) && room.tryAcquire()) {
                named.add(arn);
            }
        }
    }

    private static List<String> namesOf(Set<?> ofSdk) {
        return ofSdk.stream().map(Object::toString).sorted().toList();
    }
}
