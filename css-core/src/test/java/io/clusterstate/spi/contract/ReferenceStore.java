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
 * The simplest store that keeps the contract: a map under a lock. Tests of the mirror use it. Each flawed store, on
 * which the contract itself is tested, differs from it in one place.
 */
public class ReferenceStore implements StateStore {

    /** The entity, or its tombstone with the moment until which the store remembers it. */
    private record Entry(Observed<?> present, Removal<?> tombstone, Instant until) {}

    private final Map<String, Entry> cells = new HashMap<>();
    private final InstantSource clock;
    private final Duration keepEnded;
    private final Duration keepTombstones;
    private final ChangeJournal journal;
    private boolean isClosed;
    private Coordination coordination;
    private int failuresLeft;

    /** Creates a store that keeps ended entities for an hour and tombstones for a day. */
    public ReferenceStore() {
        this(InstantSource.system(), Duration.ofHours(1), Duration.ofDays(1));
    }

    /**
     * Creates a store.
     *
     * @param clock the clock for retentions
     * @param keepEnded the retention of ended entities
     * @param keepTombstones the retention of tombstones
     */
    public ReferenceStore(InstantSource clock, Duration keepEnded, Duration keepTombstones) {
        this(clock, keepEnded, keepTombstones, new ChangeJournal());
    }

    /**
     * Creates a store.
     *
     * @param clock the clock for retentions
     * @param keepEnded the retention of ended entities
     * @param keepTombstones the retention of tombstones
     * @param journal the journal to publish in
     */
    public ReferenceStore(InstantSource clock, Duration keepEnded, Duration keepTombstones, ChangeJournal journal) {
        this.journal = journal;
        this.clock = clock;
        this.keepEnded = keepEnded;
        this.keepTombstones = keepTombstones;
    }

    /**
     * Makes the store appear shared, although it exists only in this process.
     *
     * @param with the coordination that it reports
     * @return this
     */
    public synchronized ReferenceStore shared(Coordination with) {
        coordination = with;
        return this;
    }

    /**
     * Makes the next calls of {@link #apply} fail.
     *
     * @param calls the number of calls
     */
    public synchronized void failNext(int calls) {
        failuresLeft = calls;
    }

    /**
     * The number of calls of {@link #apply} that will still fail.
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

    /** Applies a batch, and publishes it on top of a snapshot. */
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

    /** Publishes a batch, if it had an effect. */
    protected void publish(Snapshot after, List<Applied> applied) {
        if (applied.stream().anyMatch(each -> each.outcome().hasEffect())) {
            journal.publish(after, applied);
        }
    }

    /** Decides by the version rule. */
    protected <T> Decision<T> decide(Observed<T> present, Removal<T> tombstone, Change<T> change, Instant keptSince) {
        return VersionRule.decide(present, tombstone, change, keptSince);
    }

    /** The revision of the next change. */
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
            editor.remove((Removal<T>) change);
        }
        Instant until = Objects.equals(decision.tombstone(), tombstone)
                ? cell.until()
                : clock.instant().plus(keepTombstones);
        cells.put(change.arn(), new Entry(after, decision.tombstone(), until));
        return new Applied(change, decision.outcome(), before, after, revision);
    }
}
