package io.clusterstate.simulator;

/**
 * The numbers of events since the simulator was built.
 *
 * @param emitted the changes that made an event, sent or not
 * @param sent the messages put into the queue; duplicates count each time
 * @param lost the events that were never sent
 * @param duplicated the events that are sent twice
 * @param foreign the events of another account, Region or partition that were sent as well; not in {@code emitted}
 * @param replayed the past events that were sent as well, as by the replay of an archive; not in {@code emitted}
 */
public record EventCounts(long emitted, long sent, long lost, long duplicated, long foreign, long replayed) {}
