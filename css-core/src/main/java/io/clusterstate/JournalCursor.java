package io.clusterstate;

import io.clusterstate.spi.Applied;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.ChangeJournal.Published;
import io.clusterstate.spi.SnapshotEditor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one subscriber is told next: a place in the journal that moves on, or, where the subscriber is too far behind, a
 * jump to the end with the difference. It holds the snapshot that was told last and nothing else, however far behind.
 *
 * <p>Thread: one at a time; {@link #behind()} may be asked by any.
 */
final class JournalCursor {

    /** Where a feed begins. */
    enum Start {
        /** With all that is there. */
        INITIAL,
        /** With what happens from now on. */
        LIVE
    }

    private final ChangeJournal journal;
    private final ChangeFilter filter;
    private final Start start;
    private final long behindAtMost;
    /** Where the subscriber is; null before it was told anything. */
    private volatile @Nullable Published place;

    /** The batch in whose middle the subscriber resumes, and the last revision of it that is known. */
    private @Nullable Published resumed;

    private long known;
    private volatile int untold;
    private volatile boolean mustReset;
    private volatile boolean hasEnded;

    JournalCursor(ChangeJournal journal, ChangeFilter filter, Start start, long behindAtMost) {
        this.journal = journal;
        this.filter = filter;
        this.start = start;
        this.behindAtMost = behindAtMost;
    }

    /** Begins at this moment, unless it is to tell what is there. */
    JournalCursor now() {
        if (start == Start.LIVE) {
            place = journal.last();
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
        place = found.orElseThrow(() -> new RevisionOutOfRangeException(revision, journal.oldest(), newest));
        known = revision;
        return this;
    }

    /** How many changes have not been told, those of the batch that is being told included. */
    long behind() {
        Published at = place;
        return at == null || hasEnded ? 0 : journal.last().total() - at.total() + untold;
    }

    /** What {@link #next} gave is told to its end. */
    void told() {
        untold = 0;
    }

    /** Nothing will be told any more; gives up what is held. */
    void end() {
        hasEnded = true;
        place = null;
        resumed = null;
    }

    /** Makes the next batch a reset. */
    void reset() {
        mustReset = true;
    }

    /** The next batch that tells something; null if there is none now. */
    @Nullable ChangeBatch next() {
        Published at = place;
        ChangeBatch batch = at == null ? first() : following(at);
        untold = batch == null ? 0 : batch.changes().size();
        return batch;
    }

    private @Nullable ChangeBatch first() {
        Published last = journal.last();
        place = last;
        return start == Start.INITIAL
                ? filter.apply(last.after().since(SnapshotEditor.empty()).as(ChangeBatch.Type.INITIAL))
                : following(last);
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
            place = next;
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
        place = last;
        return filter.apply(last.after().since(at.after()).as(ChangeBatch.Type.RESET));
    }

    private ChangeBatch live(Published before, Published batch) {
        List<EntityChange<?>> changes = new ArrayList<>(batch.changes().size());
        for (Applied applied : batch.changes()) {
            if (applied.revision() > known) {
                changes.add(EntityChange.of(applied));
            }
        }
        long since = Math.max(before.after().revision(), known);
        return new ChangeBatch(ChangeBatch.Type.LIVE, since, batch.after(), changes);
    }
}
