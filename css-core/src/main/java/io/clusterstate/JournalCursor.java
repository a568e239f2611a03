package io.clusterstate;

import io.clusterstate.spi.Applied;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.ChangeJournal.Published;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber's position in the journal. It advances batch by batch; for a subscriber that is too far behind, it jumps
 * to the end and returns the difference. It holds the last delivered snapshot and nothing else, however far behind it
 * is.
 *
 * <p>Thread: one thread at a time; {@link #behind()} is safe for any thread.
 */
final class JournalCursor {

    /** The start of a cursor. */
    enum Start {
        /** The cursor begins with all present entities. */
        INITIAL,
        /** The cursor begins with the next change. */
        LIVE
    }

    private final ChangeJournal journal;
    private final ChangeFilter filter;
    private final Start start;
    private final long behindAtMost;
    /** The position of the subscriber; null before its first batch. */
    private volatile @Nullable Published position;

    /**
     * The batch in the middle of which the subscriber resumes; {@link #known} is its last revision that the subscriber
     * has.
     */
    private @Nullable Published resumed;

    private long known;
    private volatile int pending;
    private volatile boolean mustReset;
    private volatile boolean hasEnded;

    JournalCursor(ChangeJournal journal, ChangeFilter filter, Start start, long behindAtMost) {
        this.journal = journal;
        this.filter = filter;
        this.start = start;
        this.behindAtMost = behindAtMost;
    }

    /** Begins at this moment; a cursor with {@link Start#INITIAL} begins with its first batch instead. */
    JournalCursor now() {
        if (start == Start.LIVE) {
            position = journal.last();
        }
        return this;
    }

    /** Begins after a revision, which may be in the middle of a batch. */
    JournalCursor after(long revision) {
        long newest = journal.snapshot().revision();
        Optional<Published> found = revision > newest ? Optional.empty() : journal.at(revision);
        if (found.isPresent() && found.get().after().revision() < revision) {
            resumed = journal.next(found.get().after().revision()).orElse(null);
            found = resumed == null ? Optional.empty() : found;
        }
        position = found.orElseThrow(() -> new RevisionOutOfRangeException(revision, journal.oldest(), newest));
        known = revision;
        return this;
    }

    /** The last batch that does not exceed a revision, which lies between a first one and the journal's last. */
    static Published batchAt(ChangeJournal journal, long revision, long first) {
        long newest = journal.snapshot().revision();
        Optional<Published> found = revision < first || revision > newest ? Optional.empty() : journal.at(revision);
        return found.orElseThrow(
                () -> new RevisionOutOfRangeException(revision, Math.max(first, journal.oldest()), newest));
    }

    /** The number of changes that the subscriber has not handled, including those of the current batch. */
    long behind() {
        Published at = position;
        return at == null || hasEnded ? 0 : journal.last().total() - at.total() + pending;
    }

    /** Notes that the subscriber has handled the batch from {@link #next}. */
    void told() {
        pending = 0;
    }

    /** Ends the cursor and releases its snapshots. */
    void end() {
        hasEnded = true;
        position = null;
        resumed = null;
    }

    /** Makes the next batch a reset. */
    void reset() {
        mustReset = true;
    }

    /** The next batch that holds a change for the subscriber; null if there is none now. */
    @Nullable ChangeBatch next() {
        Published at = position;
        ChangeBatch batch = at == null ? first() : isAtEnd(at) ? null : following(at);
        pending = batch == null ? 0 : batch.changes().size();
        return batch;
    }

    /**
     * Moves on past a batch of which the filter passes nothing, for a subscriber that knows everything before. Returns
     * whether it did. Runs no code of the host. To be called while the subscriber's thread sleeps.
     */
    boolean passesOver(Published before, Published batch) {
        Published at = position;
        boolean isNext =
                at != null && at.after().revision() == before.after().revision() && resumed == null && !mustReset;
        if (!isNext || !filter.passesNone(batch.changes())) {
            return false;
        }
        position = batch;
        return true;
    }

    private @Nullable ChangeBatch first() {
        Published last = journal.last();
        position = last;
        return start == Start.INITIAL ? filter.initial(last.after()) : following(last);
    }

    /** Whether nothing follows. Spares the journal's lock, for which many subscribers would compete. */
    private boolean isAtEnd(Published at) {
        return !mustReset
                && resumed == null
                && journal.snapshot().revision() == at.after().revision();
    }

    private @Nullable ChangeBatch following(Published from) {
        Published at = from;
        while (true) {
            Published next =
                    resumed == null ? journal.next(at.after().revision()).orElse(null) : resumed;
            boolean isLost = next == null && journal.oldest() > at.after().revision();
            if (isLost || (resumed == null && (mustReset || isTooFarBehind(next)))) {
                return resetFrom(at);
            }
            if (next == null) {
                return null;
            }
            ChangeBatch batch = filter.apply(live(at, next));
            at = next;
            position = next;
            resumed = null;
            if (!batch.changes().isEmpty()) {
                return batch;
            }
        }
    }

    private boolean isTooFarBehind(@Nullable Published next) {
        return next != null && journal.last().total() - next.total() > behindAtMost;
    }

    private ChangeBatch resetFrom(Published at) {
        mustReset = false;
        Published last = journal.last();
        position = last;
        return filter.apply(last.after().since(at.after()).as(ChangeBatch.Type.RESET));
    }

    /** Changes after the known revision, which counts within the resumed batch alone: a store may number them late. */
    private ChangeBatch live(Published before, Published batch) {
        long told = resumed == null ? Long.MIN_VALUE : known;
        List<EntityChange<?>> changes = new ArrayList<>(batch.changes().size());
        for (Applied applied : batch.changes()) {
            if (applied.revision() > told) {
                changes.add(EntityChange.of(applied));
            }
        }
        long since = Math.max(before.after().revision(), told);
        return new ChangeBatch(ChangeBatch.Type.LIVE, since, batch.after(), changes);
    }
}
