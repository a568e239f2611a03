package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.internal.ecs.Home;
import io.clusterstate.internal.event.ParsedBody;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.Upsert;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * Decides what is to be done with an event: whether it is about what the mirror follows, and whether it can be believed
 * as it stands.
 *
 * <p>An event is evidence of its own time, not of its receipt: out of an archive or a dead-letter queue it may come
 * days late. One about an entity that the view does not have, older than what is confirmed of its cluster, is a hint.
 *
 * <p>Thread: safe for any thread.
 */
final class EventTriage {

    /** What is to be done with an event. */
    sealed interface Verdict {

        /** The change is to be applied. */
        record Apply(Upsert<?> upsert) implements Verdict {}

        /**
         * ECS is to be asked about the entity.
         *
         * @param isOfThePast whether the event is older than what is confirmed of the cluster
         */
        record Describe(EntityKind<?> kind, String clusterArn, String arn, boolean isOfThePast) implements Verdict {}

        /** The event is settled without an effect. */
        record PassOver(DeliveryOutcome outcome, String why) implements Verdict {}

        /** The event cannot be understood. */
        record Reject(String reason) implements Verdict {}
    }

    private final Selection selection;
    private final StateStore store;
    private final Function<String, Optional<Instant>> confirmedUpTo;

    /**
     * A triage.
     *
     * @param store has what is known
     * @param confirmedUpTo up to when ECS has confirmed a cluster, by its ARN; a moment of ECS's clock, as events carry
     *     it
     */
    EventTriage(Selection selection, StateStore store, Function<String, Optional<Instant>> confirmedUpTo) {
        this.selection = selection;
        this.store = store;
        this.confirmedUpTo = confirmedUpTo;
    }

    Verdict judge(ParsedBody reading) {
        if (reading instanceof ParsedBody.StateChange stateChange) {
            return judge(stateChange);
        }
        if (reading instanceof ParsedBody.Hint hint) {
            return describe(hint.kind(), hint.clusterArn(), hint.arn());
        }
        if (reading instanceof ParsedBody.Notice notice) {
            return describe(EntityKind.SERVICE, notice.clusterArn(), notice.serviceArn());
        }
        if (reading instanceof ParsedBody.Unreadable unreadable) {
            return new Verdict.Reject(unreadable.reason());
        }
        if (reading instanceof ParsedBody.Unconfirmed unconfirmed) {
            return new Verdict.Reject(unconfirmed.reason());
        }
        return new Verdict.PassOver(DeliveryOutcome.IRRELEVANT, reading.toString());
    }

    private Verdict judge(ParsedBody.StateChange stateChange) {
        Observed<?> observed = stateChange.upsert().observed();
        Verdict verdict = describe(observed.kind(), Optional.of(observed.clusterArn()), observed.arn());
        if (!(verdict instanceof Verdict.Describe)) {
            return verdict;
        }
        return !observed.hasEnded() && isUnknown(observed) && isOfThePast(stateChange)
                ? new Verdict.Describe(observed.kind(), observed.clusterArn(), observed.arn(), true)
                : new Verdict.Apply(stateChange.upsert());
    }

    private Verdict describe(EntityKind<?> kind, Optional<String> clusterArn, String arn) {
        if (!selection.home().includes(arn)
                || clusterArn
                        .filter(cluster -> !selection.home().includes(cluster))
                        .isPresent()) {
            return new Verdict.PassOver(DeliveryOutcome.FOREIGN, Home.prefixOf(clusterArn.orElse(arn)));
        }
        Optional<String> cluster = clusterArn.or(() -> clusterOf(kind, arn));
        if (cluster.isEmpty()) {
            return new Verdict.Reject(kind + ": " + arn + " (expected: its cluster's ARN, too)");
        }
        return selection.includes(kind, cluster.get())
                ? new Verdict.Describe(kind, cluster.get(), arn, false)
                : new Verdict.PassOver(DeliveryOutcome.IRRELEVANT, cluster.get());
    }

    /** Where an entity lives of which an event carries only its ARN, if that is known. */
    private Optional<String> clusterOf(EntityKind<?> kind, String arn) {
        return store.snapshot().observed(kind, arn).map(Observed::clusterArn);
    }

    private boolean isUnknown(Observed<?> observed) {
        return store.snapshot().observed(observed.kind(), observed.arn()).isEmpty();
    }

    private boolean isOfThePast(ParsedBody.StateChange stateChange) {
        return stateChange.isReplay()
                || stateChange
                        .happenedAt()
                        .flatMap(at -> confirmedUpTo
                                .apply(stateChange.upsert().observed().clusterArn())
                                .filter(at::isBefore))
                        .isPresent();
    }
}
