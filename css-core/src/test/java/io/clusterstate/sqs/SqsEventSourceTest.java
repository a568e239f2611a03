package io.clusterstate.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.ClaimForbiddenException;
import io.clusterstate.spi.Delivery;
import io.clusterstate.testing.SimulatorFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.ListQueueTagsRequest;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;
import software.amazon.awssdk.services.sqs.model.TagQueueRequest;

/** The event source against a real queue server. */
class SqsEventSourceTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final String NOTE = "css-1 since 2026-01-01T12:00:00Z renewed 2026-01-01T12:00:00Z 1";

    private final SimulatorFixture world =
            new SimulatorFixture(Simulator.builder().clusters(1).tasks(0).instancesPerCluster(0));
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
    void aVisibilityTimeoutThatIsTooShortIsAProblem() throws InterruptedException {
        world.comeAgainWithin(19);
        source.poll();
        assertEquals(
                Optional.of("queue " + world.simulator().queueName()
                        + ": a visibility timeout of 19 s (expected: at least 25 s, such as 60 s, so that no message comes"
                        + " again while it is in work)"),
                source.problem());

        world.comeAgainWithin(25);
        SqsEventSource other = source.waitingUpTo(Duration.ofSeconds(1));
        other.poll();
        assertEquals(Optional.empty(), other.problem());
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
    void aClaimIsATagOfTheQueueThatIsReplacedAndRemoved() {
        assertEquals(Optional.empty(), source.readClaim());
        source.writeClaim(NOTE);
        SqsEventSource other = world.source();
        assertEquals(Optional.of(NOTE), other.readClaim());
        assertEquals(Map.of("io.clusterstate.claim", NOTE), tags());

        other.writeClaim("second " + NOTE);
        assertEquals(Optional.of("second " + NOTE), source.readClaim());

        source.removeClaim();
        assertEquals(Optional.empty(), other.readClaim());
        source.removeClaim();
        assertEquals(Map.of(), tags());
    }

    @Test
    void missingRightsForbidAClaimAndExpiredCredentialsAreAFailureLikeAnyOther() {
        SqsClient denying = mock();
        SqsEventSource denied = SqsEventSource.of(denying, "https://sqs.us-east-1.amazonaws.com/123456789012/q");
        when(denying.listQueueTags(anyListing())).thenThrow(refusal("AccessDeniedException"));
        when(denying.tagQueue(anyTagging())).thenThrow(refusal("AccessDenied"));

        assertThrows(ClaimForbiddenException.class, denied::readClaim);
        ClaimForbiddenException forbidden = assertThrows(ClaimForbiddenException.class, () -> denied.writeClaim(NOTE));
        assertTrue(forbidden.getMessage().contains("/q: claim denied (expected: the rights to ListQueueTags"));

        SqsClient expired = mock();
        when(expired.listQueueTags(anyListing())).thenThrow(refusal("ExpiredToken"));
        assertThrows(SqsException.class, SqsEventSource.of(expired, "https://q")::readClaim);
    }

    private Map<String, String> tags() {
        return world.sqs()
                .listQueueTags(request -> request.queueUrl(world.simulator().queueUrl()))
                .tags();
    }

    private static Consumer<ListQueueTagsRequest.Builder> anyListing() {
        return any();
    }

    private static Consumer<TagQueueRequest.Builder> anyTagging() {
        return any();
    }

    private static Throwable refusal(String code) {
        return SqsException.builder()
                .statusCode(403)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
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
    void aPollAfterAFullOneHardlyWaitsAndLeavesRetriesToTheSdk() throws InterruptedException {
        AnsweringClient client = new AnsweringClient(10, 10, 9, 10, -1, 0);
        SqsEventSource polling = SqsEventSource.of(client, "http://127.0.0.1/1/queue");

        for (int i = 0; i < 4; i++) {
            polling.poll();
        }
        assertThrows(SqsException.class, polling::poll);
        polling.poll();

        assertEquals(List.of(7, 1, 1, 7, 1, 7), client.waits());
        assertEquals(List.of(true, false, false, true, false, true), client.areSingleAttempts());
    }

    /** A client whose polls return so many messages, or fail for a negative number; it notes the requests. */
    private static final class AnsweringClient implements SqsClient {

        private final Iterator<Integer> counts;
        private final List<ReceiveMessageRequest> polls = new ArrayList<>();

        AnsweringClient(Integer... counts) {
            this.counts = List.of(counts).iterator();
        }

        List<Integer> waits() {
            return polls.stream().map(ReceiveMessageRequest::waitTimeSeconds).toList();
        }

        List<Boolean> areSingleAttempts() {
            return polls.stream()
                    .map(poll -> !poll.overrideConfiguration()
                            .orElseThrow()
                            .plugins()
                            .isEmpty())
                    .toList();
        }

        @Override
        public GetQueueAttributesResponse getQueueAttributes(GetQueueAttributesRequest request) {
            return GetQueueAttributesResponse.builder().build();
        }

        @Override
        public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
            polls.add(request);
            int count = counts.next();
            if (count < 0) {
                throw SqsException.builder().statusCode(500).build();
            }
            Message message = Message.builder().messageId("m").body("b").build();
            return ReceiveMessageResponse.builder()
                    .messages(Collections.nCopies(count, message))
                    .build();
        }

        @Override
        public String serviceName() {
            return "sqs";
        }

        @Override
        public void close() {}
    }

    @Test
    void theWaitIsCheckedAgainstWhatSqsAllows() {
        IllegalArgumentException tooLong =
                assertThrows(IllegalArgumentException.class, () -> source.waitingUpTo(Duration.ofSeconds(21)));
        assertEquals("longest: PT21S (expected: 1 to 20 whole seconds)", tooLong.getMessage());
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
