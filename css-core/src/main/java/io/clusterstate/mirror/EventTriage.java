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
 * Decides how to process an event: whether it concerns the selected clusters and kinds, and whether its state counts.
 *
 * <p>An event is evidence of its own time, not of its receipt: from an archive or a dead-letter queue it may arrive
 * days late. An event about an entity that the view lacks is therefore only a hint if it is older than the confirmation
 * of its cluster.
 *
 * <p>Thread: safe for any thread.
 */
final class EventTriage {

    /** The decision about an event. */
    sealed interface Verdict {

        /** The store applies the change. */
        record Apply(Upsert<?> upsert) implements Verdict {}

        /**
         * ECS has to describe the entity.
         *
         * @param isOfThePast whether the event is older than the confirmation of the cluster
         */
        record Describe(EntityKind<?> kind, String clusterArn, String arn, boolean isOfThePast) implements Verdict {}

        /** The consumer settles the event without an effect. */
        record PassOver(DeliveryOutcome outcome, String why) implements Verdict {}

        /** The event is unreadable. */
        record Reject(String reason) implements Verdict {}
    }

    private final Selection selection;
    private final StateStore store;
    private final Function<String, Optional<Instant>> confirmedUpTo;

    /**
     * A triage by the present state of a store.
     *
     * @param store the known state
     * @param confirmedUpTo by the ARN of a cluster, the time up to which ECS has confirmed it, by ECS's clock, as
     *     events carry it
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
            return new Verdict.Reject(kind + ": " + arn + " (expected: an event that also carries its cluster's ARN)");
        }
        return selection.includes(kind, cluster.get())
                ? new Verdict.Describe(kind, cluster.get(), arn, false)
                : new Verdict.PassOver(DeliveryOutcome.IRRELEVANT, cluster.get());
    }

    /** The cluster of an entity whose event carries only its own ARN, if the store has the entity. */
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
