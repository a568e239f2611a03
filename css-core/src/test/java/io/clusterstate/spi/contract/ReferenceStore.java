package io.clusterstate.spi.contract;

import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Coordination;
import io.clusterstate.spi.Decision;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.SnapshotEditor;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.StateStoreException;
import io.clusterstate.spi.VersionRule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The plainest store that keeps the contract: a map under a lock. Tests of the mirror run on it, and the flawed stores
 * on which the contract is tried differ from it in one place each.
 */
public class ReferenceStore implements StateStore {

    /** The entity, or its tombstone with the moment until which that is remembered. */
    private record Entry(Observed<?> present, Removal<?> tombstone, Instant until) {}

    private final Map<String, Entry> cells = new HashMap<>();
    private final InstantSource clock;
    private final Duration keepEnded;
    private final Duration keepTombstones;
    private final ChangeJournal journal;
    private boolean isClosed;
    private Coordination coordination;
    private int failuresLeft;

    /** A store that keeps ended entities for an hour and tombstones for a day. */
    public ReferenceStore() {
        this(InstantSource.system(), Duration.ofHours(1), Duration.ofDays(1));
    }

    /**
     * A store.
     *
     * @param clock by which ends are judged
     * @param keepEnded how long ended entities are kept
     * @param keepTombstones how long removals are remembered
     */
    public ReferenceStore(InstantSource clock, Duration keepEnded, Duration keepTombstones) {
        this(clock, keepEnded, keepTombstones, new ChangeJournal());
    }

    /**
     * A store.
     *
     * @param clock by which ends are judged
     * @param keepEnded how long ended entities are kept
     * @param keepTombstones how long removals are remembered
     * @param journal where it publishes
     */
    public ReferenceStore(InstantSource clock, Duration keepEnded, Duration keepTombstones, ChangeJournal journal) {
        this.journal = journal;
        this.clock = clock;
        this.keepEnded = keepEnded;
        this.keepTombstones = keepTombstones;
    }

    /**
     * Says that it is shared, though it is only within this process.
     *
     * @param with what it says of others
     * @return this
     */
    public synchronized ReferenceStore shared(Coordination with) {
        coordination = with;
        return this;
    }

    /**
     * Fails the next calls of {@link #apply}.
     *
     * @param calls how many
     */
    public synchronized void failNext(int calls) {
        failuresLeft = calls;
    }

    /**
     * How many calls of {@link #apply} are still to fail.
     *
     * @return the number
     */
    public synchronized int failuresLeft() {
        return failuresLeft;
    }

    @Override
    public synchronized List<Applied> apply(List<? extends Change<?>> changes) {
        return applyOn(snapshot(), changes);
    }

    @Override
    public ChangeJournal journal() {
        return journal;
    }

    @Override
    public synchronized List<Applied> expire() {
        Instant now = clock.instant();
        cells.values()
                .removeIf(cell -> cell.tombstone() != null && !cell.until().isAfter(now));
        List<Change<?>> removals = new ArrayList<>();
        for (Entry cell : cells.values()) {
            Observed<?> entity = cell.present();
            if (entity != null
                    && entity.hasEnded()
                    && !VersionRule.endedAt(entity).plus(keepEnded).isAfter(now)) {
                removals.add(Removal.of(entity, entity.observedAt(), Removal.Reason.RETENTION));
            }
        }
        return apply(removals);
    }

    @Override
    public synchronized Optional<Coordination> coordination() {
        return Optional.ofNullable(coordination);
    }

    @Override
    public synchronized void close() {
        isClosed = true;
    }

    /** Takes a batch in, and publishes it on top of a snapshot. */
    protected final synchronized List<Applied> applyOn(Snapshot base, List<? extends Change<?>> changes) {
        requireWorking();
        SnapshotEditor editor = SnapshotEditor.of(base);
        long revision = base.revision();
        List<Applied> applied = new ArrayList<>();
        for (Change<?> change : changes) {
            Applied each = applyOne(change, nextRevision(revision), editor);
            revision = each.outcome().hasEffect() ? nextRevision(revision) : revision;
            applied.add(each);
        }
        publish(editor.toSnapshot(revision), applied);
        return applied;
    }

    /** Publishes what a batch came to, if it had an effect. */
    protected void publish(Snapshot after, List<Applied> applied) {
        if (applied.stream().anyMatch(each -> each.outcome().hasEffect())) {
            journal.publish(after, applied);
        }
    }

    /** What the rule says. */
    protected <T> Decision<T> decide(Observed<T> present, Removal<T> tombstone, Change<T> change, Instant keptSince) {
        return VersionRule.decide(present, tombstone, change, keptSince);
    }

    /** The revision of the change after one. */
    protected long nextRevision(long revision) {
        return revision + 1;
    }

    private void requireWorking() {
        if (isClosed) {
            throw new IllegalStateException("reference store: closed (expected: open)");
        }
        if (failuresLeft > 0) {
            failuresLeft--;
            throw new StateStoreException("apply: told to fail", new IllegalStateException("by the test"));
        }
    }

    @SuppressWarnings("unchecked") // an ARN has one kind
    private <T> Applied applyOne(Change<T> change, long revision, SnapshotEditor editor) {
        Entry cell = cells.getOrDefault(change.arn(), new Entry(null, null, null));
        Observed<T> before = (Observed<T>) cell.present();
        Removal<T> tombstone = (Removal<T>) cell.tombstone();
        Decision<T> decision = decide(before, tombstone, change, clock.instant().minus(keepEnded));
        Observed<T> after = decision.present();
        if (decision.outcome().hasEffect() && after != null) {
            after = after.at(revision);
            editor.put(after);
        } else if (decision.outcome().hasEffect()) {
            editor.remove(change.kind(), change.arn());
        }
        Instant until = Objects.equals(decision.tombstone(), tombstone)
                ? cell.until()
                : clock.instant().plus(keepTombstones);
        cells.put(change.arn(), new Entry(after, decision.tombstone(), until));
        return new Applied(change, decision.outcome(), before, after, revision);
    }
}
