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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Some changes, decided upon what is known at this moment, and what one transaction has to put to make them so. It
 * holds each entity once, and no more than fits into a transaction; who is told that a change does not fit begins
 * another.
 *
 * <p>Thread: one thread at a time.
 */
final class TransactionDraft {

    /** What was decided about a change; the entity before and after have no revision where this draft has put them. */
    private record Verdict(
            Change<?> change, Outcome outcome, @Nullable Observed<?> before, @Nullable Observed<?> after) {}

    private static final Logger LOG = LoggerFactory.getLogger(TransactionDraft.class);

    private final Replica replica;
    private final Keys keys;
    private final WriteLimits limits;
    private final Instant now;
    private final Map<String, PlannedPut> written = new LinkedHashMap<>();
    private final List<Verdict> verdicts = new ArrayList<>();
    private int size;
    private boolean needsTerm;
    private int markedVerdicts;
    private int markedSize;
    private boolean markedNeed;
    private int markedWritten;
    private boolean isMarked;

    /** An empty draft of what is decided at a moment. */
    TransactionDraft(Replica replica, Keys keys, WriteLimits limits, Instant now) {
        this.replica = replica;
        this.keys = keys;
        this.limits = limits;
        this.now = now;
    }

    Collection<PlannedPut> written() {
        return written.values();
    }

    /** Whether it has to take effect in the term of this process or not at all. */
    boolean needsTerm() {
        return needsTerm;
    }

    /** Whether a change is a removal that only the one who leads may conclude. */
    static boolean isLeadersOwn(Change<?> change) {
        return change instanceof Removal<?> removal && removal.reason() == Removal.Reason.MISSING;
    }

    /** Decides about a change; returns false, and forgets it, if it has to wait for another draft. */
    <T> boolean admits(Change<T> change) {
        Entry cell = replica.cell(change.arn());
        PlannedPut mine = written.get(change.arn());
        Observed<T> present = presentIn(cell, mine);
        Removal<T> tombstone = tombstoneIn(cell, mine);
        Decision<T> decision = VersionRule.decide(present, tombstone, change, now.minus(limits.keepEnded()));
        if (decision.present() == present && isAsGood(tombstone, decision.tombstone())) {
            verdicts.add(new Verdict(change, decision.outcome(), present, present));
            return true;
        }
        if (mine != null || written.size() >= limits.mostKeys()) {
            return false;
        }
        PlannedPut next = written(change, cell, decision);
        String refusal = refusal(next, cell);
        if (refusal != null) {
            LOG.warn("{}: is not kept, what was known stands: {}", change.arn(), refusal);
            verdicts.add(new Verdict(change, Outcome.REFUSED, present, present));
            return true;
        }
        if (size > 0 && size + next.size() > limits.largestRequest()) {
            return false;
        }
        put(change, decision, present, next);
        return true;
    }

    /**
     * Whether what is remembered of a removal need not be written again. An end that expired is told of over and over.
     */
    private static boolean isAsGood(@Nullable Removal<?> kept, @Nullable Removal<?> decided) {
        boolean isSameEnd = kept != null
                && decided != null
                && kept.reason() == Removal.Reason.RETENTION
                && decided.reason() == Removal.Reason.RETENTION
                && kept.version() == decided.version();
        return isSameEnd || Objects.equals(kept, decided);
    }

    private <T> void put(Change<T> change, Decision<T> decision, @Nullable Observed<T> before, PlannedPut next) {
        written.put(change.arn(), next);
        size += next.size();
        needsTerm |= isLeadersOwn(change);
        verdicts.add(new Verdict(change, decision.outcome(), before, next.present()));
    }

    private PlannedPut written(Change<?> change, Entry cell, Decision<?> decision) {
        Observed<?> present = decision.present();
        ByteSequence key;
        if (present != null) {
            Observed<?> unplaced = present.at(0);
            key = keys.entity(present.kind(), present.clusterArn(), present.arn());
            PlannedPut.Keep keep = present.hasEnded() ? PlannedPut.Keep.ENDED : PlannedPut.Keep.FOR_EVER;
            return new PlannedPut(
                    key, cell.revision(), ByteSequence.from(ValueFormat.write(unplaced)), keep, unplaced, null);
        }
        Removal<?> gone = Objects.requireNonNull(decision.tombstone(), "neither there nor gone");
        Observed<?> before = cell.present();
        key = keys.entity(gone.kind(), before == null ? gone.clusterArn() : before.clusterArn(), change.arn());
        ByteSequence value = ByteSequence.from(ValueFormat.write(gone, now.plus(limits.keepTombstones())));
        return new PlannedPut(key, cell.revision(), value, PlannedPut.Keep.TOMBSTONE, null, gone);
    }

    private @Nullable String refusal(PlannedPut next, Entry cell) {
        if (cell.isLater()) {
            return "a later version of the library wrote it (expected: to be written by this one or an earlier one)";
        }
        return next.value().size() > limits.largestValue()
                ? next.value().size() + " bytes (expected: at most " + limits.largestValue() + ")"
                : null;
    }

    /** What is in it by now belongs to changes that are in it as a whole. */
    void mark() {
        isMarked = true;
        markedSize = size;
        markedNeed = needsTerm;
        markedVerdicts = verdicts.size();
        markedWritten = written.size();
    }

    /** Takes out what came after the mark, if there is one. */
    void takeBack() {
        if (isMarked) {
            verdicts.subList(markedVerdicts, verdicts.size()).clear();
            List<String> later = List.copyOf(written.keySet()).subList(markedWritten, written.size());
            later.forEach(written::remove);
            size = markedSize;
            needsTerm = markedNeed;
        }
    }

    /**
     * What the changes came to; {@code revision} is that of the transaction, or, if there was none, of what is known.
     */
    List<Applied> applied(long revision) {
        return verdicts.stream()
                .map(verdict -> new Applied(
                        verdict.change(),
                        verdict.outcome(),
                        placed(verdict.before(), revision),
                        placed(verdict.after(), revision),
                        revision))
                .toList();
    }

    private static @Nullable Observed<?> placed(@Nullable Observed<?> observed, long revision) {
        return observed == null || observed.revision() > 0 ? observed : observed.at(revision);
    }

    @SuppressWarnings("unchecked") // an ARN has one kind
    private static <T> @Nullable Observed<T> presentIn(Entry cell, @Nullable PlannedPut mine) {
        return (Observed<T>) (mine == null ? cell.present() : mine.present());
    }

    @SuppressWarnings("unchecked") // an ARN has one kind
    private <T> @Nullable Removal<T> tombstoneIn(Entry cell, @Nullable PlannedPut mine) {
        return (Removal<T>) (mine == null ? cell.tombstoneAt(now) : mine.tombstone());
    }
}
