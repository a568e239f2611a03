package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.clusterstate.spi.SnapshotEditor;
import io.clusterstate.testing.Entities;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class ListenerCallsTest {

    private static final int CHANGES = 100_000;
    /** The calls of all changes take 40 MB; those of the first change, and the first use of the code, far less. */
    private static final long FEW_BYTES = 4_000_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void theCallsForAHugeBatchAreMadeOneByOne() {
        EntityChange<?> change =
                EntityChange.to(null, Entities.observed(EntityKind.TASK, "prod", Entities.task("prod", "a")));
        ChangeBatch batch = new ChangeBatch(
                ChangeBatch.Type.INITIAL, 0, SnapshotEditor.empty(), Collections.nCopies(CHANGES, change));
        ChangeListener listener = ChangeListener.builder()
                .tasks(tasks -> tasks.onAdded(task -> {}))
                .build();

        long before = threads.getCurrentThreadAllocatedBytes();
        boolean hasCalls = listener.calls(batch).hasNext();
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;

        assertTrue(hasCalls);
        assertTrue(bytes < FEW_BYTES, () -> "bytes: " + bytes + " (expected: under " + FEW_BYTES + ")");
    }
}
