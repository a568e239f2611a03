package io.clusterstate.examples.stateserver;

import io.clusterstate.mirror.MirrorPlace;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A queue in {@code --queue}, and the places that it is for.
 *
 * @param region the Region in front of the queue, in its ARN or in its URL; null for every Region
 * @param account the account in its ARN or its URL; null for every account
 * @param queue the queue's name, URL or ARN
 */
record QueueChoice(@Nullable String region, @Nullable String account, String queue) {

    private static final Pattern FOR_REGION = Pattern.compile("([a-z0-9-]+)=(.+)");
    private static final Pattern ARN = Pattern.compile("arn:aws[a-z-]*:sqs:([a-z0-9-]+):([0-9]{12}):.+");
    private static final Pattern URL =
            Pattern.compile("https://sqs\\.([a-z0-9-]+)\\.amazonaws\\.[a-z.]+/([0-9]{12})/.+");

    static QueueChoice of(String text) {
        Matcher forRegion = FOR_REGION.matcher(text);
        if (forRegion.matches()) {
            QueueChoice there = plain(forRegion.group(2), text);
            String region = forRegion.group(1);
            if (there.region != null && !there.region.equals(region)) {
                throw new IllegalArgumentException(
                        "--queue: " + text + " (expected: the Region of the queue before =)");
            }
            return new QueueChoice(region, there.account, there.queue);
        }
        return plain(text, text);
    }

    private static QueueChoice plain(String queue, String text) {
        if (queue.startsWith("kinesis://")) {
            throw new IllegalArgumentException(
                    "--queue: " + text + " (expected: an SQS queue; Kinesis is not supported)");
        }
        String name = queue.startsWith("sqs://") ? queue.substring("sqs://".length()) : queue;
        for (Pattern pattern : new Pattern[] {ARN, URL}) {
            Matcher parts = pattern.matcher(name);
            if (parts.matches()) {
                return new QueueChoice(parts.group(1), parts.group(2), name);
            }
        }
        return new QueueChoice(null, null, name);
    }

    /** The queue for a place: one that is only for it, else one for every place. */
    static Optional<String> among(List<QueueChoice> choices, MirrorPlace place) {
        List<QueueChoice> own = choices.stream()
                .filter(each -> each.isFor(place) && (each.region != null || each.account != null))
                .toList();
        List<QueueChoice> found = own.isEmpty()
                ? choices.stream().filter(each -> each.isFor(place)).toList()
                : own;
        if (found.size() > 1) {
            List<String> queues = found.stream().map(QueueChoice::queue).toList();
            throw new IllegalArgumentException(
                    "--queue: " + String.join(", ", queues) + " (expected: one for " + place + ")");
        }
        return found.stream().map(QueueChoice::queue).findFirst();
    }

    boolean isFor(MirrorPlace place) {
        return (region == null || region.equals(place.region()))
                && (account == null
                        || place.account().filter(own -> !own.equals(account)).isEmpty());
    }

    /** Whether the queue is one alone, and not a name that each place may have. */
    boolean isOne() {
        return account != null || queue.contains("://");
    }
}
