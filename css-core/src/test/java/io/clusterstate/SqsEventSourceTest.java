package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.ClaimableSource;
import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.SourceClaimedException;
import io.clusterstate.testing.SimulatedEcs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/** The event source against a real queue server. */
class SqsEventSourceTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final SimulatedEcs world =
            new SimulatedEcs(Simulator.builder().clusters(1).tasks(0).instancesPerCluster(0));
    private final SqsEventSource source = world.source().withClock(() -> NOON);

    @BeforeEach
    void letNothingComeAgainByItself() {
        world.comeAgainWithin(60);
    }

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void aDeliveryCarriesItsBodyAndItsTimes() throws InterruptedException {
        world.send("hello");

        Delivery delivery = source.poll().get(0);

        assertEquals("hello", delivery.body());
        assertEquals(NOON, delivery.receivedAt());
        assertEquals(1, delivery.receiveCount());
        assertTrue(delivery.sentAt().isPresent());
    }

    @Test
    void whatIsSettledIsGone() throws InterruptedException {
        List<Delivery> deliveries = receive(25);

        source.settle(deliveries);

        assertEquals(0, world.messagesLeft());
        assertTrue(source.poll().isEmpty());
    }

    @Test
    void whatIsHandedBackComesAgainAtOnce() throws InterruptedException {
        List<Delivery> deliveries = receive(12);
        assertTrue(source.poll().isEmpty());

        source.handBack(deliveries);

        assertEquals(2, source.poll().get(0).receiveCount());
    }

    @Test
    void aQueueThatDoesNotExistIsAnErrorThatNamesIt() {
        SqsEventSource missing = SqsEventSource.of(world.sqs(), "no_such_queue");

        assertThrows(QueueDoesNotExistException.class, missing::poll);
    }

    @Test
    void aClaimKeepsOthersOutUntilItIsReleased() {
        assertTrue(source.claim("first", NOON));
        assertTrue(source.claim("first", NOON.plusSeconds(60)));

        SourceClaimedException refused =
                assertThrows(SourceClaimedException.class, () -> source.claim("second", NOON.plusSeconds(61)));
        assertTrue(
                refused.getMessage().startsWith("queue css_queue: claimed by first, renewed at 2026-01-01T12:01:00Z"));
        source.release("second");
        assertThrows(SourceClaimedException.class, () -> source.claim("second", NOON.plusSeconds(62)));

        source.release("first");
        assertTrue(source.claim("second", NOON.plusSeconds(63)));
    }

    @Test
    void aClaimThatIsNotRenewedEnds() {
        source.claim("dead", NOON);
        Duration validity = ClaimableSource.CLAIM_VALIDITY;

        assertThrows(
                SourceClaimedException.class,
                () -> source.claim("next", NOON.plus(validity).minusSeconds(1)));
        assertTrue(source.claim("next", NOON.plus(validity)));
    }

    @Test
    void aTagThatIsNoClaimIsWrittenOver() {
        world.sqs().tagQueue(request -> request.queueUrl(world.simulator().queueUrl())
                .tags(java.util.Map.of("io.clusterstate.claim", "what is this")));

        assertTrue(source.claim("first", NOON));
    }

    @Test
    void anAbortWithoutAnInterruptIsAFailureLikeAnyOther() {
        assertThrows(AbortedException.class, SqsEventSource.of(aborting(), "http://127.0.0.1/1/queue")::poll);
    }

    @Test
    void anAbortByAnInterruptEndsThePoll() {
        Thread.currentThread().interrupt();

        assertThrows(InterruptedException.class, SqsEventSource.of(aborting(), "http://127.0.0.1/1/queue")::poll);

        assertFalse(Thread.interrupted());
    }

    private static SqsClient aborting() {
        return new SqsClient() {
            @Override
            public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
                throw AbortedException.create("aborted");
            }

            @Override
            public String serviceName() {
                return "sqs";
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void theWaitIsCheckedAgainstWhatSqsAllows() {
        IllegalArgumentException tooLong =
                assertThrows(IllegalArgumentException.class, () -> source.waitingUpTo(Duration.ofSeconds(21)));
        assertEquals("longest: PT21S (expected: 1 to 20 seconds, whole ones)", tooLong.getMessage());
        assertFalse(source.toString().isEmpty());
    }

    private List<Delivery> receive(int messages) throws InterruptedException {
        for (int i = 0; i < messages; i++) {
            world.send("message " + i);
        }
        List<Delivery> received = new ArrayList<>();
        while (received.size() < messages) {
            received.addAll(source.poll());
        }
        return received;
    }
}
