package io.clusterstate.internal.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Events that come through an SNS topic. */
class SnsTest {

    private static final String EVENT = Payloads.body("task/awsdoc-2020-fargate-running.json");

    @Test
    void anEventInANotificationSaysWhatItSaysAlone() {
        Readings.assertSays(Readings.changeIn(EVENT), notification("Notification", EVENT));
    }

    @Test
    void theTypeMayComeAfterTheMessage() {
        Map<String, Object> reversed = new LinkedHashMap<>();
        reversed.put("Message", EVENT);
        reversed.put("Type", "Notification");

        Readings.assertSays(Readings.changeIn(EVENT), Json.write(reversed));
    }

    @Test
    void otherMessagesOfSnsAreIrrelevant() {
        String confirmation = notification("SubscriptionConfirmation", "You have chosen to subscribe to the topic.");

        assertEquals("SNS SubscriptionConfirmation", Readings.whyIrrelevant(confirmation));
        assertEquals(
                "SNS UnsubscribeConfirmation", Readings.whyIrrelevant(notification("UnsubscribeConfirmation", "")));
    }

    @Test
    void aNotificationOfSomethingElseIsUnreadable() {
        assertTrue(Readings.whyUnreadable(notification("Notification", "hello")).contains("hello"));
        assertTrue(Readings.whyUnreadable(notification("Notification", "")).startsWith("body: null"));
        assertTrue(Readings.whyUnreadable(notification("Notification", "{\"AlarmName\":\"x\"}"))
                .startsWith("detail-type: absent"));
    }

    @Test
    void aNotificationInANotificationIsUnreadable() {
        String nested = notification("Notification", notification("Notification", EVENT));

        assertTrue(Readings.whyUnreadable(nested).startsWith("detail-type: absent"));
    }

    @Test
    void aNotificationWithoutAMessageIsIrrelevant() {
        assertEquals("SNS Notification", Readings.whyIrrelevant("{\"Type\":\"Notification\"}"));
        assertEquals("SNS Notification", Readings.whyIrrelevant("{\"Type\":\"Notification\",\"Message\":{}}"));
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
