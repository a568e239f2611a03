package io.clusterstate.mirror;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which part of the deliveries says nothing of the state of ECS, by their source or type: where it is nearly all, the
 * rule that fills the queue lets too much through.
 *
 * <p>Thread: one at a time. Times are in nanoseconds that never jump.
 */
final class IrrelevantShare {

    static final Duration WINDOW = Duration.ofMinutes(10);
    /** Of fewer nothing is said. */
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

    /** A delivery says something of ECS. */
    void relevant(long now) {
        closeWindow(now);
        all++;
    }

    /** A delivery does not. */
    void irrelevant(String reason, long now) {
        closeWindow(now);
        all++;
        irrelevant++;
        example = reason;
    }

    /** What is wrong by the last whole window. */
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
        return "of " + all + " messages " + irrelevant + " say nothing about tasks and container instances, such as "
                + example + ": the rule that fills the queue lets too much through (expected: a pattern for the source"
                + " aws.ecs and the detail-types that are followed)";
    }
}
