package io.clusterstate.archive;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The index of ended tasks, newest end first. A task takes about 250 bytes, and each different profile about 700 more.
 *
 * <p>Thread: safe for any thread. A search holds up a writer for milliseconds.
 */
final class Catalogue {

    /** The id of a task: its ARN in two parts, of which the first is shared. */
    record TaskId(String prefix, String id) {

        static TaskId of(String arn) {
            int from = arn.lastIndexOf('/') + 1;
            return new TaskId(arn.substring(0, from), arn.substring(from));
        }

        String arn() {
            return prefix + id;
        }
    }

    /**
     * An ended task.
     *
     * @param end the end in milliseconds of the epoch
     * @param place the place at which the owner finds the record
     */
    record Entry(long end, TaskId id, TaskProfile profile, long place) {

        String arn() {
            return id.arn();
        }
    }

    /** The end and the ARN of the last entry of a page, at which the next page begins. */
    record Mark(long end, String arn) {}

    /** A page of entries, and the number of all that match. */
    record Found(List<Entry> entries, long total, boolean hasMore) {}

    private static final int MOST_SERVICES = 5;
    private static final Comparator<Entry> NEWEST_FIRST =
            Comparator.comparingLong(Entry::end).reversed().thenComparing(Entry::arn);

    private final NavigableSet<Entry> entries = new TreeSet<>(NEWEST_FIRST);
    private final Map<TaskId, Entry> byId = new HashMap<>();
    private final Map<TaskProfile.Parts, Shared> profiles = new HashMap<>();

    /** A profile, and the number of tasks that have it. */
    private static final class Shared {

        private final TaskProfile profile;
        private int tasks;

        private Shared(TaskProfile profile) {
            this.profile = profile;
        }
    }

    /** Adds a task, or replaces it if it is known. */
    synchronized void put(TaskProfile.Parts parts, String arn, Instant end, long place) {
        TaskId id = TaskId.of(arn);
        remove(id);
        Shared shared = profiles.computeIfAbsent(parts, unknown -> new Shared(new TaskProfile(parts)));
        shared.tasks++;
        TaskId own = new TaskId(shared.profile.parts().arnPrefix(), id.id());
        Entry entry = new Entry(end.toEpochMilli(), own, shared.profile, place);
        byId.put(own, entry);
        entries.add(entry);
    }

    synchronized void remove(String arn) {
        remove(TaskId.of(arn));
    }

    private void remove(TaskId id) {
        Entry known = byId.remove(id);
        if (known == null) {
            return;
        }
        entries.remove(known);
        TaskProfile.Parts parts = known.profile().parts();
        profiles.computeIfPresent(parts, (same, shared) -> --shared.tasks > 0 ? shared : null);
    }

    /** Removes the tasks at certain places. */
    synchronized void removeIf(LongPredicate isGone) {
        List<Entry> gone =
                entries.stream().filter(each -> isGone.test(each.place())).toList();
        gone.forEach(each -> remove(each.id()));
    }

    synchronized Optional<Entry> get(String arn) {
        return Optional.ofNullable(byId.get(TaskId.of(arn)));
    }

    synchronized boolean has(String arn) {
        return byId.containsKey(TaskId.of(arn));
    }

    synchronized int size() {
        return byId.size();
    }

    /** The number of different profiles. */
    synchronized int profiles() {
        return profiles.size();
    }

    /** The entries that match, after a mark or from the newest on. */
    synchronized Found find(TaskFilter filter, @Nullable Mark after, int limit) {
        Search search = new Search(filter);
        List<Entry> page = new ArrayList<>();
        long total = 0;
        boolean hasMore = false;
        for (Entry entry : entries) {
            if (search.matches(entry)) {
                total++;
                if (after == null || isAfter(entry, after)) {
                    hasMore = page.size() == limit;
                    if (!hasMore) {
                        page.add(entry);
                    }
                }
            }
        }
        return new Found(page, total, hasMore);
    }

    private static boolean isAfter(Entry entry, Mark mark) {
        return entry.end() == mark.end() ? entry.arn().compareTo(mark.arn()) > 0 : entry.end() < mark.end();
    }

    /** The newest entries that match. */
    synchronized List<Entry> newest(TaskFilter filter, int limit) {
        Search search = new Search(filter);
        return entries.stream().filter(search::matches).limit(limit).toList();
    }

    /** The causes of the entries that match, newest end first. */
    synchronized List<StopCause> causes(TaskFilter filter) {
        Search search = new Search(filter);
        Map<TaskProfile.Cause, Group> groups = new HashMap<>();
        for (Entry entry : entries) {
            if (search.matches(entry)) {
                groups.computeIfAbsent(entry.profile().cause(), cause -> new Group(entry))
                        .add(entry);
            }
        }
        return groups.values().stream()
                .sorted(Comparator.comparing(group -> group.newest, NEWEST_FIRST))
                .map(Group::toCause)
                .toList();
    }

    /** A search, which tests each profile once. */
    private static final class Search {

        private final TaskFilter filter;
        /** The words that the id has to contain; no list for a profile that does not match. */
        private final Map<TaskProfile, Optional<List<String>>> tested = new HashMap<>();

        private Search(TaskFilter filter) {
            this.filter = filter;
        }

        private boolean matches(Entry entry) {
            Optional<List<String>> wanted =
                    tested.computeIfAbsent(entry.profile(), profile -> Optional.ofNullable(filter.wordsForId(profile)));
            return wanted.isPresent() && (wanted.get().isEmpty() || TaskFilter.areIn(entry.id(), wanted.get()));
        }
    }

    /** The tasks of a cause, added newest first. */
    private static final class Group {

        private final Entry newest;
        private final Set<String> services = new LinkedHashSet<>();
        private Entry oldest;
        private long tasks;

        private Group(Entry newest) {
            this.newest = newest;
            this.oldest = newest;
        }

        private void add(Entry entry) {
            tasks++;
            oldest = entry;
            String service = entry.profile().service();
            if (service != null && services.size() < MOST_SERVICES) {
                services.add(service);
            }
        }

        private StopCause toCause() {
            TaskProfile.Cause cause = newest.profile().cause();
            return new StopCause(
                    cause.stopCode(),
                    cause.reason(),
                    cause.exitCode(),
                    tasks,
                    Instant.ofEpochMilli(oldest.end()),
                    Instant.ofEpochMilli(newest.end()),
                    List.copyOf(services),
                    newest.arn());
        }
    }
}
