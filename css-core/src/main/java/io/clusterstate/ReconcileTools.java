package io.clusterstate;

import io.clusterstate.Answer.Found;
import io.clusterstate.internal.loop.Surroundings;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Sharing;
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
 * @param crew describes pages beside the pass
 * @param selection which clusters are followed, and which kinds in them
 * @param allowance how far behind itself the ECS API may answer
 * @param sharing what others do on the same store
 * @param freshness where it is written what a pass has confirmed
 * @param revisions which revision the store had when
 * @param surroundings clock, threads and dice
 */
record ReconcileTools(
        StateStore store,
        EcsApi api,
        Crew crew,
        Selection selection,
        Duration allowance,
        Sharing sharing,
        FreshnessBook freshness,
        RevisionTimes revisions,
        Surroundings surroundings) {

    List<EntityKind<?>> kinds() {
        return selection.kinds();
    }

    /**
     * Applies what ECS described, each with the stamp of its answer. Where the store has a later stamp, of a process whose
     * clock is ahead, this process's next stamps are later than that one.
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
