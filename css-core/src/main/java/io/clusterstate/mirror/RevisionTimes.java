package io.clusterstate.mirror;

import io.clusterstate.internal.loop.MonotonicTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/**
 * A history of the store's revisions, by monotonic time. If the store had reached an entity's revision at some time,
 * the entity has not changed since. So the revision dates the last change, independent of every wall clock.
 *
 * <p>Bounded: about twice {@value #SAMPLES} samples; the oldest is as old as {@link #before} may ask for.
 *
 * <p>Thread: safe for any thread.
 */
final class RevisionTimes {

    private static final int SAMPLES = 100;

    private record Sample(long nanos, long revision) {}

    private final MonotonicTime time;
    private final long longest;
    private final Deque<Sample> samples = new ArrayDeque<>();

    /**
     * An empty history.
     *
     * @param longest the greatest age that {@link #before} is asked for
     */
    RevisionTimes(MonotonicTime time, Duration longest) {
        this.time = time;
        this.longest = longest.toNanos();
    }

    /** Notes that the store has reached a revision. A lower revision than before starts the history anew. */
    synchronized void reached(long revision) {
        long now = time.nanos();
        if (!samples.isEmpty() && samples.getLast().revision() > revision) {
            samples.clear();
        }
        Sample last = samples.pollLast();
        if (last != null && (samples.isEmpty() || now - samples.getLast().nanos() >= longest / SAMPLES)) {
            samples.addLast(last); // otherwise its neighbours are too close for it to matter
        }
        samples.addLast(new Sample(now, revision));
        forgetBefore(now - longest);
    }

    private void forgetBefore(long moment) {
        while (samples.size() > 1 && second().nanos() - moment < 0) {
            samples.removeFirst();
        }
    }

    private Sample second() {
        return samples.stream().skip(1).findFirst().orElseThrow();
    }

    /**
     * A revision that the store had reached before a time.
     *
     * @param moment the time, in monotonic nanoseconds
     * @return the latest revision known; empty if the history does not reach back that far
     */
    synchronized OptionalLong before(long moment) {
        OptionalLong found = OptionalLong.empty();
        for (Sample sample : samples) {
            if (sample.nanos() - moment < 0) {
                found = OptionalLong.of(sample.revision());
            }
        }
        return found;
    }
}
