package io.clusterstate.mirror;

import io.clusterstate.internal.loop.MonotonicTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/**
 * Which revision the store had reached when, by time that never jumps. An entity whose revision the store had reached
 * at some moment has not changed since; so the revision says for how long nothing was heard of it, whatever clock its
 * origin went by.
 *
 * <p>Bounded: about twice {@value #SAMPLES} samples, of which the oldest is as old as the longest question.
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
     * Nothing noted yet.
     *
     * @param longest how long ago {@link #before} is asked about
     */
    RevisionTimes(MonotonicTime time, Duration longest) {
        this.time = time;
        this.longest = longest.toNanos();
    }

    /** Notes that the store has reached a revision; a lower one than before begins anew. */
    synchronized void reached(long revision) {
        long now = time.nanos();
        if (!samples.isEmpty() && samples.getLast().revision() > revision) {
            samples.clear();
        }
        Sample last = samples.pollLast();
        if (last != null && (samples.isEmpty() || now - samples.getLast().nanos() >= longest / SAMPLES)) {
            samples.addLast(last); // what stood between the one before it and the next is otherwise too short to matter
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
     * A revision that the store had reached before a moment.
     *
     * @param moment in nanoseconds of the time that was handed in
     * @return the latest known; empty if none is known from so early
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
