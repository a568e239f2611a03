package io.clusterstate.internal.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events that come through an SNS topic. */
class SnsTest {

    private static final String EVENT = Payloads.body("task/awsdoc-2020-fargate-running.json");

    @Test
    void anEventInANotificationSaysWhatItSaysAlone() {
        ParsedBodies.assertSays(ParsedBodies.changeIn(EVENT), notification("Notification", EVENT));
    }

    @Test
    void theTypeMayComeAfterTheMessage() {
        Map<String, Object> reversed = new LinkedHashMap<>();
        reversed.put("Message", EVENT);
        reversed.put("Type", "Notification");

        ParsedBodies.assertSays(ParsedBodies.changeIn(EVENT), Json.write(reversed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SubscriptionConfirmation", "UnsubscribeConfirmation"})
    void aConfirmationThatIsAskedForNamesItsTopic(String type) {
        String asked = notification(type, "You have chosen to subscribe to the topic.")
                .replace("\"Message\":", "\"SubscribeURL\":\"https://sns.eu-west-1.amazonaws.com/?a=b\",\"Message\":");

        ParsedBody.Unconfirmed reading = assertInstanceOf(ParsedBody.Unconfirmed.class, ParsedBodies.read(asked));

        assertEquals(type, reading.type());
        assertEquals("arn:aws:sns:eu-west-1:123456789012:ecs", reading.topicArn());
        assertEquals(Optional.of("https://sns.eu-west-1.amazonaws.com/?a=b"), reading.subscribeUrl());
        assertEquals(
                "SNS " + type
                        + " of arn:aws:sns:eu-west-1:123456789012:ecs (expected: an event; confirm the"
                        + " subscription to receive events)",
                reading.reason());
    }

    @ParameterizedTest
    @ValueSource(strings = {"arn:aws:sqs:eu-west-1:123456789012:ecs", "ecs", "arn:aws:sns:eu-west-1:1:a\\nb"})
    void aConfirmationOfNoTopicIsUnreadable(String topic) {
        String asked =
                notification("SubscriptionConfirmation", "").replace("arn:aws:sns:eu-west-1:123456789012:ecs", topic);

        assertTrue(ParsedBodies.whyUnreadable(asked).startsWith("TopicArn: "));
        assertTrue(ParsedBodies.whyUnreadable("{\"Type\":\"SubscriptionConfirmation\"}")
                .startsWith("TopicArn: null"));
    }

    @Test
    void otherMessagesOfSnsAreIrrelevant() {
        assertEquals("SNS Other", ParsedBodies.whyIrrelevant(notification("Other", "")));
    }

    @Test
    void onlyANotificationComesByATopic() {
        assertEquals(
                Optional.of("arn:aws:sns:eu-west-1:123456789012:ecs"),
                EventReader.topicOf(notification("Notification", EVENT)));
        assertEquals(Optional.empty(), EventReader.topicOf(notification("SubscriptionConfirmation", EVENT)));
        assertEquals(Optional.empty(), EventReader.topicOf(EVENT));
        assertEquals(Optional.empty(), EventReader.topicOf("{\"half\":"));
    }

    @Test
    void aNotificationOfSomethingElseIsUnreadable() {
        assertTrue(ParsedBodies.whyUnreadable(notification("Notification", "hello"))
                .contains("hello"));
        assertTrue(ParsedBodies.whyUnreadable(notification("Notification", "")).startsWith("body: null"));
        assertTrue(ParsedBodies.whyUnreadable(notification("Notification", "{\"AlarmName\":\"x\"}"))
                .startsWith("detail-type: absent"));
    }

    @Test
    void aNotificationInANotificationIsUnreadable() {
        String nested = notification("Notification", notification("Notification", EVENT));

        assertTrue(ParsedBodies.whyUnreadable(nested).startsWith("detail-type: absent"));
    }

    @Test
    void aNotificationWithoutAMessageIsIrrelevant() {
        assertEquals("SNS Notification", ParsedBodies.whyIrrelevant("{\"Type\":\"Notification\"}"));
        assertEquals("SNS Notification", ParsedBodies.whyIrrelevant("{\"Type\":\"Notification\",\"Message\":{}}"));
    }

    private static String notification(String type, String message) {
        Map<String, Object> notification = new LinkedHashMap<>();
        notification.put("Type", type);
        notification.put("MessageId", "84661abf-7ba1-5b61-be16-41ca044dda1b");
        notification.put("TopicArn", "arn:aws:sns:eu-west-1:123456789012:ecs");
        notification.put("Message", message);
        return Json.write(notification);
    }
}
