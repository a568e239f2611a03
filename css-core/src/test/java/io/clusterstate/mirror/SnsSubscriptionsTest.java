package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.internal.event.EventReader;
import io.clusterstate.internal.event.ParsedBody;
import io.clusterstate.internal.event.ParsedBody.Unconfirmed;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.Delivery;
import io.clusterstate.testing.TestTime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** Subscriptions to topics that nobody has confirmed. */
class SnsSubscriptionsTest {

    private static final String TOPIC = "arn:aws:sns:us-east-1:111122223333:ecs-events";
    private static final String WAITS = "SNS subscription of " + TOPIC
            + " to this queue: unconfirmed, so it delivers no events; with raw delivery, css"
            + " cannot see a later confirmation (expected: within 3 days, a person opens the SubscribeURL"
            + " of the message, or calls aws sns confirm-subscription --topic-arn " + TOPIC + " with its token)";

    private final TestTime time = new TestTime();
    private final SnsSubscriptions subscriptions = new SnsSubscriptions();

    @Test
    void aConfirmationThatIsAskedForIsAProblemAndIsNotDeleted() throws Exception {
        BlockingQueue<Delivery> handed = new LinkedBlockingQueue<>();
        try (MirroredEcs ecs = MirroredEcs.of(
                        Simulator.builder().seed(9).clusters(1).tasks(10),
                        builder -> builder.poisonReceipts(3).onPoison((delivery, reason) -> handed.add(delivery)))
                .ready()) {
            ecs.world().comeAgainWithin(60);
            ecs.world().send(confirmation());

            await(() -> ecs.mirror().status().problems().contains(WAITS));
            assertEquals(1, ecs.world().messagesLeft(), "its token is in it");
            assertEquals(1, ecs.mirror().status().deliveries().get(DeliveryOutcome.UNREADABLE));
            assertEquals(0, handed.size());

            Task task = ecs.anyTask("default");
            ecs.world().send(notification(TOPIC, event(task)));

            await(() -> ecs.mirror().status().problems().isEmpty());
            await(() -> ecs.view().task(task.taskArn()).orElseThrow().version() == task.version() + 1);
        }
    }

    @Test
    void whereNothingKeepsDeadLettersItIsHandedOverWithItsUrl() throws Exception {
        BlockingQueue<Delivery> handed = new LinkedBlockingQueue<>();
        try (MirroredEcs ecs = MirroredEcs.of(
                        Simulator.builder().seed(9).clusters(1).tasks(10),
                        builder -> builder.poisonReceipts(1).onPoison((delivery, reason) -> handed.add(delivery)))
                .ready()) {
            ecs.world().send(confirmation());

            Delivery poison = handed.poll(MirroredEcs.LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertNotNull(poison);
            assertTrue(poison.body().contains("https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription"));
            assertTrue(ecs.mirror().status().problems().contains(WAITS));
        }
    }

    @Test
    void aCancelledOneSaysSo() {
        subscriptions.unconfirmed(new Unconfirmed("UnsubscribeConfirmation", TOPIC, Optional.empty()), time.nanos());

        List<String> problems = subscriptions.problems(time.nanos());

        assertTrue(
                problems.get(0)
                        .startsWith("SNS subscription of " + TOPIC + " to this queue: cancelled, so it delivers"),
                problems::toString);
    }

    @Test
    void isSaidAsLongAsTheTokenIsValid() {
        subscriptions.unconfirmed(read(confirmation()), time.nanos());
        time.advance(SnsSubscriptions.TOKEN_VALIDITY);
        assertEquals(List.of(WAITS), subscriptions.problems(time.nanos()));

        time.advance(Duration.ofSeconds(1));

        assertEquals(List.of(), subscriptions.problems(time.nanos()));
    }

    @Test
    void onlyANotificationOfThatTopicShowsThatItIsConfirmed() {
        subscriptions.unconfirmed(read(confirmation()), time.nanos());

        arrives("{\"source\":\"aws.ecs\",\"detail-type\":\"ECS Task State Change\",\"detail\":{}}");
        arrives(notification("arn:aws:sns:us-east-1:111122223333:another", "{}"));
        arrives(confirmation());
        arrives("{\"half\":");
        assertEquals(List.of(WAITS), subscriptions.problems(time.nanos()));

        arrives(notification(TOPIC, "{}"));
        assertEquals(List.of(), subscriptions.problems(time.nanos()));
    }

    @Test
    void theyAreBounded() {
        for (int i = 0; i < 1_000; i++) {
            subscriptions.unconfirmed(
                    new Unconfirmed("SubscriptionConfirmation", TOPIC + i, Optional.empty()), time.nanos());
        }

        assertEquals(10, subscriptions.problems(time.nanos()).size());
    }

    @Test
    void aLinkIsShownOnlyIfItLeadsToSns() {
        for (String url : List.of(
                "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=a&Token=b",
                "https://sns.cn-north-1.amazonaws.com.cn/?Action=ConfirmSubscription",
                "https://sns.eusc-de-east-1.amazonaws.eu/?Action=ConfirmSubscription")) {
            assertEquals("SubscribeURL: " + url, SnsSubscriptions.address(asking(url)));
        }
        for (String url : List.of(
                "http://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription",
                "https://sns.us-east-1.amazonaws.com.evil.example/?Action=ConfirmSubscription",
                "https://evil.example/sns.us-east-1.amazonaws.com/",
                "https://sns.us-east-1.amazonaws.com@evil.example/",
                "https://sns.us-east-1.amazonaws.com/\nanother line of the log",
                "")) {
            assertEquals("SubscribeURL: not an address of SNS, do not open it", SnsSubscriptions.address(asking(url)));
        }
    }

    private static Unconfirmed asking(String url) {
        return new Unconfirmed("SubscriptionConfirmation", TOPIC, Optional.of(url));
    }

    private void arrives(String body) {
        subscriptions.arrived(new Delivery("m", body, "r", time.instant(), Optional.empty(), 1));
    }

    private Unconfirmed read(String body) {
        ParsedBody reading = EventReader.read(body, time.instant());
        return (Unconfirmed) reading;
    }

    private static String confirmation() {
        try (InputStream in = SnsSubscriptionsTest.class.getResourceAsStream(
                "/ecs-events/wrapped/DERIVED-sns-subscription-confirmation.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String event(Task task) {
        return """
                {"source":"aws.ecs","detail-type":"ECS Task State Change","detail":{"clusterArn":"%s","taskArn":"%s",
                 "lastStatus":"RUNNING","desiredStatus":"STOPPED","version":%d}}
                """
                .formatted(task.clusterArn(), task.taskArn(), task.version() + 1);
    }

    private static String notification(String topic, String message) {
        return "{\"Type\":\"Notification\",\"TopicArn\":\"" + topic + "\",\"Message\":\""
                + message.strip().replace("\"", "\\\"").replace("\n", "") + "\"}";
    }
}
