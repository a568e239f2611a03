package io.clusterstate.etcd;

import io.clusterstate.Observed;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Confirmation;
import io.etcd.jetcd.ByteSequence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copy of a state in this process. It is made only from etcd's own updates in the order of their revisions, so that
 * all processes pass through the same states. Each batch of updates publishes the next snapshot.
 *
 * <p>The revision of a snapshot is that of the last entity's key in it, so that it means the same in every process.
 *
 * <p>Thread: one thread loads and follows; any thread may read and wait.
 */
final class Replica {

    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

    private final Keys keys;
    private final ChangeJournal journal;
    private final EntryTable entries;
    private final OwnPuts ownPuts = new OwnPuts();
    private final Confirmations confirmations = new Confirmations();
    private final List<Runnable> hooks = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    /** Whether a load has ended; guarded by the thread that loads. */
    private boolean hasState;
    /** Guarded by the thread that loads and follows. */
    private KeySample sample = new KeySample();

    private volatile boolean isLoaded;
    private volatile long upTo;
    private volatile Marks marks = Marks.NONE;

    /**
     * An empty replica.
     *
     * @param hasTombstones whether the replica keeps tombstones, which the decisions about changes need
     */
    Replica(Keys keys, ChangeJournal journal, boolean hasTombstones) {
        this.keys = keys;
        this.journal = journal;
        this.entries = new EntryTable(hasTombstones);
    }

    ChangeJournal journal() {
        return journal;
    }

    /** The puts of this process that the replica does not show yet. */
    OwnPuts ownPuts() {
        return ownPuts;
    }

    Confirmation confirmation() {
        return confirmations.now();
    }

    /** The last write that the replica shows. */
    Head head() {
        return marks.head();
    }

    /** The leader, the owner, and the last write. */
    Marks marks() {
        return marks;
    }

    /** Whether the replica holds a whole state. It does not while this version of the library cannot read all of it. */
    boolean isLoaded() {
        return isLoaded;
    }

    /** The revision of etcd up to which the replica holds everything. */
    long upTo() {
        return upTo;
    }

    /** The number of entities whose value cannot be read. */
    int unreadable() {
        return entries.unreadable();
    }

    /** The number of entities that a later version of the library wrote, and of which no value could be read before. */
    int hidden() {
        return entries.hidden();
    }

    Entry entry(String arn) {
        return entries.get(arn);
    }

    /** The entities that had ended by a moment, the earliest end first. */
    List<Observed<?>> endedBy(Instant moment) {
        return entries.endedBy(moment);
    }

    /** The entries of the tombstones that may be forgotten from a moment on, the earliest first. */
    List<Entry> forgettableBy(Instant moment, int most) {
        return entries.forgettableBy(moment, most);
    }

    /** Whether the replica keeps tombstones, or cannot read some values, which may be tombstones. */
    boolean mayHoldTombstones() {
        return entries.hasTombstones() || entries.unreadable() > 0;
    }

    /** Ends of ranges of about a number of keys, tombstones among them; see {@link KeySample#keyEvery}. */
    List<ByteSequence> keyEvery(int distance) {
        return sample.keyEvery(distance);
    }

    /** Runs a hook whenever the leader, the owner or the confirmation has changed; it must be quick. */
    void afterMove(Runnable hook) {
        hooks.add(hook);
    }

    /** Waits until the replica holds a revision; returns whether it does by the deadline of {@link System#nanoTime}. */
    boolean awaitUpTo(long revision, long deadline) throws InterruptedException {
        return await(() -> upTo >= revision, deadline);
    }

    /** Waits until the replica shows another last write; returns whether it does by the deadline. */
    boolean awaitOther(Head head, long deadline) throws InterruptedException {
        return await(() -> !head().equals(head), deadline);
    }

    private boolean await(BooleanSupplier condition, long deadline) throws InterruptedException {
        if (condition.getAsBoolean()) {
            return true;
        }
        lock.lockInterruptibly();
        try {
            long left = deadline - System.nanoTime();
            while (!condition.getAsBoolean() && left > 0) {
                left = advanced.awaitNanos(left);
            }
            return condition.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins to load the whole state, in place of what the replica holds.
     *
     * @param isReplaced whether etcd has another past than the replica, so that equal revisions prove no equal values
     */
    Load loadAll(boolean isReplaced) {
        return new Load(true, isReplaced);
    }

    /** Begins to load what has changed since {@link #upTo}, with the marks as a whole. */
    Load loadChanges() {
        return new Load(false, false);
    }

    /**
     * Takes in the updates that a watch delivers.
     *
     * @throws LostTrackException if the watch has skipped a write; then the state has to be loaded again
     */
    void follow(List<KeyUpdate> updates) throws LostTrackException {
        Batch batch = new Batch(false);
        long reached = upTo;
        for (KeyUpdate update : updates) {
            if (update.revision() > upTo) {
                batch.add(update);
                addToSample(sample, update);
                reached = Math.max(reached, update.revision());
            }
        }
        batch.publish(reached);
    }

    private void addToSample(KeySample of, KeyUpdate update) {
        if (keys.kindOf(update.key()) == Keys.Kind.ENTITY) {
            of.add(update);
        }
    }

    private void advance(long revision) {
        lock.lock();
        try {
            upTo = Math.max(upTo, revision);
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A batch of updates; worked out first and then published as a whole, or not at all if it fails. */
    private final class Batch {

        /** Whether the batch is a load, with all marks. */
        private final boolean isLoad;

        private final EntityChanges entities;
        private final List<Runnable> confirmationChanges = new ArrayList<>();
        private boolean hasList;
        private Marks next;

        Batch(boolean isLoad) {
            this.isLoad = isLoad;
            this.entities = new EntityChanges(entries, ownPuts, isLoad);
            this.next = isLoad ? Marks.NONE : marks;
            if (isLoad) {
                confirmationChanges.add(confirmations::clear);
            }
        }

        void add(KeyUpdate update) throws LostTrackException {
            switch (keys.kindOf(update.key())) {
                case ENTITY -> entities.add(keys.arnOf(update.key()), update);
                case HEAD -> countWrite(Head.of(update));
                case LEADER -> next = next.ledBy(update);
                case LIST -> addList(update);
                case CLUSTER -> addCluster(keys.arnOf(update.key()), update.value());
                case OWNER -> next = next.ownedBy(update);
                case FORGOTTEN -> next = next.afterForgetting(update);
                case UNKNOWN -> LOG.debug("{}: ignored, no part of the state", update.key());
            }
        }

        /** Every write puts the head, so that a gap in its versions is a write that the watch has skipped. */
        private void countWrite(Head head) throws LostTrackException {
            long writes = next.head().writes();
            if (!isLoad && head.writes() != writes + 1) {
                throw new LostTrackException(
                        head.writes() <= writes ? LostTrackException.Kind.REPLACED : LostTrackException.Kind.SKIPPED,
                        "the watch delivered write " + head.writes() + " after write " + writes);
            }
            next = next.afterWrite(head);
        }

        private void addList(KeyUpdate update) throws LostTrackException {
            byte[] value = update.value();
            if (value == null) {
                throw new LostTrackException(
                        LostTrackException.Kind.UNUSABLE, "emptied by another hand at revision " + update.revision());
            }
            hasList = true;
            confirmationChanges.add(() -> confirmations.putList(value));
        }

        private void addCluster(String arn, byte @Nullable [] value) {
            confirmationChanges.add(
                    value == null
                            ? () -> confirmations.removeCluster(arn)
                            : () -> confirmations.putCluster(arn, value));
        }

        /** Publishes the batch; {@code reached} is the revision up to which it holds everything. */
        void publish(long reached) {
            boolean wasLoaded = isLoaded;
            entities.publish(journal);
            boolean hasMoved = next.hasMovedSince(marks);
            hasMoved |= publishConfirmation();
            marks = next;
            advance(reached);
            hasState |= isLoad;
            isLoaded |= hasState && entries.hidden() == 0;
            if (hasMoved || isLoad || wasLoaded != isLoaded) {
                hooks.forEach(Runnable::run);
            }
        }

        /** Publishes a confirmation that the batch changes, which copies all clusters; returns whether it differs. */
        private boolean publishConfirmation() {
            if (confirmationChanges.isEmpty()) {
                return false;
            }
            confirmationChanges.forEach(Runnable::run);
            return confirmations.publish();
        }
    }

    /** The state at one revision, or what has changed in it, added page by page. A known value is not read again. */
    final class Load {

        private final boolean isWhole;
        private final boolean isReplaced;
        private final Batch batch = new Batch(true);
        /** The entities that a page held; in a load of the changes, those that have changed. */
        private final Set<String> seen = new HashSet<>();

        private final KeySample sampled;

        private Load(boolean isWhole, boolean isReplaced) {
            this.isWhole = isWhole;
            this.isReplaced = isReplaced;
            this.sampled = isWhole ? new KeySample() : sample;
        }

        void add(List<KeyUpdate> page) throws LostTrackException {
            for (KeyUpdate update : page) {
                if (keys.kindOf(update.key()) == Keys.Kind.ENTITY) {
                    addEntity(keys.arnOf(update.key()), update);
                    sampled.add(update);
                } else {
                    batch.add(update);
                }
            }
        }

        /** The head that the pages held. */
        Head head() {
            return batch.next.head();
        }

        private void addEntity(String arn, KeyUpdate update) {
            boolean isKnown = !isReplaced && entry(arn).revision() == update.revision();
            if (isWhole || !isKnown) {
                seen.add(arn);
            }
            if (isKnown) {
                batch.entities.reach(update.revision());
            } else {
                batch.entities.add(arn, update);
            }
        }

        /**
         * The last of the known entries and removals that have not changed. If etcd holds its key at the same revision,
         * the past of etcd's state contains all earlier writes, and this load contains all later ones.
         */
        Optional<Entry> lastUnchanged() {
            return entries.latestExcept(seen);
        }

        /**
         * Publishes the state; a load of the whole state leaves out the entities that no page held.
         *
         * @param revision the revision at which all pages were read
         * @throws LostTrackException if the replica holds a later revision, or the state was emptied
         */
        void publish(long revision) throws LostTrackException {
            if (revision < upTo) {
                throw LostTrackException.wentBack(revision, upTo);
            }
            if (isLoaded() && confirmation().isLoaded() && !batch.hasList) {
                throw new LostTrackException(
                        LostTrackException.Kind.UNUSABLE, "emptied by another hand before revision " + revision);
            }
            if (isWhole) {
                removeUnseen(revision);
            }
            batch.publish(revision);
            sample = sampled;
            if (batch.entities.lowered() > 0) {
                LOG.warn(
                        "{}: the load has taken {} entities back to a lower version, which etcd holds",
                        keys,
                        batch.entities.lowered());
            }
        }

        private void removeUnseen(long revision) {
            entries.clearGone();
            for (String arn : entries.arns()) {
                if (!seen.contains(arn)) {
                    batch.entities.remove(arn, revision);
                }
            }
        }
    }
}
