package io.clusterstate.mirror;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long messages have waited in the queue when they come for the first time, minute by minute: if it is longer each
 * time, they come faster than they are taken. Messages that come again are left out, since these are old by nature; so
 * are minutes without any, in which nothing waits.
 *
 * <p>Thread: one at a time. Times are in nanoseconds that never jump.
 */
final class WaitTrend {

    static final Duration WINDOW = Duration.ofMinutes(1);
    /** So many longer waits in a row are no chance. */
    static final int MINUTES = 5;
    /** A queue that was not polled for a moment makes as much. */
    static final Duration LONG = Duration.ofMinutes(2);

    private long windowFrom;
    private Duration sum = Duration.ZERO;
    private int count;
    /** Of the last window; null if it had no messages. */
    private @Nullable Duration last;
    /** From which on it has grown. */
    private Duration least = Duration.ZERO;

    private int grown;
    private boolean isProblem;

    WaitTrend(long now) {
        windowFrom = now;
    }

    /** A message has come for the first time after so long. */
    void waited(Duration wait, long now) {
        closeWindow(now);
        sum = sum.plus(wait);
        count++;
    }

    /** What is wrong by the last whole minute. */
    Optional<String> problem(long now) {
        closeWindow(now);
        return isProblem && last != null
                ? Optional.of("messages wait longer and longer in the queue, " + last.toMinutes()
                        + " minutes by now (expected: seconds; the mirror cannot keep up with them, or another process"
                        + " holds them for a while)")
                : Optional.empty();
    }

    private void closeWindow(long now) {
        long windows = (now - windowFrom) / WINDOW.toNanos();
        if (windows == 1 && count > 0) {
            judge(sum.dividedBy(count));
        } else if (windows > 0) {
            grown = 0;
            last = null;
            isProblem = false;
        }
        if (windows > 0) {
            windowFrom += windows * WINDOW.toNanos();
            sum = Duration.ZERO;
            count = 0;
        }
    }

    private void judge(Duration mean) {
        if (last == null || mean.compareTo(last) <= 0) {
            grown = 0;
            least = mean;
        } else {
            grown++;
        }
        boolean isLong = mean.compareTo(LONG) >= 0;
        boolean byMuch = mean.minus(least).compareTo(WINDOW) >= 0;
        isProblem = isLong && (isProblem || (grown >= MINUTES && byMuch));
        last = mean;
    }
}
