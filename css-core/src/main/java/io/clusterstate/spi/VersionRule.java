package io.clusterstate.spi;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The rule that decides the effect of a change, for every store: a pure function of the stored state and the change.
 *
 * <p>All values that were ever observed for an ARN have an order, and the highest wins. Versions come first. At one
 * version, a stopped task is above a running one, the API above an event, and a later API request above an earlier one.
 *
 * <p>A removal has its place in that order too. It is above all versions before its own. It is also above its own
 * version, except for API answers that were requested after its proof. A single comparison therefore decides whether a
 * removal removes and whether a value revives.
 *
 * <p>It follows that the order and the number of arrivals do not affect the final state (promise 12). Versions never go
 * back (promise 1), and a late event revives nothing (promise 3), while a wrong removal heals.
 *
 * <p><b>API-only fields</b> have an order of their own: the last API answer wins, whatever its version, and events
 * preserve it.
 *
 * <p><b>Retention</b> goes by the clock. An entity that ended too long ago is not accepted. An end whose retention is
 * over does not show again, whatever its source; a later version does, and so does a recreated service or cluster.
 *
 * <p><b>The order of arrival does matter</b> in a few cases, because the rule remembers only the present state:
 *
 * <ul>
 *   <li>A removal forgets the API-only fields until the next API answer.
 *   <li>An API answer that repeats an earlier one is dropped, to save a write. It then does not count against an answer
 *       or a proof that was requested before it and arrives after it.
 *   <li>Of two API answers of one version that were requested at the same instant, the first wins.
 *   <li>STOPPED is terminal: no running task of any version follows a stopped one. ECS never reports such a case; if
 *       two sources disagreed, the first would win.
 * </ul>
 *
 * <p>Thread: pure functions, safe from any thread.
 */
public final class VersionRule {

    private VersionRule() {}

    /**
     * Decides the effect of a change.
     *
     * @param present the stored entity; null if there is none
     * @param tombstone the stored removal; null if there is none, and always null beside {@code present}
     * @param change a change of that ARN
     * @param keptSince the start of the retention; entities that ended earlier are not kept
     * @param <T> the AWS SDK's type of the entity
     * @return the state to keep
     */
    public static <T> Decision<T> decide(
            @Nullable Observed<T> present, @Nullable Removal<T> tombstone, Change<T> change, Instant keptSince) {
        if (change instanceof Removal<T> removal) {
            return present == null ? remember(tombstone, removal) : remove(present, removal);
        }
        Observed<T> incoming = ((Upsert<T>) change).observed();
        return present == null ? add(tombstone, incoming, keptSince) : update(present, incoming);
    }

    /**
     * The time at which an entity ended, where its retention begins.
     *
     * @param ended an entity with {@link Observed#hasEnded()}
     * @return a task's {@code stoppedAt}; the time of observation where ECS reports none
     */
    public static Instant endedAt(Observed<?> ended) {
        if (ended.value() instanceof Task task && task.stoppedAt() != null) {
            return task.stoppedAt();
        }
        return ended.observedAt();
    }

    private static <T> Decision<T> add(@Nullable Removal<T> tombstone, Observed<T> incoming, Instant keptSince) {
        if (incoming.hasEnded() && (endedAt(incoming).isBefore(keptSince) || isExpiryOf(incoming, tombstone))) {
            Removal<T> expired = Removal.of(incoming, incoming.observedAt(), Removal.Reason.RETENTION);
            return new Decision<>(
                    Outcome.EXPIRED, null, remember(tombstone, expired).tombstone());
        }
        if (tombstone == null || outlives(incoming, tombstone)) {
            return new Decision<>(Outcome.ADDED, incoming, null);
        }
        return new Decision<>(Outcome.OUTDATED, null, tombstone);
    }

    private static boolean isExpiryOf(Observed<?> ended, @Nullable Removal<?> tombstone) {
        return tombstone != null
                && tombstone.reason() == Removal.Reason.RETENTION
                && tombstone.version() == ended.version();
    }

    /**
     * Whether a value ranks above a removal. Serves both directions, so that the order of the two makes no difference.
     */
    private static boolean outlives(Observed<?> incoming, Removal<?> removal) {
        return incoming.version() != removal.version()
                ? incoming.version() > removal.version()
                : incoming.origin().isApi() && incoming.observedAt().isAfter(removal.at());
    }

    private static <T> Decision<T> update(Observed<T> present, Observed<T> incoming) {
        Observed<T> next = describedLast(supersedes(incoming, present) ? incoming : present, present, incoming);
        boolean isFirstAnswer =
                present.describedAt().isEmpty() && next.describedAt().isPresent();
        if (!isFirstAnswer && next.version() == present.version() && Objects.equals(next.value(), present.value())) {
            boolean late = incoming.version() < present.version();
            return new Decision<>(late ? Outcome.OUTDATED : Outcome.DUPLICATE, present, null);
        }
        boolean later = next.version() > present.version() || next.version() == 0;
        return new Decision<>(later ? Outcome.UPDATED : Outcome.ENRICHED, next, null);
    }

    private static boolean supersedes(Observed<?> incoming, Observed<?> present) {
        if (incoming.kind() == EntityKind.TASK
                && incoming.hasEnded() != present.hasEnded()
                && incoming.version() >= present.version()) {
            return incoming.hasEnded();
        }
        if (incoming.version() != present.version()) {
            return incoming.version() > present.version();
        }
        return incoming.origin().isApi()
                && (!present.origin().isApi() || incoming.observedAt().isAfter(present.observedAt()));
    }

    /** {@code core} with the API-only fields of whichever value was described last. */
    private static <T> Observed<T> describedLast(Observed<T> core, Observed<T> present, Observed<T> incoming) {
        Instant before = present.describedAt().orElse(Instant.MIN);
        Instant now = incoming.describedAt().orElse(Instant.MIN);
        boolean incomingLast = now.equals(before) ? core == incoming : now.isAfter(before);
        Observed<T> described = incomingLast ? incoming : present;
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

    /** Keeps the higher of two removals, which implies the lower. */
    private static <T> Decision<T> remember(@Nullable Removal<T> tombstone, Removal<T> removal) {
        return new Decision<>(
                Outcome.DUPLICATE, null, tombstone == null || isHigher(removal, tombstone) ? removal : tombstone);
    }

    private static boolean isHigher(Removal<?> removal, Removal<?> tombstone) {
        return removal.version() != tombstone.version()
                ? removal.version() > tombstone.version()
                : removal.at().isAfter(tombstone.at());
    }
}
