package io.clusterstate.sqs;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts the receipts of each message, for queue servers that do not report them. It remembers only the most recent
 * messages; a forgotten message is counted from the beginning.
 *
 * <p>Thread: safe for any thread.
 */
final class ReceiptCounts {

    static final int MOST = 10_000;

    /** The counts by message id, least recently received first. */
    private final Map<String, Integer> counts = new LinkedHashMap<>(16, 0.75f, true);

    /** Counts a receipt of a message and returns the total. */
    synchronized int received(String messageId) {
        int count = counts.merge(messageId, 1, Integer::sum);
        if (counts.size() > MOST) {
            counts.remove(counts.keySet().iterator().next());
        }
        return count;
    }

    /** Forgets a settled message. */
    synchronized void settled(String messageId) {
        counts.remove(messageId);
    }
}
