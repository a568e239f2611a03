package io.clusterstate.etcd;

import static java.util.Objects.requireNonNull;

import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.SnapshotEditor;
import io.clusterstate.spi.Upsert;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The changes of entities in one batch of key updates. They are worked out on the table of entries, and take effect in
 * the journal and in the table when they are published.
 *
 * <p>Thread: one thread at a time.
 */
final class EntityChanges {

    private static final Logger LOG = LoggerFactory.getLogger(EntityChanges.class);

    private final EntryTable entries;
    private final OwnPuts ownPuts;
    /** Whether the batch is a load, after which the table equals etcd, even where etcd went back to a lower version. */
    private final boolean isLoad;

    private final Map<String, Entry> changed = new HashMap<>();
    private final List<Applied> applied = new ArrayList<>();
    /** The last removal of each ARN that was shown. */
    private final Map<String, Applied> removals = new HashMap<>();

    private long revision;
    private int lowered;

    EntityChanges(EntryTable entries, OwnPuts ownPuts, boolean isLoad) {
        this.entries = entries;
        this.ownPuts = ownPuts;
        this.isLoad = isLoad;
    }

    /** The number of entities whose version in etcd is lower than the one that the view has shown. */
    int lowered() {
        return lowered;
    }

    /** Adds an update of an entity's key. */
    void add(String arn, KeyUpdate update) {
        Entry before = changed.getOrDefault(arn, entries.get(arn));
        byte[] bytes = update.value();
        if (bytes == null) {
            remove(arn, before, update.revision());
            return;
        }
        reach(update.revision());
        StoredValue value = ownPuts.read(arn, bytes, update.revision());
        if (value instanceof StoredValue.Unreadable unreadable) {
            keep(arn, before, update, unreadable);
            return;
        }
        if (value instanceof StoredValue.Present now) {
            show(arn, before, now.observed(), update.revision());
        } else if (value instanceof StoredValue.Tombstone gone) {
            hide(before, gone.removal(), update.revision());
            changed.put(arn, Entry.of(gone, update.revision()));
        }
        entries.removeUnreadable(arn);
    }

    /** Adds the end of a key: a leader has forgotten a tombstone, or somebody has deleted the key. */
    void remove(String arn, long atRevision) {
        remove(arn, entries.get(arn), atRevision);
    }

    /** Notes the revision of an entity's key, which the next snapshot has at least. */
    void reach(long keyRevision) {
        revision = Math.max(revision, keyRevision);
    }

    private void keep(String arn, Entry before, KeyUpdate update, StoredValue.Unreadable unreadable) {
        if (entries.addUnreadable(arn)) {
            LOG.warn("{}: cannot be read, the view keeps the state before: {}", update.key(), unreadable.why());
        }
        changed.put(arn, before.unreadable(update.revision(), unreadable.isLater()));
    }

    private <T> void show(String arn, Entry entry, Observed<T> now, long atRevision) {
        @SuppressWarnings("unchecked") // an ARN has one kind
        Observed<T> before = (Observed<T>) entry.present();
        if (before != null && now.version() < before.version()) {
            lowered++;
            if (!isLoad) {
                LOG.warn("{}: etcd holds a lower version, the view keeps its own: {}", before, now);
                changed.put(arn, Entry.of(before, atRevision));
                return;
            }
        }
        changed.put(arn, Entry.of(now, atRevision));
        applied.add(new Applied(new Upsert<>(now), outcome(before, now), before, now, atRevision));
    }

    private static Outcome outcome(@Nullable Observed<?> before, Observed<?> now) {
        if (before == null) {
            return Outcome.ADDED;
        }
        boolean isLater = now.version() > before.version() || now.version() == 0;
        return isLater ? Outcome.UPDATED : Outcome.ENRICHED;
    }

    private void hide(Entry entry, Removal<?> removal, long atRevision) {
        Observed<?> before = entry.present();
        if (before != null) {
            Applied removed = new Applied(removal, Outcome.REMOVED, before, null, atRevision);
            applied.add(removed);
            removals.put(before.arn(), removed);
        }
    }

    private void remove(String arn, Entry before, long atRevision) {
        Observed<?> present = before.present();
        if (present != null) {
            Removal.Reason reason = present.hasEnded() ? Removal.Reason.RETENTION : Removal.Reason.MISSING;
            hide(before, Removal.of(present, present.observedAt(), reason), atRevision);
            reach(atRevision);
        }
        changed.put(arn, Entry.NONE);
        entries.removeUnreadable(arn);
    }

    /** Publishes the changes in a journal, and then enters them into the table, so that decisions see what is shown. */
    void publish(ChangeJournal journal) {
        long shown = journal.snapshot().revision();
        long next = applied.isEmpty() ? revision : Math.max(revision, shown + 1);
        if (next > shown) {
            Snapshot after = snapshotAt(next, journal.snapshot());
            if (isLoad) {
                journal.restart(after, applied.size());
            } else {
                journal.publish(after, applied);
            }
        }
        changed.forEach(entries::put);
    }

    private Snapshot snapshotAt(long next, Snapshot base) {
        SnapshotEditor editor = SnapshotEditor.of(base);
        List<Observed<?>> puts = new ArrayList<>();
        changed.forEach((arn, entry) -> {
            Observed<?> before = entries.get(arn).present();
            Observed<?> present = entry.present();
            if (present != null && present != before) {
                puts.add(present);
            } else if (present == null && before != null) {
                remove(requireNonNull(removals.get(arn)), before, editor);
            }
        });
        return editor.putAll(puts).toSnapshot(next);
    }

    /** Removes an entity from a snapshot, which then remembers its last value, even one of this batch. */
    private static void remove(Applied removed, Observed<?> shown, SnapshotEditor editor) {
        Observed<?> last = requireNonNull(removed.before());
        if (last != shown) {
            editor.put(last);
        }
        editor.remove((Removal<?>) removed.change());
    }
}
