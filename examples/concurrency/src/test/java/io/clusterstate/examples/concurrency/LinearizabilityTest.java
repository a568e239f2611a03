package io.clusterstate.examples.concurrency;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.memory.MemoryStateStore;
import java.util.stream.Stream;
import kotlin.jvm.functions.Function1;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.junit.jupiter.api.Test;

/**
 * Lincheck runs operations in two threads, switches between them at the accesses to shared memory, and looks for an
 * order of the operations in which a store for a single thread gives the same results.
 */
class LinearizabilityTest {

    private static final int SCENARIOS = Integer.getInteger("scenarios", 60);
    private static final int INVOCATIONS = Integer.getInteger("invocations", 200);

    /** The operations on the memory store. */
    public static final class OnMemoryStore extends StoreOperations {
        public OnMemoryStore() {
            super(new MemoryStateStore());
        }
    }

    /** The operations on a store without a lock. */
    public static final class OnStoreWithoutLock extends StoreOperations {
        public OnStoreWithoutLock() {
            super(new StoreWithoutLock());
        }
    }

    @Test
    void theMemoryStoreIsLinearizable() {
        options().check(OnMemoryStore.class);
    }

    @Test
    void aStoreWithoutALockIsFoundOut() {
        LincheckAssertionError failure =
                assertThrows(LincheckAssertionError.class, () -> options().check(OnStoreWithoutLock.class));

        assertTrue(failure.getMessage().contains("put"), failure::getMessage);
    }

    private static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .iterations(SCENARIOS)
                .invocationsPerIteration(INVOCATIONS)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(1)
                .sequentialSpecification(VersionsInOrder.class)
                .addGuarantee(immutable());
    }

    /** Threads share only what stores and journals hold; values, snapshots and decisions never change. */
    private static ManagedStrategyGuarantee immutable() {
        Function1<String, Boolean> isImmutable = name -> Stream.of(
                        "io.clusterstate.memory.",
                        "io.clusterstate.spi.ChangeJournal",
                        "io.clusterstate.spi.LatestValues",
                        "io.clusterstate.examples.")
                .noneMatch(name::startsWith);
        return forClasses(isImmutable).allMethods().ignore();
    }
}
