package io.clusterstate.etcd;

import io.clusterstate.Observed;
import io.clusterstate.spi.VersionRule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * The entries of all entities by ARN, with the ended entities in the order of their ends.
 *
 * <p>Thread: one thread at a time writes; any thread reads.
 */
final class EntryTable {

    /** The end of an entity; ordered by time. */
    private record End(Instant at, String arn) implements Comparable<End> {

        static End of(Observed<?> ended) {
            return new End(VersionRule.endedAt(ended), ended.arn());
        }

        @Override
        public int compareTo(End other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : arn.compareTo(other.arn);
        }
    }

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final NavigableSet<End> ends = new ConcurrentSkipListSet<>();
    private final Set<String> unreadable = ConcurrentHashMap.newKeySet();

    /** The entry of an entity; {@link Entry#NONE} if it has no key. */
    Entry get(String arn) {
        return entries.getOrDefault(arn, Entry.NONE);
    }

    /** A copy of the ARNs of all entries. */
    Set<String> arns() {
        return Set.copyOf(entries.keySet());
    }

    /** The entities that had ended by a moment, the earliest end first. */
    List<Observed<?>> endedBy(Instant moment) {
        List<Observed<?>> ended = new ArrayList<>();
        for (End end : ends) {
            if (end.at().isAfter(moment)) {
                break;
            }
            Observed<?> present = get(end.arn()).present();
            if (present != null) {
                ended.add(present);
            }
        }
        return ended;
    }

    void put(String arn, Entry next) {
        Observed<?> before = get(arn).present();
        Observed<?> present = next.present();
        if (before != null && before.hasEnded()) {
            ends.remove(End.of(before));
        }
        if (present != null && present.hasEnded()) {
            ends.add(End.of(present));
        }
        if (next.equals(Entry.NONE)) {
            entries.remove(arn);
        } else {
            entries.put(arn, next);
        }
    }

    /** The number of entities whose value cannot be read. */
    int unreadable() {
        return unreadable.size();
    }

    /** Notes that the value of an entity cannot be read; returns whether that is new. */
    boolean addUnreadable(String arn) {
        return unreadable.add(arn);
    }

    void removeUnreadable(String arn) {
        unreadable.remove(arn);
    }
}
