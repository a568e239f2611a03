package io.clusterstate.spi;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The one rule that decides what a change does, for every store: a pure function of what is kept and what is told.
 *
 * <p>For one ARN, all that was ever told has an order, and the highest stands: versions first; at one version a stopped
 * task before a running one, the API before an event, and of two API answers the one that was asked for later. A
 * removal has its place in that order: above the versions before its own, and above its own version but for API answers
 * that were asked for after its proof. So one comparison decides whether a removal removes and whether what is told
 * revives, and the order in which changes arrive, and how often, makes no difference to the end (promise 12); versions
 * never go back (promise 1), and a late event revives nothing (promise 3), while a wrong removal heals.
 *
 * <p><b>Fields that only the API tells</b> follow an order of their own: the last API answer stands, whatever its
 * version, and events take them over.
 *
 * <p><b>Retention</b> goes by the clock: what ended too long ago is not taken in, and an end whose retention is over is
 * not shown again, whoever tells of it; a later version is, and a service or cluster that was made again.
 *
 * <p><b>Where the order of arrival does tell</b>, because the rule remembers no more than what stands:
 *
 * <ul>
 *   <li>API-only fields are forgotten with a removal, until the next API answer.
 *   <li>An API answer that says what an earlier one said is dropped, so that nothing need be written. It then does not
 *       count when something that was asked for before it, another answer or the proof of a removal, comes in after it.
 *   <li>Two API answers of one version that were asked for in the same moment: the first stands.
 *   <li>STOPPED is terminal: a stopped task is not followed by a running one of any version. ECS never tells such a
 *       thing; if two sources disagreed so, the first told would stand.
 * </ul>
 *
 * <p>Thread: pure functions, safe from any thread.
 */
public final class VersionRule {

    private VersionRule() {}

    /**
     * Decides about one change.
     *
     * @param present the entity as it is kept; null if it is not
     * @param tombstone the removal that is remembered; null if there is none. Not together with {@code present}
     * @param change what is told, of the same ARN
     * @param keptSince entities that ended before this moment are not kept any more
     * @param <T> the AWS SDK's type of the entity
     * @return what to keep now
     */
    public static <T> Decision<T> decide(
            @Nullable Observed<T> present, @Nullable Removal<T> tombstone, Change<T> change, Instant keptSince) {
        if (change instanceof Removal<T> removal) {
            return present == null ? bury(tombstone, removal) : remove(present, removal);
        }
        Observed<T> told = ((Upsert<T>) change).told();
        return present == null ? add(tombstone, told, keptSince) : update(present, told);
    }

    /**
     * When an entity ended, which is where its retention begins.
     *
     * @param ended an entity of which {@link Observed#hasEnded()} is true
     * @return a task's {@code stoppedAt}; when it was observed, where ECS tells no time
     */
    public static Instant endedAt(Observed<?> ended) {
        if (ended.value() instanceof Task task && task.stoppedAt() != null) {
            return task.stoppedAt();
        }
        return ended.observedAt();
    }

    private static <T> Decision<T> add(@Nullable Removal<T> tombstone, Observed<T> told, Instant keptSince) {
        if (told.hasEnded() && (endedAt(told).isBefore(keptSince) || isExpiryOf(told, tombstone))) {
            Removal<T> expired = Removal.of(told, told.observedAt(), Removal.Reason.RETENTION);
            return new Decision<>(
                    Outcome.EXPIRED, null, bury(tombstone, expired).tombstone());
        }
        if (tombstone == null || outlives(told, tombstone)) {
            return new Decision<>(Outcome.ADDED, told, null);
        }
        return new Decision<>(Outcome.OUTDATED, null, tombstone);
    }

    private static boolean isExpiryOf(Observed<?> ended, @Nullable Removal<?> tombstone) {
        return tombstone != null
                && tombstone.reason() == Removal.Reason.RETENTION
                && tombstone.version() == ended.version();
    }

    /**
     * Whether what is told stands above a removal. Asked in both directions, so that their order makes no difference.
     */
    private static boolean outlives(Observed<?> told, Removal<?> removal) {
        return told.version() != removal.version()
                ? told.version() > removal.version()
                : told.origin().isApi() && told.observedAt().isAfter(removal.at());
    }

    private static <T> Decision<T> update(Observed<T> present, Observed<T> told) {
        Observed<T> next = describedLast(supersedes(told, present) ? told : present, present, told);
        boolean isFirstAnswer =
                present.describedAt().isEmpty() && next.describedAt().isPresent();
        if (!isFirstAnswer && next.version() == present.version() && Objects.equals(next.value(), present.value())) {
            boolean late = told.version() < present.version();
            return new Decision<>(late ? Outcome.OUTDATED : Outcome.DUPLICATE, present, null);
        }
        boolean later = next.version() > present.version() || next.version() == 0;
        return new Decision<>(later ? Outcome.UPDATED : Outcome.ENRICHED, next, null);
    }

    private static boolean supersedes(Observed<?> told, Observed<?> present) {
        if (told.kind() == EntityKind.TASK
                && told.hasEnded() != present.hasEnded()
                && told.version() >= present.version()) {
            return told.hasEnded();
        }
        if (told.version() != present.version()) {
            return told.version() > present.version();
        }
        return told.origin().isApi()
                && (!present.origin().isApi() || told.observedAt().isAfter(present.observedAt()));
    }

    /** {@code core} with the API-only fields of whichever of the two was described last. */
    private static <T> Observed<T> describedLast(Observed<T> core, Observed<T> present, Observed<T> told) {
        Instant before = present.describedAt().orElse(Instant.MIN);
        Instant now = told.describedAt().orElse(Instant.MIN);
        boolean toldLast = now.equals(before) ? core == told : now.isAfter(before);
        Observed<T> described = toldLast ? told : present;
        if (described == core || described.describedAt().isEmpty()) {
            return core;
        }
        T carried = ApiOnlyFields.carry(core.kind(), core.value(), described.value());
        return core.describedAs(carried, described.describedAt().get());
    }

    private static <T> Decision<T> remove(Observed<T> present, Removal<T> removal) {
        return outlives(present, removal)
                ? new Decision<>(Outcome.OUTDATED, present, null)
                : new Decision<>(Outcome.REMOVED, null, removal);
    }

    /** Remembers the higher of two removals, which is all that the lower one is. */
    private static <T> Decision<T> bury(@Nullable Removal<T> tombstone, Removal<T> removal) {
        return new Decision<>(
                Outcome.DUPLICATE, null, tombstone == null || isHigher(removal, tombstone) ? removal : tombstone);
    }

    private static boolean isHigher(Removal<?> removal, Removal<?> tombstone) {
        return removal.version() != tombstone.version()
                ? removal.version() > tombstone.version()
                : removal.at().isAfter(tombstone.at());
    }
}
