package io.clusterstate.mirror;

import java.time.Duration;

/**
 * How long events had waited in the queue before they were taken in, all told; an average is {@code total / count}.
 *
 * @param count how many events
 * @param total how long they had waited together
 */
public record EventLag(long count, Duration total) {}
