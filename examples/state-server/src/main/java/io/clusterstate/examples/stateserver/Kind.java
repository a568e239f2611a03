package io.clusterstate.examples.stateserver;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Query;
import io.clusterstate.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One kind of entity as REST shows it.
 *
 * @param kind the library's kind
 * @param path what follows {@code /v1/}
 * @param word what a client calls one
 * @param query all of them
 * @param filters what a list may be narrowed by, beside the cluster
 * @param statuses those that ECS has
 * @param json writes one
 * @param <T> the entity
 * @param <Q> its query
 */
record Kind<T, Q extends Query<T, Q>>(
        EntityKind<T> kind,
        String path,
        String word,
        Function<Snapshot, Q> query,
        Map<String, BiFunction<Q, String, Q>> filters,
        Set<String> statuses,
        Fields.Part<Observed<T>> json) {

    /** All, with tasks whose environment is shown or not. */
    static List<Kind<?, ?>> all(boolean showsEnvironment) {
        return List.of(
                new Kind<>(
                        EntityKind.TASK,
                        "tasks",
                        "Task",
                        Snapshot::tasks,
                        Map.of(
                                Filters.STATUS,
                                (tasks, status) -> tasks.status(status),
                                "startedBy",
                                (tasks, by) -> tasks.startedBy(by)),
                        Set.of(
                                "PROVISIONING",
                                "PENDING",
                                "ACTIVATING",
                                "RUNNING",
                                "DEACTIVATING",
                                "STOPPING",
                                "DEPROVISIONING",
                                "STOPPED",
                                "DELETED"),
                        new TaskJson(showsEnvironment)),
                new Kind<>(
                        EntityKind.INSTANCE,
                        "instances",
                        "Instance",
                        Snapshot::instances,
                        Map.of(Filters.STATUS, (instances, status) -> instances.status(status)),
                        Set.of("REGISTERING", "REGISTRATION_FAILED", "ACTIVE", "DRAINING", "DEREGISTERING", "INACTIVE"),
                        InstanceJson::write),
                new Kind<>(
                        EntityKind.SERVICE,
                        "services",
                        "Service",
                        Snapshot::services,
                        Map.of(Filters.STATUS, (services, status) -> services.status(status)),
                        Set.of("ACTIVE", "DRAINING", "INACTIVE"),
                        ServiceJson::write),
                new Kind<>(
                        EntityKind.CLUSTER,
                        "clusters",
                        "Cluster",
                        Snapshot::clusters,
                        Map.of(Filters.STATUS, (clusters, status) -> clusters.status(status)),
                        Set.of("ACTIVE", "PROVISIONING", "DEPROVISIONING", "FAILED", "INACTIVE"),
                        ClusterJson::write));
    }
}
