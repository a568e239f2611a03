package io.clusterstate.internal.sqs;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsServiceClientConfiguration;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;

/**
 * The address of a queue: a name in the client's account and Region, a URL, or an ARN
 * {@code arn:PARTITION:sqs:REGION:ACCOUNT:NAME}.
 *
 * <p>Source of the forms: the SQS developer guide, "Queue and message identifiers"; the service authorization
 * reference, "Resource types defined by Amazon SQS".
 */
public final class QueueAddress {

    private static final String EXPECTED =
            " (expected: a queue's name, its URL, or its ARN arn:PARTITION:sqs:REGION:ACCOUNT:NAME)";
    private static final Pattern NAME = Pattern.compile("[^:/\\s]+");
    private static final Pattern ARN =
            Pattern.compile("arn:aws[a-z-]*:sqs:(?<region>[a-z0-9-]+):(?<account>\\d{12}):(?<name>[^:/\\s]+)");

    /** The host of an endpoint of SQS. */
    private static final Pattern HOST = Pattern.compile("://sqs\\.(?<region>[a-z]{2}[a-z-]*-\\d)\\.amazonaws\\.");

    private final String text;
    private final String name;
    /** Null for the client's own account. */
    private final @Nullable String account;

    private final @Nullable String url;
    /** Null if the text names none. */
    private final @Nullable String region;

    private QueueAddress(
            String text, String name, @Nullable String account, @Nullable String url, @Nullable String region) {
        this.text = text;
        this.name = name;
        this.account = account;
        this.url = url;
        this.region = region;
    }

    /**
     * Reads a name, a URL or an ARN.
     *
     * @param client a client of the Region that an ARN names
     * @param text the address
     * @return the address
     * @throws IllegalArgumentException if the text is none of these, or an ARN of another Region than the client's
     */
    public static QueueAddress of(SqsClient client, String text) {
        QueueAddress address = parse(text);
        if (address.url == null && address.region != null) {
            requireRegion(client, text, address.region);
        }
        return address;
    }

    /**
     * Reads a name, a URL or an ARN of any Region.
     *
     * @param text the address
     * @return the address
     * @throws IllegalArgumentException if the text is none of these
     */
    public static QueueAddress parse(String text) {
        if (text.contains("://")) {
            Matcher host = HOST.matcher(text);
            String name = text.substring(text.lastIndexOf('/') + 1);
            return new QueueAddress(text, name, null, text, host.find() ? host.group("region") : null);
        }
        Matcher arn = ARN.matcher(text);
        if (arn.matches()) {
            return new QueueAddress(text, arn.group("name"), arn.group("account"), null, arn.group("region"));
        }
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("queue: " + text + EXPECTED);
        }
        return new QueueAddress(text, text, null, null, null);
    }

    private static void requireRegion(SqsClient client, String arn, String region) {
        Optional<String> clients = regionOf(client).filter(other -> !other.equals(region));
        if (clients.isPresent()) {
            throw new IllegalArgumentException(
                    "queue: " + arn + " (expected: an SQS client of the queue's Region, not of " + clients.get() + ")");
        }
    }

    /**
     * The Region of a client.
     *
     * @param client any client
     * @return the Region's id; empty if the client does not expose it
     */
    public static Optional<String> regionOf(SqsClient client) {
        try {
            @Nullable SqsServiceClientConfiguration config = client.serviceClientConfiguration();
            return Optional.ofNullable(config)
                    .map(SqsServiceClientConfiguration::region)
                    .map(Region::id);
        } catch (UnsupportedOperationException e) {
            return Optional.empty(); // a client of the host's own making may not expose it
        }
    }

    /**
     * The Region that the address names.
     *
     * @return the Region's id; empty for a name, and for the URL of a server other than AWS's
     */
    public Optional<String> region() {
        return Optional.ofNullable(region);
    }

    /**
     * The queue's name.
     *
     * @return the name alone
     */
    public String name() {
        return name;
    }

    /**
     * The URL, if the address is one.
     *
     * @return the URL; empty for a name or an ARN
     */
    public Optional<String> url() {
        return Optional.ofNullable(url);
    }

    /**
     * The request for the URL of a queue that is addressed by name or ARN.
     *
     * @return the request, to which a caller adds deadlines
     */
    public GetQueueUrlRequest.Builder urlRequest() {
        return GetQueueUrlRequest.builder().queueName(name).queueOwnerAWSAccountId(account);
    }

    /**
     * Explains SQS's answer that the queue does not exist; SQS gives it as well for a queue that the client may not
     * see.
     *
     * @param client the client that was answered
     * @param answer its exception
     * @return an exception whose message names the queue and what was expected
     */
    public IllegalStateException notFound(SqsClient client, RuntimeException answer) {
        String where = regionOf(client).map(region -> " in " + region).orElse("");
        String why = account == null && url == null
                ? "no queue of the SQS client's account" + where
                        + " has this name (expected: one that does; a queue of another account by its ARN or URL)"
                : "does not exist" + where + ", or is hidden from the SQS client's account (expected: a queue there,"
                        + " whose policy allows that account to use it)";
        return new IllegalStateException("queue " + text + ": " + why, answer);
    }

    @Override
    public String toString() {
        return text;
    }
}
