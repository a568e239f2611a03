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
 * Subscriptions of the queue to SNS topics that wait for a person's confirmation. The mirror confirms none: it would
 * have to open an address from a message, and to consent on behalf of the host.
 *
 * <p>Source: the SNS API reference, {@code Subscribe}: "Confirmation tokens are valid for three days."
 *
 * <p>Thread: one thread at a time. Times are in monotonic nanoseconds.
 */
final class SnsSubscriptions {

    static final Duration TOKEN_VALIDITY = Duration.ofDays(3);
    /** The limit of topics kept; nobody subscribes to more by mistake. */
    private static final int MOST = 10;

    private static final Pattern OF_SNS =
            Pattern.compile("https://sns\\.[a-z0-9-]+\\.amazonaws\\.(com|com\\.cn|eu)/[!-~]*");

    private static final Logger LOG = LoggerFactory.getLogger(SnsSubscriptions.class);

    private record Pending(Unconfirmed message, long since) {}

    private final Map<String, Pending> pending = new LinkedHashMap<>();

    /** Notes that SNS asks for a confirmation. */
    void unconfirmed(Unconfirmed message, long now) {
        if (pending.size() < MOST || pending.containsKey(message.topicArn())) {
            Pending before = pending.put(message.topicArn(), new Pending(message, now));
            if (before == null || !before.message().equals(message)) {
                LOG.warn("{} {}", text(message), address(message));
            }
        }
    }

    /** Notes an ordinary message. If it came from a topic, that subscription is confirmed. */
    void arrived(Delivery delivery) {
        if (!pending.isEmpty()) {
            EventReader.topicOf(delivery.body()).ifPresent(pending::remove);
        }
    }

    /** A sentence for each subscription that can still be confirmed. */
    List<String> problems(long now) {
        pending.values().removeIf(each -> now - each.since() > TOKEN_VALIDITY.toNanos());
        return pending.values().stream().map(each -> text(each.message())).toList();
    }

    private static String text(Unconfirmed message) {
        boolean isCancelled = message.type().startsWith("Un");
        return "SNS subscription of " + message.topicArn() + " to this queue: "
                + (isCancelled
                        ? "cancelled, so it delivers no more events (expected: cancelled on purpose; otherwise"
                        : "unconfirmed, so it delivers no events; with raw delivery, css cannot see a later"
                                + " confirmation (expected:")
                + " within 3 days, a person opens the SubscribeURL of the message, or calls aws sns"
                + " confirm-subscription --topic-arn " + message.topicArn() + " with its token)";
    }

    /** The address to open, for the log; the log omits an address outside of SNS, so that nobody opens it. */
    static String address(Unconfirmed message) {
        return message.subscribeUrl()
                .filter(url -> OF_SNS.matcher(url).matches())
                .map(url -> "SubscribeURL: " + url)
                .orElse("SubscribeURL: not an address of SNS, do not open it");
    }
}
