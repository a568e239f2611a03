package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import io.clusterstate.EntityKind;
import io.clusterstate.internal.ecs.ApiBudget;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.internal.loop.Loop;
import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.PoisonHandler;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PollersTest {

    private static final int MOST = 3;
    private static final String[] FULL =
            Collections.nCopies(10, "{\"detail-type\":\"Other\"}").toArray(String[]::new);

    private final ScriptedSource source = new ScriptedSource();
    private final TestTime time = new TestTime();
    private final Environment environment = new Environment(() -> Instant.EPOCH, time, Thread::new, new Random(1));
    private final EventCounters counters = new EventCounters(() -> Instant.EPOCH);
    private final EventConsumer consumer = new EventConsumer(
            source,
            new ReferenceStore(),
            new EventTriage(
                    new Selection(Clusters.all(), List.of(EntityKind.TASK)),
                    new ReferenceStore(),
                    cluster -> Optional.empty()),
            new EventConsumer.Handoffs(
                    new DescribeQueue(time, new ApiBudget(1, time)),
                    new Quarantine(source, PoisonHandler.NO_OP, 5, counters),
                    mock()),
            counters);
    private final AtomicInteger asked = new AtomicInteger();
    /** The first answers. */
    private final Queue<Boolean> ownership = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean isOurs = new AtomicBoolean(true);
    private final AtomicBoolean mayPoll = new AtomicBoolean(true);
    private final Pollers pollers = new Pollers(environment, consumer, MOST, mayPoll::get, this::isOurs);

    @Test
    void growWhileBatchesComeFullAndShrinkToOneWhenTheyDoNot() throws InterruptedException {
        for (int i = 0; i < 400; i++) {
            source.deliver(FULL);
        }

        pollers.start();

        await(() -> pollers.loops().size() == MOST);
        await(() -> source.settled().size() == 4_000);
        await(() -> alive() == 1);
        stop();
    }

    @Test
    void doNotGrowOnBatchesThatAreNotFull() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            source.deliver("{\"detail-type\":\"Other\"}");
        }

        pollers.start();

        await(() -> source.settled().size() == 100);
        assertEquals(1, pollers.loops().size());
        stop();
    }

    @Test
    void handBackWhatComesAfterTheStop() throws InterruptedException {
        source.deliver("{\"detail-type\":\"Other\"}");
        int received = consumer.consume(() -> true);

        assertEquals(1, received);
        assertEquals(1, source.handedBack().size());
        assertEquals(List.of(), source.settled());
    }

    @Test
    void handBackWhatAPollBringsThatBeganBeforeTheSourceWasAnothersAndLeaveItAloneUntilItIsOursAgain()
            throws InterruptedException {
        ownership.add(true);
        ownership.add(false);
        isOurs.set(false);
        source.deliver("{\"detail-type\":\"Other\"}");
        source.deliver("{\"detail-type\":\"Other\"}");

        pollers.start();

        await(() -> asked.get() >= 5);
        assertEquals(List.of("m1"), ids(source.handedBack()));
        assertEquals(List.of(), source.settled());

        isOurs.set(true);
        await(() -> ids(source.settled()).equals(List.of("m2")));
        assertEquals(1, source.handedBack().size());
        stop();
    }

    private static List<String> ids(List<Delivery> deliveries) {
        return deliveries.stream().map(Delivery::id).toList();
    }

    private boolean isOurs() {
        asked.incrementAndGet();
        Boolean next = ownership.poll();
        return next == null ? isOurs.get() : next;
    }

    private long alive() {
        return pollers.loops().stream().filter(Loop::isAlive).count();
    }

    private void stop() throws InterruptedException {
        pollers.stop();
        for (Loop loop : pollers.loops()) {
            assertTrue(loop.join(Duration.ofSeconds(10)));
        }
    }
}
