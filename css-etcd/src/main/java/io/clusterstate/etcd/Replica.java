package io.clusterstate.etcd;

import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.SnapshotEditor;
import io.clusterstate.spi.Upsert;
import io.clusterstate.spi.VersionRule;
import io.etcd.jetcd.ByteSequence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process has of the state in etcd: made from nothing but what etcd tells, in the order of its revisions, so
 * that all processes pass through the same states. Each batch publishes the next snapshot.
 *
 * <p>The revision of a snapshot is that of the last key of an entity in it, so that it means the same in every process.
 *
 * <p>Thread: one thread follows; any may read and wait.
 */
final class Replica {

    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

    /** An entity that has ended, in the order of the ends. */
    private record End(Instant at, String arn) implements Comparable<End> {

        @Override
        public int compareTo(End other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : arn.compareTo(other.arn);
        }
    }

    private final Keys keys;
    private final ChangeJournal journal;
    private final Map<String, Entry> cells = new ConcurrentHashMap<>();
    private final NavigableSet<End> ends = new ConcurrentSkipListSet<>();
    private final Confirmations confirmations = new Confirmations();
    private final Set<String> unreadable = ConcurrentHashMap.newKeySet();
    private final List<Runnable> hooks = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    /** The revision from which on this is a state that can be shown; negative before the first load. */
    private volatile long loadedFrom = -1;

    private volatile long upTo;
    private volatile long leader;
    /** How many writes the last one was; by it a write that was not told is noticed. */
    private long writes;

    Replica(Keys keys, ChangeJournal journal) {
        this.keys = keys;
        this.journal = journal;
    }

    ChangeJournal journal() {
        return journal;
    }

    Confirmation confirmation() {
        return confirmations.now();
    }

    /** The revision at which the one that leads has become that; 0 if nobody does. */
    long leader() {
        return leader;
    }

    /** Whether it has all that there was when it was first loaded. */
    boolean isLoaded() {
        long from = loadedFrom;
        return from >= 0 && upTo >= from;
    }

    /** Up to which revision of etcd everything is in. */
    long upTo() {
        return upTo;
    }

    /** How many entities have a value that cannot be read. */
    int unreadable() {
        return unreadable.size();
    }

    Entry cell(String arn) {
        return cells.getOrDefault(arn, Entry.NONE);
    }

    /** What had ended by a moment, the earliest first. */
    List<Observed<?>> endedBy(Instant moment) {
        List<Observed<?>> due = new ArrayList<>();
        for (End end : ends) {
            if (end.at().isAfter(moment)) {
                break;
            }
            Observed<?> present = cell(end.arn()).present();
            if (present != null) {
                due.add(present);
            }
        }
        return due;
    }

    /** Runs something when the leader or what is confirmed has moved; must be quick. */
    void afterMove(Runnable hook) {
        hooks.add(hook);
    }

    /** Waits until a revision is in; returns whether it is, and not if time is up first. */
    boolean awaitUpTo(long revision, long deadline) throws InterruptedException {
        if (upTo >= revision) {
            return true;
        }
        lock.lockInterruptibly();
        try {
            long left = deadline - System.nanoTime();
            while (upTo < revision && left > 0) {
                left = advanced.awaitNanos(left);
            }
            return upTo >= revision;
        } finally {
            lock.unlock();
        }
    }

    /** Begins to take in all that there is, in place of what is known. */
    Load load() {
        return new Load();
    }

    /**
     * Takes in what a watch tells.
     *
     * @throws LostTrackException if not all was told; then it is to be loaded again
     */
    void follow(List<KeyUpdate> told) throws LostTrackException {
        Batch batch = new Batch(false);
        long reached = upTo;
        for (KeyUpdate each : told) {
            if (each.revision() > upTo) {
                batch.add(each);
                reached = Math.max(reached, each.revision());
            }
        }
        batch.publish(reached);
    }

    private void reached(long revision) {
        lock.lock();
        try {
            upTo = Math.max(upTo, revision);
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** One batch, worked out first and then published at once, or not at all if it fails. */
    private final class Batch {

        /** Whether it tells the whole state, and not what became of it. */
        private final boolean isWhole;

        private final Map<String, Entry> changed = new HashMap<>();
        private final List<Applied> applied = new ArrayList<>();
        private final List<Runnable> confirmed = new ArrayList<>();
        private boolean tellsList;
        private long label;
        private long newWrites;
        private long newLeader;

        Batch(boolean isWhole) {
            this.isWhole = isWhole;
            if (isWhole) {
                confirmed.add(confirmations::clear);
            } else {
                newWrites = writes;
                newLeader = leader;
            }
        }

        void add(KeyUpdate told) throws LostTrackException {
            switch (keys.kindOf(told.key())) {
                case ENTITY -> addEntity(keys.arnOf(told.key()), told);
                case HEAD -> count(told);
                case LEADER -> newLeader = told.created();
                case LIST -> addList(told);
                case CLUSTER -> addCluster(keys.arnOf(told.key()), told.value());
                case UNKNOWN -> LOG.debug("{}: not a key of ours", told.key());
            }
        }

        /** Every write puts the head, so that its version tells whether one was left out. */
        private void count(KeyUpdate head) throws LostTrackException {
            if (!isWhole && head.version() != newWrites + 1) {
                throw new LostTrackException(
                        "the watch told of write " + head.version() + " after write " + newWrites, false);
            }
            newWrites = head.version();
        }

        private void addList(KeyUpdate told) throws LostTrackException {
            ByteSequence value = told.value();
            if (value == null) {
                throw new LostTrackException("emptied by another hand at revision " + told.revision(), true);
            }
            tellsList = true;
            confirmed.add(() -> confirmations.list(value.getBytes()));
        }

        private void addCluster(String arn, @Nullable ByteSequence value) {
            confirmed.add(
                    value == null ? () -> confirmations.gone(arn) : () -> confirmations.cluster(arn, value.getBytes()));
        }

        void addEntity(String arn, KeyUpdate told) {
            Entry before = changed.getOrDefault(arn, cell(arn));
            ByteSequence value = told.value();
            if (value == null) {
                forget(arn, before, told.revision());
                return;
            }
            label = Math.max(label, told.revision());
            StoredValue stored = ValueFormat.read(value.getBytes(), told.revision());
            if (stored instanceof StoredValue.Present now) {
                show(arn, before, now.observed(), told.revision());
            } else if (stored instanceof StoredValue.Tombstone gone) {
                hide(before, gone.removal(), told.revision());
                changed.put(arn, Entry.of(gone, told.revision()));
            } else if (stored instanceof StoredValue.Unreadable strange) {
                LOG.warn("{}: cannot be read, what was known of it stands: {}", told.key(), strange.why());
                changed.put(arn, before.unreadable(told.revision(), strange.isLater()));
                unreadable.add(arn);
                return;
            }
            unreadable.remove(arn);
        }

        private <T> void show(String arn, Entry cell, Observed<T> now, long revision) {
            @SuppressWarnings("unchecked") // an ARN has one kind
            Observed<T> before = (Observed<T>) cell.present();
            if (before != null && now.version() < before.version()) {
                LOG.warn("{}: stands in etcd at a lower version than was shown, which stands: {}", before, now);
                changed.put(arn, Entry.of(before, revision));
                return;
            }
            changed.put(arn, Entry.of(now, revision));
            applied.add(new Applied(new Upsert<>(now), outcome(before, now), before, now, revision));
        }

        private static Outcome outcome(@Nullable Observed<?> before, Observed<?> now) {
            if (before == null) {
                return Outcome.ADDED;
            }
            boolean isLater = now.version() > before.version() || now.version() == 0;
            return isLater ? Outcome.UPDATED : Outcome.ENRICHED;
        }

        private void hide(Entry cell, Removal<?> removal, long revision) {
            Observed<?> before = cell.present();
            if (before != null) {
                applied.add(new Applied(removal, Outcome.REMOVED, before, null, revision));
            }
        }

        /** A key is gone: its lease has ended, or somebody has deleted it. */
        void forget(String arn, Entry before, long revision) {
            Observed<?> present = before.present();
            if (present != null) {
                Removal.Reason reason = present.hasEnded() ? Removal.Reason.RETENTION : Removal.Reason.MISSING;
                hide(before, Removal.of(present, present.observedAt(), reason), revision);
                label = Math.max(label, revision);
            }
            changed.put(arn, Entry.NONE);
            unreadable.remove(arn);
        }

        /** Makes all of it known; {@code reached} is the revision up to which it tells. */
        void publish(long reached) {
            boolean hasMoved = newLeader != leader;
            boolean wasLoaded = isLoaded();
            long shown = journal.snapshot().revision();
            long next = applied.isEmpty() ? label : Math.max(label, shown + 1);
            Snapshot after = next > shown ? snapshotAt(next) : journal.snapshot();
            if (next > shown && isWhole) {
                journal.restart(after, applied.size());
            } else if (next > shown) {
                journal.publish(after, applied);
            }
            changed.forEach(this::keep); // then, so that whoever decides upon them finds them shown
            confirmed.forEach(Runnable::run);
            hasMoved |= confirmations.publish();
            writes = newWrites;
            leader = newLeader;
            reached(reached);
            if (hasMoved || wasLoaded != isLoaded()) {
                hooks.forEach(Runnable::run);
            }
        }

        private Snapshot snapshotAt(long revision) {
            SnapshotEditor editor = SnapshotEditor.of(journal.snapshot());
            List<Observed<?>> put = new ArrayList<>();
            changed.forEach((arn, now) -> {
                Observed<?> before = cell(arn).present();
                Observed<?> present = now.present();
                if (present != null && present != before) {
                    put.add(present);
                } else if (present == null && before != null) {
                    editor.remove(before.kind(), arn);
                }
            });
            return editor.putAll(put).toSnapshot(revision);
        }

        private void keep(String arn, Entry now) {
            Observed<?> before = cell(arn).present();
            Observed<?> present = now.present();
            if (before != null && before.hasEnded()) {
                ends.remove(endOf(before));
            }
            if (present != null && present.hasEnded()) {
                ends.add(endOf(present));
            }
            if (now.equals(Entry.NONE)) {
                cells.remove(arn);
            } else {
                cells.put(arn, now);
            }
        }

        private static End endOf(Observed<?> ended) {
            return new End(VersionRule.endedAt(ended), ended.arn());
        }
    }

    /** All that there is at one revision, page by page. Values that are known are not read again. */
    final class Load {

        private final Batch batch = new Batch(true);
        private final Set<String> seen = new HashSet<>();

        void add(List<KeyUpdate> page) throws LostTrackException {
            for (KeyUpdate each : page) {
                if (keys.kindOf(each.key()) != Keys.Kind.ENTITY) {
                    batch.add(each);
                    continue;
                }
                String arn = keys.arnOf(each.key());
                seen.add(arn);
                if (cell(arn).revision() == each.revision()) {
                    batch.label = Math.max(batch.label, each.revision());
                } else {
                    batch.addEntity(arn, each);
                }
            }
        }

        /**
         * Makes it known, with what is gone.
         *
         * @param revision at which all pages were read
         * @param head the last write that there was when that began
         * @throws LostTrackException if more is known already
         */
        void publish(long revision, long head) throws LostTrackException {
            if (revision < upTo) {
                throw LostTrackException.wentBack(revision, upTo);
            }
            for (String arn : Set.copyOf(cells.keySet())) {
                if (!seen.contains(arn)) {
                    batch.forget(arn, cell(arn), revision);
                }
            }
            if (isLoaded() && confirmation().isLoaded() && !batch.tellsList) {
                throw new LostTrackException("emptied by another hand before revision " + revision, true);
            }
            loadedFrom = head;
            batch.publish(revision);
            hooks.forEach(Runnable::run);
        }
    }
}
