package io.clusterstate.mirror;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Measures the share of messages without ECS state, by their source or type. If it is nearly all, the rule that fills
 * the queue matches too much.
 *
 * <p>Thread: one thread at a time. Times are in monotonic nanoseconds.
 */
final class IrrelevantShare {

    static final Duration WINDOW = Duration.ofMinutes(10);
    /** The least number of messages for a judgement. */
    static final int LEAST = 100;

    private static final double MOSTLY = 0.9;

    private long windowFrom;
    private int all;
    private int irrelevant;
    private String example = "";
    private @Nullable String problem;

    IrrelevantShare(long now) {
        windowFrom = now;
    }

    /** Notes a message with ECS state. */
    void relevant(long now) {
        closeWindow(now);
        all++;
    }

    /** Notes a message without ECS state. */
    void irrelevant(String reason, long now) {
        closeWindow(now);
        all++;
        irrelevant++;
        example = reason;
    }

    /** The problem that the last whole window shows, if any. */
    Optional<String> problem(long now) {
        closeWindow(now);
        return Optional.ofNullable(problem);
    }

    private void closeWindow(long now) {
        long windows = (now - windowFrom) / WINDOW.toNanos();
        if (windows > 0) {
            problem = windows == 1 && all >= LEAST && irrelevant > all * MOSTLY ? text() : null;
            windowFrom += windows * WINDOW.toNanos();
            all = 0;
            irrelevant = 0;
        }
    }

    private String text() {
        return "irrelevant messages: " + irrelevant + " of " + all
                + " carry no state of tasks or container instances, such"
                + " as " + example + "; the rule that fills the queue matches too much (expected: an event pattern for"
                + " the source aws.ecs and the detail-types to follow)";
    }
}
