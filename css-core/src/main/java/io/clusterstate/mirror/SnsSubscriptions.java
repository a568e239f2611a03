package io.clusterstate.mirror;

import io.clusterstate.internal.event.EventReader;
import io.clusterstate.internal.event.ParsedBody.Unconfirmed;
import io.clusterstate.spi.Delivery;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Subscriptions of the queue to SNS topics that wait for a person. The mirror confirms none by itself: it would open an
 * address that somebody has put into a message, and consent to what nobody asked it for.
 *
 * <p>Source: the SNS API reference, {@code Subscribe}: "Confirmation tokens are valid for three days."
 *
 * <p>Thread: one at a time. Times are in nanoseconds that never jump.
 */
final class SnsSubscriptions {

    static final Duration TOKEN_VALIDITY = Duration.ofDays(3);
    /** More are not set up by mistake. */
    private static final int MOST = 10;

    private static final Pattern OF_SNS =
            Pattern.compile("https://sns\\.[a-z0-9-]+\\.amazonaws\\.(com|com\\.cn|eu)/[!-~]*");

    private static final Logger LOG = LoggerFactory.getLogger(SnsSubscriptions.class);

    private record Pending(Unconfirmed message, long since) {}

    private final Map<String, Pending> pending = new LinkedHashMap<>();

    /** SNS asks for a confirmation. */
    void unconfirmed(Unconfirmed message, long now) {
        if (pending.size() < MOST || pending.containsKey(message.topicArn())) {
            Pending before = pending.put(message.topicArn(), new Pending(message, now));
            if (before == null || !before.message().equals(message)) {
                LOG.warn("{} {}", text(message), address(message));
            }
        }
    }

    /** A message has come that asks for none: if by a topic, then that subscription is confirmed. */
    void arrived(Delivery delivery) {
        if (!pending.isEmpty()) {
            EventReader.topicOf(delivery.body()).ifPresent(pending::remove);
        }
    }

    /** One sentence for each that can still be confirmed. */
    List<String> problems(long now) {
        pending.values().removeIf(each -> now - each.since() > TOKEN_VALIDITY.toNanos());
        return pending.values().stream().map(each -> text(each.message())).toList();
    }

    private static String text(Unconfirmed message) {
        String topic = message.topicArn();
        String state = message.type().startsWith("Un")
                ? " was cancelled: no event comes by it any more (expected, unless that is meant:"
                : " waits for its confirmation: no event comes by it until then, but for raw delivery this may be over (expected:";
        return "the SNS subscription of " + topic + " to this queue" + state
                + " a person who opens the SubscribeURL of the message, or calls aws sns confirm-subscription --topic-arn "
                + topic + " with its token, within 3 days)";
    }

    /** For the log: a link that leads elsewhere is better not there to be clicked. */
    static String address(Unconfirmed message) {
        return message.subscribeUrl()
                .filter(url -> OF_SNS.matcher(url).matches())
                .map(url -> "SubscribeURL: " + url)
                .orElse("Its SubscribeURL is none of SNS: do not open it.");
    }
}
