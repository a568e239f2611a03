package io.clusterstate.mirror;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Judges by the findings of passes whether the events of one kind in one cluster arrive. ECS sends an event with each
 * change that raises a version, at least once. So an event was lost if a pass finds such a change and no event reports
 * it for a while. A single loss may be chance. If two passes, or one pass in many entities, found such changes and no
 * event arrived at all, the path is broken.
 *
 * <p>Sources: the ECS API reference, {@code Task.version}; the EventBridge reference, "Delivery level of events from
 * AWS services".
 *
 * <p>Thread: one thread at a time. Times are in monotonic nanoseconds.
 */
final class EventPath {

    /** The time by which an event on its way has arrived. */
    static final Duration GRACE = Duration.ofMinutes(2);
    /** The number of passes with findings that rules out chance. */
    static final int PASSES = 2;
    /** The number of changes in one pass that rules out chance. */
    static final int CHANGES = 10;
    /** The limit of findings kept while nothing proves that their events are late. */
    private static final int MOST_RECENT = 100;

    /** The finding of one pass. */
    private record Find(long at, int changes) {}

    private final Deque<Find> recent = new ArrayDeque<>();
    private boolean wasPassed;
    private long passedAt;
    private boolean sawEvent;
    private int found;
    private int passes;
    private int changes;
    private long revision;

    /** Notes that an event has arrived. */
    void eventArrived() {
        sawEvent = true;
        clear();
    }

    /** Notes that the running pass has found a change. */
    void found() {
        found++;
    }

    /** Whether the running pass, or an earlier one, found a change that no event has reported. */
    boolean isDoubtful() {
        return (found > 0 && !sawEvent) || !recent.isEmpty() || passes > 0;
    }

    /** The revision of the store before the first unreported change. */
    long revision() {
        return revision;
    }

    /**
     * Notes that the running pass has ended.
     *
     * @param listeningSince the time since which the queue has been polled without a break
     * @param latest the revision of the store
     */
    void passed(long at, long listeningSince, long latest) {
        boolean wasListening = wasPassed && listeningSince - passedAt <= 0;
        if (!wasListening) {
            clear();
        } else if (found > 0 && !sawEvent && recent.size() < MOST_RECENT) {
            recent.add(new Find(at, found));
        }
        found = 0;
        sawEvent = false;
        wasPassed = true;
        passedAt = at;
        if (!isDoubtful()) {
            revision = latest;
        }
    }

    /**
     * The number of changes that no event has reported; 0 while it may be chance.
     *
     * @param caughtUpTo the time up to which every event sent has been received
     */
    int unreported(long now, long caughtUpTo) {
        while (!recent.isEmpty() && isLate(recent.peekFirst().at(), now, caughtUpTo)) {
            passes++;
            changes += recent.removeFirst().changes();
        }
        return passes >= PASSES || changes >= CHANGES ? changes : 0;
    }

    private static boolean isLate(long foundAt, long now, long caughtUpTo) {
        return now - foundAt >= GRACE.toNanos() && caughtUpTo - foundAt > 0;
    }

    private void clear() {
        recent.clear();
        passes = 0;
        changes = 0;
    }
}
