package io.clusterstate.etcd;

import io.clusterstate.Observed;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Confirmation;
import io.etcd.jetcd.ByteSequence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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

    private static final long NEVER_LOADED = -1;

    private final Keys keys;
    private final ChangeJournal journal;
    private final EntryTable entries = new EntryTable();
    private final Confirmations confirmations = new Confirmations();
    private final List<Runnable> hooks = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    /** The revision from which on the replica holds a whole state. */
    private volatile long loadedFrom = NEVER_LOADED;

    private volatile long upTo;
    private volatile long leader;
    /** The version of the head after the last write; a gap shows that the watch has skipped a write. */
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

    /** The revision at which the present leader began to lead; 0 without a leader. */
    long leader() {
        return leader;
    }

    /** Whether the replica holds everything that etcd held when the first load began. */
    boolean isLoaded() {
        long from = loadedFrom;
        return from >= 0 && upTo >= from;
    }

    /** The revision of etcd up to which the replica holds everything. */
    long upTo() {
        return upTo;
    }

    /** The number of entities whose value cannot be read. */
    int unreadable() {
        return entries.unreadable();
    }

    Entry entry(String arn) {
        return entries.get(arn);
    }

    /** The entities that had ended by a moment, the earliest end first. */
    List<Observed<?>> endedBy(Instant moment) {
        return entries.endedBy(moment);
    }

    /** Runs a hook whenever the leader or the confirmation has changed; it must be quick. */
    void afterMove(Runnable hook) {
        hooks.add(hook);
    }

    /** Waits until the replica holds a revision; returns whether it does by the deadline of {@link System#nanoTime}. */
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

    /** Begins to load the whole state, in place of what the replica holds. */
    Load load() {
        return new Load();
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
                reached = Math.max(reached, update.revision());
            }
        }
        batch.publish(reached);
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

        /** Whether the batch is the whole state, and not what has changed since. */
        private final boolean isWholeState;

        private final EntityChanges entities = new EntityChanges(entries);
        private final List<Runnable> confirmationChanges = new ArrayList<>();
        private boolean hasList;
        private long newWrites;
        private long newLeader;

        Batch(boolean isWholeState) {
            this.isWholeState = isWholeState;
            if (isWholeState) {
                confirmationChanges.add(confirmations::clear);
            } else {
                newWrites = writes;
                newLeader = leader;
            }
        }

        void add(KeyUpdate update) throws LostTrackException {
            switch (keys.kindOf(update.key())) {
                case ENTITY -> entities.add(keys.arnOf(update.key()), update);
                case HEAD -> countWrite(update);
                case LEADER -> newLeader = update.created();
                case LIST -> addList(update);
                case CLUSTER -> addCluster(keys.arnOf(update.key()), update.value());
                case UNKNOWN -> LOG.debug("{}: ignored, not a key of css", update.key());
            }
        }

        /** Every write puts the head, so that a gap in its versions is a write that the watch has skipped. */
        private void countWrite(KeyUpdate head) throws LostTrackException {
            if (!isWholeState && head.version() != newWrites + 1) {
                throw new LostTrackException(
                        "the watch delivered write " + head.version() + " after write " + newWrites, false);
            }
            newWrites = head.version();
        }

        private void addList(KeyUpdate update) throws LostTrackException {
            ByteSequence value = update.value();
            if (value == null) {
                throw new LostTrackException("emptied by another hand at revision " + update.revision(), true);
            }
            hasList = true;
            confirmationChanges.add(() -> confirmations.putList(value.getBytes()));
        }

        private void addCluster(String arn, @Nullable ByteSequence value) {
            confirmationChanges.add(
                    value == null
                            ? () -> confirmations.removeCluster(arn)
                            : () -> confirmations.putCluster(arn, value.getBytes()));
        }

        /** Publishes the batch; {@code reached} is the revision up to which it holds everything. */
        void publish(long reached) {
            boolean wasLoaded = isLoaded();
            boolean hasMoved = newLeader != leader;
            entities.publish(journal, isWholeState);
            confirmationChanges.forEach(Runnable::run);
            hasMoved |= confirmations.publish();
            writes = newWrites;
            leader = newLeader;
            advance(reached);
            if (hasMoved || wasLoaded != isLoaded()) {
                hooks.forEach(Runnable::run);
            }
        }
    }

    /** The whole state at one revision, added page by page. A known value is not read again. */
    final class Load {

        private final Batch batch = new Batch(true);
        private final Set<String> seen = new HashSet<>();

        void add(List<KeyUpdate> page) throws LostTrackException {
            for (KeyUpdate update : page) {
                if (keys.kindOf(update.key()) == Keys.Kind.ENTITY) {
                    addEntity(keys.arnOf(update.key()), update);
                } else {
                    batch.add(update);
                }
            }
        }

        private void addEntity(String arn, KeyUpdate update) {
            seen.add(arn);
            if (entry(arn).revision() == update.revision()) {
                batch.entities.reach(update.revision());
            } else {
                batch.entities.add(arn, update);
            }
        }

        /**
         * Publishes the state, without the entities that no page held.
         *
         * @param revision the revision at which all pages were read
         * @param head the revision of the last write before the load began
         * @throws LostTrackException if the replica holds a later revision, or the state was emptied
         */
        void publish(long revision, long head) throws LostTrackException {
            if (revision < upTo) {
                throw LostTrackException.wentBack(revision, upTo);
            }
            for (String arn : entries.arns()) {
                if (!seen.contains(arn)) {
                    batch.entities.remove(arn, revision);
                }
            }
            if (isLoaded() && confirmation().isLoaded() && !batch.hasList) {
                throw new LostTrackException("emptied by another hand before revision " + revision, true);
            }
            loadedFrom = head;
            batch.publish(revision);
            hooks.forEach(Runnable::run);
        }
    }
}
