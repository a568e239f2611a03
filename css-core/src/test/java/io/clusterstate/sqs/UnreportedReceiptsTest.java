package io.clusterstate.sqs;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.mirror.DeliveryOutcome;
import io.clusterstate.mirror.MirroredEcs;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.Delivery;
import io.clusterstate.testing.SimulatorFixture;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/** Queue servers that do not report the count and the time of a message's receipts, or report texts of their own. */
class UnreportedReceiptsTest {

    private final SimulatorFixture world =
            new SimulatorFixture(Simulator.builder().clusters(1).tasks(0).instancesPerCluster(0));

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void receiptsThatAreNotToldAreCountedByMessage() throws InterruptedException {
        SqsEventSource source = source(Map.of());
        world.send("hello");

        for (int receipt = 1; receipt <= 3; receipt++) {
            Delivery delivery = source.poll().get(0);
            assertEquals(receipt, delivery.receiveCount());
            assertEquals(Optional.empty(), delivery.sentAt());
            source.handBack(List.of(delivery));
        }
        world.comeAgainWithin(60);
        Delivery last = source.poll().get(0);
        world.send("another");
        assertEquals(1, source.poll().get(0).receiveCount(), "of another message");
        assertEquals(4, last.receiveCount());
    }

    @Test
    void whatIsNoNumberIsTakenForUntold() throws InterruptedException {
        for (String odd : List.of("", "soon", "-1", "0", "1e3", "99999999999999999999", "2026-01-01T00:00:00Z")) {
            SqsEventSource source = source(Map.of(
                    MessageSystemAttributeName.SENT_TIMESTAMP,
                    odd,
                    MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT,
                    odd));
            world.send("hello");

            Delivery delivery = source.poll().get(0);

            assertEquals(1, delivery.receiveCount(), odd);
            assertEquals(Optional.empty(), delivery.sentAt(), odd);
            source.settle(List.of(delivery));
        }
    }

    @Test
    void whatIsToldIsBelieved() throws InterruptedException {
        SqsEventSource source = source(Map.of(
                MessageSystemAttributeName.SENT_TIMESTAMP,
                "1767225600000",
                MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT,
                "7"));
        world.send("hello");

        Delivery delivery = source.poll().get(0);

        assertEquals(7, delivery.receiveCount());
        assertEquals(Optional.of(Instant.parse("2026-01-01T00:00:00Z")), delivery.sentAt());
    }

    @Test
    void poisonIsHandedOverAndDeletedAllTheSame() throws Exception {
        CountDownLatch handed = new CountDownLatch(1);
        try (MirroredEcs ecs = MirroredEcs.of(
                        Simulator.builder().clusters(1).tasks(0).instancesPerCluster(0),
                        builder -> builder.events(MirroredEcs.unclaimed(source(Map.of())))
                                .poisonReceipts(2)
                                .onPoison((delivery, reason) -> handed.countDown()))
                .ready()) {
            world.send("{\"half\":");

            await(() -> handed.getCount() == 0);
            await(() -> world.messagesLeft() == 0);
            assertEquals(1, ecs.mirror().status().deliveries().get(DeliveryOutcome.UNREADABLE));
        }
    }

    @Test
    void theCountsAreBounded() {
        ReceiptCounts counts = new ReceiptCounts();
        assertEquals(1, counts.received("first"));
        assertEquals(1, counts.received("second"));
        for (int i = 2; i < ReceiptCounts.MOST; i++) {
            counts.received("m" + i);
        }
        assertEquals(2, counts.received("first"), "all have room");

        counts.received("one more");

        assertEquals(3, counts.received("first"), "it came lately");
        assertEquals(1, counts.received("second"), "it came longest ago");
        counts.settled("first");
        assertEquals(1, counts.received("first"), "settled, it is forgotten");
    }

    /** The queue of the world, on a server that reports only these attributes of each message. */
    private SqsEventSource source(Map<MessageSystemAttributeName, String> told) {
        SqsClient client = (SqsClient) Proxy.newProxyInstance(
                SqsClient.class.getClassLoader(), new Class<?>[] {SqsClient.class}, (proxy, method, arguments) -> {
                    try {
                        Object answer = method.invoke(world.sqs(), arguments);
                        return answer instanceof ReceiveMessageResponse received ? telling(received, told) : answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return SqsEventSource.of(client, world.simulator().queueName()).waitingUpTo(SimulatorFixture.SHORT_WAIT);
    }

    private static ReceiveMessageResponse telling(
            ReceiveMessageResponse received, Map<MessageSystemAttributeName, String> told) {
        return received.toBuilder()
                .messages(received.messages().stream()
                        .map(message -> message.toBuilder().attributes(told).build())
                        .toList())
                .build();
    }
}
