package io.clusterstate.etcd;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The puts that this process has sent and the replica does not show yet. The watch brings them back. A value of equal
 * bytes is known then, and need not be decoded.
 *
 * <p>Thread: safe for any thread.
 */
final class OwnPuts {

    private final Map<String, PlannedPut> puts = new ConcurrentHashMap<>();

    /** Notes puts that are about to be sent. */
    void begin(Collection<PlannedPut> sent) {
        sent.forEach(put -> puts.put(put.content().arn(), put));
    }

    /** Forgets puts, whatever has become of them. */
    void end(Collection<PlannedPut> sent) {
        sent.forEach(put -> puts.remove(put.content().arn(), put));
    }

    /** Reads a value that the watch delivers; see {@link ValueFormat#read}. */
    StoredValue read(String arn, byte[] value, long revision) {
        PlannedPut own = puts.get(arn);
        return own != null && Arrays.equals(own.value().getBytes(), value)
                ? own.content().at(revision)
                : ValueFormat.read(value, revision);
    }
}
