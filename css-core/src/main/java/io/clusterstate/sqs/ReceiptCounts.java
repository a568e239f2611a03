package io.clusterstate.sqs;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often each message has come, for queue servers that do not tell. It remembers the messages that came last, so
 * that one that is forgotten is counted from the beginning.
 *
 * <p>Thread: safe for any thread.
 */
final class ReceiptCounts {

    static final int MOST = 10_000;

    /** The one that came longest ago first. */
    private final Map<String, Integer> counts = new LinkedHashMap<>(16, 0.75f, true);

    /** Counts a receipt; returns how many there have been of this message. */
    synchronized int received(String messageId) {
        int count = counts.merge(messageId, 1, Integer::sum);
        if (counts.size() > MOST) {
            counts.remove(counts.keySet().iterator().next());
        }
        return count;
    }

    /** Forgets a message that does not come again. */
    synchronized void settled(String messageId) {
        counts.remove(messageId);
    }
}
