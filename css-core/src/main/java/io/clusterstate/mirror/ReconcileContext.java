package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.internal.ecs.DescribeAnswer.Found;
import io.clusterstate.internal.ecs.DescribeAnswers;
import io.clusterstate.internal.ecs.EcsApi;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Coordination;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.Upsert;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a mirror that passes share.
 *
 * @param store the store that takes the findings in
 * @param api the ECS API
 * @param describePool the pool that describes pages
 * @param selection the clusters to follow, and the kinds in them
 * @param allowance the time by which an answer of the ECS API may lag behind
 * @param coordination the coordination with other mirrors on the store
 * @param freshness the tracker of confirmations
 * @param revisions the history of the store's revisions
 * @param environment the clocks, threads and randomness
 */
record ReconcileContext(
        StateStore store,
        EcsApi api,
        DescribePool describePool,
        Selection selection,
        Duration allowance,
        Coordination coordination,
        FreshnessTracker freshness,
        RevisionTimes revisions,
        Environment environment) {

    List<EntityKind<?>> kinds() {
        return selection.kinds();
    }

    /**
     * Applies the entities that ECS described, each with the stamp of its answer. If the store has a later stamp, from
     * a process with a clock ahead, the next stamps of this process exceed it.
     *
     * @param clusterOf the cluster of an entity
     */
    <T> List<Applied> applyFound(
            EntityKind<T> kind, Function<T, String> clusterOf, DescribeAnswers<T> answers, Origin origin) {
        List<Applied> applied = store.apply(answers.found().stream()
                .map(found -> upsert(kind, clusterOf.apply(found.value()), found, origin))
                .toList());
        applied.forEach(each -> observeStamp(each.before()));
        return applied;
    }

    private static <T> Upsert<T> upsert(EntityKind<T> kind, String clusterArn, Found<T> found, Origin origin) {
        return Upsert.of(kind, clusterArn, found.value(), origin, found.askedAt());
    }

    /** Makes the stamps of later answers exceed the stamp of a known entity. */
    void observeStamp(@Nullable Observed<?> before) {
        if (before != null) {
            before.describedAt().ifPresent(api::observe);
        }
    }
}
