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
 * A kind of entity in REST.
 *
 * @param kind the kind in the library
 * @param path the path after {@code /v1/}
 * @param word the singular noun for clients
 * @param query the query for all entities of the kind
 * @param filters the filters of a list, beside the cluster
 * @param statuses the statuses in ECS
 * @param json the writer of an entity
 * @param brief the writer of an entity's brief form; the same as {@code json} if there is no other
 * @param <T> the type of the entity
 * @param <Q> the type of its query
 */
record Kind<T, Q extends Query<T, Q>>(
        EntityKind<T> kind,
        String path,
        String word,
        Function<Snapshot, Q> query,
        Map<String, BiFunction<Q, String, Q>> filters,
        Set<String> statuses,
        Fields.Part<Observed<T>> json,
        Fields.Part<Observed<T>> brief) {

    /** A kind without a brief form. */
    Kind(
            EntityKind<T> kind,
            String path,
            String word,
            Function<Snapshot, Q> query,
            Map<String, BiFunction<Q, String, Q>> filters,
            Set<String> statuses,
            Fields.Part<Observed<T>> json) {
        this(kind, path, word, query, filters, statuses, json, json);
    }

    boolean hasBriefForm() {
        return !brief.equals(json);
    }

    /** All kinds. Tasks show the values of environment variables, or redact them. */
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
                        new TaskJson(showsEnvironment),
                        BriefJson::writeTask),
                new Kind<>(
                        EntityKind.INSTANCE,
                        "instances",
                        "Instance",
                        Snapshot::instances,
                        Map.of(Filters.STATUS, (instances, status) -> instances.status(status)),
                        Set.of("REGISTERING", "REGISTRATION_FAILED", "ACTIVE", "DRAINING", "DEREGISTERING", "INACTIVE"),
                        InstanceJson::write,
                        BriefJson::writeInstance),
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
