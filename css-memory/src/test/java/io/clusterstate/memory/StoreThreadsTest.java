package io.clusterstate.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Promise;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("compares all threads of the JVM")
class StoreThreadsTest {

    @Test
    @Promise(11)
    void aStoreHasNoThreadOfItsOwnAndBorrowsNone() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (StateStore own = new MemoryStateStore()) {
            own.apply(List.of(SampleChanges.event(3), SampleChanges.gone(3, 10)));
            own.expire();
        }
        Set<Thread> after = Thread.getAllStackTraces().keySet();

        after.removeIf(thread -> before.contains(thread) && !thread.getName().contains("commonPool"));
        assertEquals(Set.of(), after);
    }
}
