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
 * What a pass works with.
 *
 * @param store where what it finds is applied
 * @param api the door to ECS
 * @param describePool describes pages beside the pass
 * @param selection which clusters are followed, and which kinds in them
 * @param allowance how far behind itself the ECS API may answer
 * @param coordination what others do on the same store
 * @param freshness where it is written what a pass has confirmed
 * @param revisions which revision the store had when
 * @param environment clock, threads and dice
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
     * Applies what ECS described, each with the stamp of its answer. Where the store has a later stamp, of a process
     * whose clock is ahead, this process's next stamps are later than that one.
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

    /** Makes the stamps of later answers later than the one by which an entity is known. */
    void observeStamp(@Nullable Observed<?> before) {
        if (before != null) {
            before.describedAt().ifPresent(api::observe);
        }
    }
}
