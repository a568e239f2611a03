package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import io.clusterstate.EntityKind;
import io.clusterstate.internal.ecs.ApiBudget;
import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.PoisonHandler;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.TestTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A batch of deliveries of which one affects its reader. */
class EventConsumerTest {

    private final TestTime time = new TestTime();
    private final ReferenceStore store = new ReferenceStore();
    private final ScriptedSource source = new ScriptedSource();
    private final EventCounters counters = new EventCounters(time);

    static List<Supplier<Throwable>> faultsOfOne() {
        return List.of(
                () -> new AssertionError("odd"), () -> new IllegalStateException("odd"), StackOverflowError::new);
    }

    static List<Supplier<Throwable>> faultsOfTheProcess() {
        return List.of(() -> new NoSuchMethodError("an SDK that is too old"), () -> new OutOfMemoryError("heap"));
    }

    @ParameterizedTest
    @MethodSource("faultsOfOne")
    @Promise(4)
    void whatOneDeliveryThrowsSpoilsNoOther(Supplier<Throwable> fault) throws InterruptedException {
        List<Delivery> batch = source.deliver(body("good"), body("odd"), body("fine"));

        consumer(fault).consume(() -> false);

        assertEquals(List.of(batch.get(0), batch.get(2)), source.settled());
        assertEquals(2, store.snapshot().tasks().count());
        assertEquals(1, counters.counts().get(DeliveryOutcome.UNREADABLE));
    }

    @ParameterizedTest
    @MethodSource("faultsOfTheProcess")
    @Promise(4)
    void whatIsWrongWithTheProcessIsNoDeliverysFaultAndSettlesNothing(Supplier<Throwable> fault) {
        source.deliver(body("good"), body("odd"), body("fine"));

        assertThrows(fault.get().getClass(), () -> consumer(fault).consume(() -> false));

        assertTrue(source.settled().isEmpty());
    }

    @Test
    void nothingIsHomeBeforeTheHomeIsKnown() throws InterruptedException {
        source.deliver(body("good"));
        Selection selection = new Selection(Clusters.all(), List.of(EntityKind.TASK));

        consumer(selection).consume(() -> false);

        assertEquals(1, counters.counts().get(DeliveryOutcome.FOREIGN));
        assertEquals(0, store.snapshot().tasks().count());
    }

    private EventConsumer consumer(Supplier<Throwable> fault) {
        Clusters choice = Clusters.matching(arn -> !arn.endsWith("/odd") || thrown(fault.get()));
        Selection selection = new Selection(choice, List.of(EntityKind.TASK));
        selection.home().configure(Entities.clusterArn("good"));
        return consumer(selection);
    }

    /** Throws the same; that it is none of the two is for the compiler to see. */
    private static boolean thrown(Throwable fault) {
        if (fault instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) fault;
    }

    private EventConsumer consumer(Selection selection) {
        return new EventConsumer(
                source,
                store,
                new EventTriage(selection, store, cluster -> Optional.empty()),
                new EventConsumer.Handoffs(
                        new DescribeQueue(time, new ApiBudget(1, time)),
                        new Quarantine(source, PoisonHandler.NO_OP, 5, counters),
                        mock()),
                counters);
    }

    private static String body(String cluster) {
        return """
                {"source":"aws.ecs","detail-type":"ECS Task State Change","detail":{"clusterArn":"%s","taskArn":"%s",
                 "lastStatus":"RUNNING","version":1}}
                """
                .formatted(Entities.clusterArn(cluster), Entities.taskArn(cluster, "1"));
    }
}
