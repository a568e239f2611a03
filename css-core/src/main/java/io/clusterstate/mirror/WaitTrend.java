package io.clusterstate.mirror;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Measures, minute by minute, how long messages have waited in the queue at their first receipt. If the wait grows each
 * minute, messages arrive faster than the mirror takes them. Later receipts do not count, since those messages are old.
 * Minutes without messages reset the trend.
 *
 * <p>Thread: one thread at a time. Times are in monotonic nanoseconds.
 */
final class WaitTrend {

    static final Duration WINDOW = Duration.ofMinutes(1);
    /** The number of longer waits in a row that rules out chance. */
    static final int MINUTES = 5;
    /** The least wait for a problem; a break in polling causes shorter ones. */
    static final Duration LONG = Duration.ofMinutes(2);

    private long windowFrom;
    private Duration sum = Duration.ZERO;
    private int count;
    /** The mean wait of the last window; null if it had no messages. */
    private @Nullable Duration last;
    /** The mean wait from which on the wait has grown. */
    private Duration least = Duration.ZERO;

    private int grown;
    private boolean isProblem;

    WaitTrend(long now) {
        windowFrom = now;
    }

    /** Notes the wait of a message at its first receipt. */
    void waited(Duration wait, long now) {
        closeWindow(now);
        sum = sum.plus(wait);
        count++;
    }

    /** The problem that the last whole minute shows, if any. */
    Optional<String> problem(long now) {
        closeWindow(now);
        return isProblem && last != null
                ? Optional.of(
                        "wait in the queue: " + last.toMinutes() + " minutes and growing (expected: seconds; allow"
                                + " more pollers, or look for a slow store or another consumer that holds messages)")
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
