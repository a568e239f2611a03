package io.clusterstate.mirror;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Whether the events of one kind of entity in one cluster arrive, judged by what passes find. ECS raises a version with
 * each change that it tells by an event, and promises to deliver these at least once; so a change that a pass finds,
 * and no event tells for a while, was lost on the way. One may be lost by chance. Where two passes, or one in many
 * entities, found such changes, and no event at all has arrived, none does.
 *
 * <p>Sources: the ECS API reference, {@code Task.version}; the EventBridge reference, "Delivery level of events from
 * AWS services".
 *
 * <p>Thread: one at a time. Times are in nanoseconds that never jump.
 */
final class EventPath {

    /** An event that is under way has arrived by then. */
    static final Duration GRACE = Duration.ofMinutes(2);
    /** So many passes that found something are no chance. */
    static final int PASSES = 2;
    /** Nor are so many changes in one. */
    static final int CHANGES = 10;
    /** While nothing proves that they are late, no more are kept. */
    private static final int MOST_RECENT = 100;

    /** What a pass found. */
    private record Find(long at, int changes) {}

    private final Deque<Find> recent = new ArrayDeque<>();
    private boolean wasPassed;
    private long passedAt;
    private boolean sawEvent;
    private int found;
    private int passes;
    private int changes;
    private long revision;

    /** An event has arrived. */
    void eventArrived() {
        sawEvent = true;
        clear();
    }

    /** The pass under way has found a change. */
    void found() {
        found++;
    }

    /** Whether the pass under way, or an earlier one, found something that no event has told. */
    boolean isDoubtful() {
        return (found > 0 && !sawEvent) || !recent.isEmpty() || passes > 0;
    }

    /** The store's revision before the first of what is doubtful. */
    long revision() {
        return revision;
    }

    /**
     * The pass under way has ended.
     *
     * @param listeningSince since when the queue has been polled without a break
     * @param latest the store's revision
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
     * How many changes no event has told, where that is no chance; 0 if it may be.
     *
     * @param caughtUpTo what was sent before then has been received
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
