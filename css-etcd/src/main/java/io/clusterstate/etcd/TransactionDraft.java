package io.clusterstate.etcd;

import io.clusterstate.Observed;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.Decision;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.VersionRule;
import io.etcd.jetcd.ByteSequence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A transaction in the making: changes, the decisions about them on the present state of the replica, and the puts that
 * follow from these. A draft puts each entity once, as its last change leaves it, and holds as many puts as one
 * transaction takes. A change that does not fit goes into a new draft.
 *
 * <p>Thread: one thread at a time.
 */
final class TransactionDraft {

    /** The decision about a change; the entity has no revision where this draft has put it. */
    private record Verdict(
            Change<?> change, Outcome outcome, @Nullable Observed<?> before, @Nullable Observed<?> after) {}

    /** A put, and the one of the same entity that it has replaced. */
    private record Step(String arn, PlannedPut put, @Nullable PlannedPut replaced) {}

    /** The contents of the draft at the end of a whole request. */
    private record Mark(int verdicts, int steps, boolean needsTerm) {}

    private final Replica replica;
    private final Keys keys;
    private final WriteLimits limits;
    private final Instant now;
    private final RefusalLog refusals;
    private final Map<String, PlannedPut> puts = new LinkedHashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private final List<Verdict> verdicts = new ArrayList<>();
    private int size;
    private boolean needsTerm;
    private @Nullable Mark mark;

    /** An empty draft, whose decisions are made at a moment. */
    TransactionDraft(Replica replica, Keys keys, WriteLimits limits, Instant now, RefusalLog refusals) {
        this.replica = replica;
        this.keys = keys;
        this.limits = limits;
        this.now = now;
        this.refusals = refusals;
    }

    Collection<PlannedPut> puts() {
        return puts.values();
    }

    /** Whether the transaction may only commit in this process's term. */
    boolean needsTerm() {
        return needsTerm;
    }

    /** Whether a change is a removal that only the process that leads may conclude. */
    static boolean needsLeadership(Change<?> change) {
        return change instanceof Removal<?> removal && removal.reason() == Removal.Reason.MISSING;
    }

    /** Decides about a change and adds it; returns false, and adds nothing, if it has to wait for another draft. */
    <T> boolean add(Change<T> change) {
        Entry entry = replica.entry(change.arn());
        PlannedPut own = puts.get(change.arn());
        Observed<T> present = presentIn(entry, own);
        Removal<T> tombstone = tombstoneIn(entry, own);
        Decision<T> decision = VersionRule.decide(present, tombstone, change, now.minus(limits.keepEnded()));
        if (decision.present() == present && isKept(tombstone, decision.tombstone())) {
            verdicts.add(new Verdict(change, decision.outcome(), present, present));
            return true;
        }
        if (own == null && puts.size() >= limits.mostKeys()) {
            return false;
        }
        long expected = own == null ? entry.revision() : own.expectedRevision(); // the replica may have moved on
        PlannedPut put = plan(change, entry, decision, expected);
        if (own != null && !own.key().equals(put.key())) {
            return false;
        }
        String refusal = refusal(put, entry);
        if (refusal != null) {
            refusals.refused(change.arn(), refusal);
            verdicts.add(new Verdict(change, Outcome.REFUSED, present, present));
            return true;
        }
        if (size > 0 && sizeWith(put, own) > limits.largestRequest()) {
            return false;
        }
        refusals.accepted(change.arn());
        verdicts.add(new Verdict(change, decision.outcome(), present, put.present()));
        add(change.arn(), put, own);
        needsTerm |= needsLeadership(change);
        return true;
    }

    /** Whether a tombstone need not be written again; ECS reports an end whose retention is over again and again. */
    private static boolean isKept(@Nullable Removal<?> kept, @Nullable Removal<?> decided) {
        boolean isSameEnd = kept != null
                && decided != null
                && kept.reason() == Removal.Reason.RETENTION
                && decided.reason() == Removal.Reason.RETENTION
                && kept.version() == decided.version();
        return isSameEnd || Objects.equals(kept, decided);
    }

    private void add(String arn, PlannedPut put, @Nullable PlannedPut own) {
        size = sizeWith(put, own);
        puts.put(arn, put);
        steps.add(new Step(arn, put, own));
    }

    private int sizeWith(PlannedPut put, @Nullable PlannedPut own) {
        return size + put.size() - (own == null ? 0 : own.size());
    }

    private PlannedPut plan(Change<?> change, Entry entry, Decision<?> decision, long expected) {
        Observed<?> present = decision.present();
        if (present != null) {
            ByteSequence key = keys.entity(present.kind(), present.clusterArn(), present.arn());
            return PlannedPut.of(key, expected, present);
        }
        Removal<?> gone =
                Objects.requireNonNull(decision.tombstone(), "decision: empty (expected: an entity or a tombstone)");
        Observed<?> before = entry.present();
        String cluster = before == null ? gone.clusterArn() : before.clusterArn();
        ByteSequence key = keys.entity(gone.kind(), cluster, change.arn());
        return PlannedPut.of(key, expected, gone, now.plus(limits.keepTombstones()));
    }

    private @Nullable String refusal(PlannedPut put, Entry entry) {
        if (entry.isLater()) {
            return "a later version of the library wrote it (expected: this version or an earlier one)";
        }
        return put.value().size() > limits.largestValue()
                ? put.value().size() + " bytes (expected: at most " + limits.largestValue() + ")"
                : null;
    }

    /** Marks the end of a whole request. */
    void mark() {
        mark = new Mark(verdicts.size(), steps.size(), needsTerm);
    }

    /** Removes the changes after the last mark, if there is one. */
    void rollBack() {
        Mark last = mark;
        if (last != null) {
            verdicts.subList(last.verdicts(), verdicts.size()).clear();
            while (steps.size() > last.steps()) {
                undo(steps.remove(steps.size() - 1));
            }
            needsTerm = last.needsTerm();
        }
    }

    private void undo(Step step) {
        PlannedPut replaced = step.replaced();
        if (replaced == null) {
            puts.remove(step.arn());
            size -= step.put().size();
        } else {
            puts.put(step.arn(), replaced);
            size += replaced.size() - step.put().size();
        }
    }

    /**
     * The outcomes of the changes.
     *
     * @param revision the revision of the transaction; without one, that of the replica
     */
    List<Applied> applied(long revision) {
        return verdicts.stream()
                .map(verdict -> new Applied(
                        verdict.change(),
                        verdict.outcome(),
                        atRevision(verdict.before(), revision),
                        atRevision(verdict.after(), revision),
                        revision))
                .toList();
    }

    private static @Nullable Observed<?> atRevision(@Nullable Observed<?> observed, long revision) {
        return observed == null || observed.revision() > 0 ? observed : observed.at(revision);
    }

    @SuppressWarnings("unchecked") // an ARN has one kind
    private static <T> @Nullable Observed<T> presentIn(Entry entry, @Nullable PlannedPut own) {
        return (Observed<T>) (own == null ? entry.present() : own.present());
    }

    @SuppressWarnings("unchecked") // an ARN has one kind
    private <T> @Nullable Removal<T> tombstoneIn(Entry entry, @Nullable PlannedPut own) {
        return (Removal<T>) (own == null ? entry.tombstoneAt(now) : own.tombstone());
    }
}
