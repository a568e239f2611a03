package io.clusterstate.mirror;

import java.time.Duration;

/**
 * The lag of all events together: the time from sending to the queue until the store took the event in, by the queue's
 * and the host's clocks. The average is {@code total / count}.
 *
 * @param count the number of events
 * @param total the sum of their lags
 */
public record EventLag(long count, Duration total) {}
