package io.clusterstate.spring;

import static java.util.Objects.requireNonNullElse;

import io.clusterstate.EntityKind;
import io.clusterstate.ReadPolicy;
import io.clusterstate.mirror.ClusterMirrorBuilder;
import io.clusterstate.mirror.Clusters;
import io.clusterstate.mirror.TaskDefinitions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code css.*}. Each one that is unset leaves the default of {@link ClusterMirrorBuilder}. A value out
 * of range fails the start of the application, with the name of the property, the value and the expected range.
 *
 * @param queue Queue of ECS events: a name, a URL or an ARN. Without it there is no mirror.
 * @param pollWait Longest wait of a poll of the queue, 1 to 20 whole seconds; 7 by default.
 * @param clusters Names or ARNs of the clusters to follow; by default all of the account and Region.
 * @param readableOnly Whether to leave out clusters that the ECS client may not read.
 * @param kinds Kinds of entities to follow inside the clusters.
 * @param taskDefinitions Whether to fetch the task definitions that tasks and services refer to.
 * @param reconcileEvery Pause between two passes over a cluster; 20 minutes by default.
 * @param consistencyAllowance Time by which an answer of the ECS API may lag behind; 5 minutes by default.
 * @param apiShare Share of ECS's read calls that the mirror may use, above 0; 0.5 by default.
 * @param serviceEvents Number of events that the view keeps of each service, 0 to 100; 10 by default.
 * @param pollers Largest number of threads that poll the queue; 8 by default.
 * @param poisonReceipts Receipts after which the handler of unreadable messages takes a message; 5 by default.
 * @param closeWithin Longest time that the mirror takes to close; 10 seconds by default.
 * @param health How the health endpoint shows the view.
 */
@ConfigurationProperties("css")
record CssProperties(
        @Nullable String queue,
        @Nullable Duration pollWait,
        @DefaultValue List<String> clusters,
        @DefaultValue("false") boolean readableOnly,
        @DefaultValue({"task", "instance", "service"}) Set<Kind> kinds,
        @DefaultValue("none") Definitions taskDefinitions,
        @Nullable Duration reconcileEvery,
        @Nullable Duration consistencyAllowance,
        @Nullable Double apiShare,
        @Nullable Integer serviceEvents,
        @Nullable Integer pollers,
        @Nullable Integer poisonReceipts,
        @Nullable Duration closeWithin,
        @DefaultValue Health health) {

    private static final Duration AN_HOUR = Duration.ofHours(1);
    /** The defaults of {@link ClusterMirrorBuilder}. */
    private static final Duration RECONCILE_EVERY = Duration.ofMinutes(20);

    private static final Duration CONSISTENCY_ALLOWANCE = Duration.ofMinutes(5);

    /** A kind of entity inside a cluster. */
    enum Kind {
        /** Tasks. */
        TASK,
        /** Container instances. */
        INSTANCE,
        /** Services. */
        SERVICE;

        private EntityKind<?> kind() {
            return switch (this) {
                case TASK -> EntityKind.TASK;
                case INSTANCE -> EntityKind.INSTANCE;
                case SERVICE -> EntityKind.SERVICE;
            };
        }
    }

    /** A choice of task definitions. */
    enum Definitions {
        /** No task definition is fetched. */
        NONE,
        /** Definitions that tasks and services refer to, without values that may be secrets. */
        REFERENCED,
        /** Definitions that tasks and services refer to, with the values of environment variables and the like. */
        WITH_ENVIRONMENT
    }

    /**
     * The properties {@code css.health.*}.
     *
     * @param staleAfter Time without a confirmation by ECS after which the health of the view is OUT_OF_SERVICE. By
     *     default 1 hour, or twice the sum of reconcile-every and consistency-allowance if that is longer.
     */
    record Health(@Nullable Duration staleAfter) {}

    /** The longest time without a confirmation by ECS in which the view counts as healthy. */
    ReadPolicy healthy() {
        return PropertyValue.checked("css.health.stale-after", staleAfter(), ReadPolicy.any()::atMostStale);
    }

    Duration staleAfter() {
        Duration pass = requireNonNullElse(reconcileEvery, RECONCILE_EVERY)
                .plus(requireNonNullElse(consistencyAllowance, CONSISTENCY_ALLOWANCE));
        Duration twoPasses = pass.multipliedBy(2);
        Duration byDefault = twoPasses.compareTo(AN_HOUR) > 0 ? twoPasses : AN_HOUR;
        return requireNonNullElse(health.staleAfter(), byDefault);
    }

    /** Sets every property of a mirror, but the parts that are beans. */
    void applyTo(ClusterMirrorBuilder builder) {
        PropertyValue.set(builder, "css.clusters", clusters, (mirror, names) -> mirror.clusters(selection(names)));
        PropertyValue.set(builder, "css.kinds", kinds, (mirror, chosen) -> mirror.kinds(kinds(chosen)));
        definitions().ifPresent(builder::taskDefinitions);
        PropertyValue.set(builder, "css.reconcile-every", reconcileEvery, ClusterMirrorBuilder::reconcileEvery);
        PropertyValue.set(
                builder, "css.consistency-allowance", consistencyAllowance, ClusterMirrorBuilder::consistencyAllowance);
        PropertyValue.set(builder, "css.api-share", apiShare, ClusterMirrorBuilder::apiShare);
        PropertyValue.set(builder, "css.service-events", serviceEvents, ClusterMirrorBuilder::serviceEvents);
        PropertyValue.set(builder, "css.pollers", pollers, ClusterMirrorBuilder::pollers);
        PropertyValue.set(builder, "css.poison-receipts", poisonReceipts, ClusterMirrorBuilder::poisonReceipts);
        PropertyValue.set(builder, "css.close-within", closeWithin, ClusterMirrorBuilder::closeWithin);
    }

    private Clusters selection(List<String> names) {
        Clusters selected = names.isEmpty() ? Clusters.all() : Clusters.named(names.toArray(String[]::new));
        return readableOnly ? selected.readableOnly() : selected;
    }

    private static EntityKind<?>[] kinds(Set<Kind> chosen) {
        return chosen.stream().map(Kind::kind).toArray(EntityKind<?>[]::new);
    }

    private Optional<TaskDefinitions> definitions() {
        return switch (taskDefinitions) {
            case NONE -> Optional.empty();
            case REFERENCED -> Optional.of(TaskDefinitions.referenced());
            case WITH_ENVIRONMENT -> Optional.of(TaskDefinitions.referenced().withEnvironment());
        };
    }
}
