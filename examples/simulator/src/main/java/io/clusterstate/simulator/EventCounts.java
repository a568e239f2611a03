package io.clusterstate.simulator;

/**
 * How many events there have been since the simulator was built.
 *
 * @param emitted changes that made an event, whatever became of it
 * @param sent messages that are in the queue or have been; duplicates count each time
 * @param lost events that were never sent
 * @param duplicated events that are sent twice
 * @param foreign events of another account, Region or partition that were sent as well; not in {@code emitted}
 * @param replayed events of the past that were sent as well, as by the replay of an archive; not in {@code emitted}
 */
public record EventCounts(long emitted, long sent, long lost, long duplicated, long foreign, long replayed) {}
