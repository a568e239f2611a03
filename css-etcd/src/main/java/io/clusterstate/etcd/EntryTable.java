package io.clusterstate.etcd;

import io.clusterstate.Observed;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.VersionRule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The entries of all entities by ARN, with the ended entities and the tombstones in the order of their times. A table
 * without tombstones forgets an entity that is gone; that serves a process that decides about no change.
 *
 * <p>Thread: one thread at a time writes; any thread reads.
 */
final class EntryTable {

    /** An entity in the order of a time. */
    private record Timed(Instant at, String arn) implements Comparable<Timed> {

        @Override
        public int compareTo(Timed other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : arn.compareTo(other.arn);
        }
    }

    private final boolean hasTombstones;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    /** The ended entities, by their ends. */
    private final NavigableSet<Timed> ends = new ConcurrentSkipListSet<>();
    /** The tombstones, by the moments from which on they may be forgotten. */
    private final NavigableSet<Timed> tombstones = new ConcurrentSkipListSet<>();

    /** The last tombstone of a table without tombstones; null if that was deleted, or there was none. */
    private volatile Map.@Nullable Entry<String, Entry> lastGone;

    private final Set<String> unreadable = ConcurrentHashMap.newKeySet();
    private final Set<String> hidden = ConcurrentHashMap.newKeySet();

    EntryTable(boolean hasTombstones) {
        this.hasTombstones = hasTombstones;
    }

    /** The entry of an entity; {@link Entry#NONE} if it has none. */
    Entry get(String arn) {
        return entries.getOrDefault(arn, Entry.NONE);
    }

    /** A copy of the ARNs of all entries. */
    Set<String> arns() {
        return Set.copyOf(entries.keySet());
    }

    boolean hasTombstones() {
        return hasTombstones;
    }

    /** The entry with the highest revision among those whose ARN is not in a set, and the last tombstone. */
    Optional<Entry> latestExcept(Set<String> arns) {
        return Stream.concat(entries.entrySet().stream(), Stream.ofNullable(lastGone))
                .filter(each -> !arns.contains(each.getKey()))
                .map(Map.Entry::getValue)
                .max(Comparator.comparingLong(Entry::revision));
    }

    /** The entities that had ended by a moment, the earliest end first. */
    List<Observed<?>> endedBy(Instant moment) {
        List<Observed<?>> ended = new ArrayList<>();
        for (Timed end : ends) {
            Observed<?> present = get(end.arn()).present();
            if (end.at().isAfter(moment)) {
                break;
            }
            if (present != null) {
                ended.add(present);
            }
        }
        return ended;
    }

    /** The entries of the tombstones that may be forgotten from a moment on, the earliest first. */
    List<Entry> forgettableBy(Instant moment, int most) {
        List<Entry> old = new ArrayList<>();
        for (Timed each : tombstones) {
            Entry entry = get(each.arn());
            if (each.at().isAfter(moment) || old.size() >= most) {
                break;
            }
            if (entry.tombstone() != null) {
                old.add(entry);
            }
        }
        return old;
    }

    void put(String arn, Entry next) {
        Entry before = entries.get(arn);
        if (before != null) {
            unlist(arn, before);
        }
        noteGone(arn, next);
        if (next.revision() == 0 || (!hasTombstones && next.tombstone() != null)) {
            entries.remove(arn);
            return;
        }
        list(arn, next);
        entries.put(arn, next);
    }

    private void noteGone(String arn, Entry next) {
        Map.Entry<String, Entry> last = lastGone;
        if (next.tombstone() == null) {
            lastGone = last != null && arn.equals(last.getKey()) ? null : last;
        } else if (!hasTombstones
                && (last == null || next.revision() > last.getValue().revision())) {
            lastGone = Map.entry(arn, next);
        }
    }

    /** Forgets the last tombstone, before a load of everything. */
    void clearGone() {
        lastGone = null;
    }

    private void unlist(String arn, Entry before) {
        Timed end = endOf(before.present());
        if (end != null) {
            ends.remove(end);
        }
        if (before.tombstone() != null) {
            tombstones.remove(new Timed(before.until(), arn));
        }
        hidden.remove(arn);
    }

    private void list(String arn, Entry next) {
        Timed end = endOf(next.present());
        Removal<?> tombstone = next.tombstone();
        if (end != null) {
            ends.add(end);
        }
        if (tombstone != null) {
            tombstones.add(new Timed(next.until(), arn));
        }
        if (next.isHidden()) {
            hidden.add(arn);
        }
    }

    private static @Nullable Timed endOf(@Nullable Observed<?> present) {
        return present != null && present.hasEnded() ? new Timed(VersionRule.endedAt(present), present.arn()) : null;
    }

    /** The number of entities whose value cannot be read. */
    int unreadable() {
        return unreadable.size();
    }

    /** The number of entities that a later version of the library wrote, and of which no value could be read before. */
    int hidden() {
        return hidden.size();
    }

    /** Notes that the value of an entity cannot be read; returns whether that is new. */
    boolean addUnreadable(String arn) {
        return unreadable.add(arn);
    }

    void removeUnreadable(String arn) {
        unreadable.remove(arn);
    }
}
