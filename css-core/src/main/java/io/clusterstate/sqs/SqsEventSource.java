package io.clusterstate.sqs;

import io.clusterstate.internal.shape.AwsSdk;
import io.clusterstate.internal.sqs.PollWait;
import io.clusterstate.internal.sqs.QueueAddress;
import io.clusterstate.internal.sqs.VisibilityCheck;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.spi.ClaimableSource;
import io.clusterstate.spi.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/**
 * An event source that receives from an SQS queue, to which an EventBridge rule sends ECS's events directly or through
 * an SNS topic.
 *
 * <p>css trusts every message in the queue, so allow only the rule to send to it.
 *
 * <p>Needs the rights to GetQueueUrl (for a name or an ARN), ReceiveMessage, DeleteMessage, ChangeMessageVisibility and
 * GetQueueAttributes (for the redrive policy and the visibility timeout). The claim, which keeps two mirrors from
 * sharing the queue by accident, needs ListQueueTags, TagQueue and UntagQueue.
 *
 * <p>Thread: safe for any thread.
 */
public final class SqsEventSource implements ClaimableSource {

    /**
     * The default wait of a poll. SQS allows 20 s, but a call of the synchronous client cannot be ended from outside,
     * and {@link ClusterMirror#close()} must end every thread within its 10 s.
     */
    public static final Duration DEFAULT_WAIT = Duration.ofSeconds(7);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);
    /** The time beyond its wait after which a call is given up, since long polls have been seen to hang for good. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
    /** A positive number that a long can hold. */
    private static final Pattern COUNT = Pattern.compile("[1-9]\\d{0,17}");
    /** The wait of a poll after a full one: long enough that SQS looks at all its servers. */
    private static final Duration BACKLOG_WAIT = Duration.ofSeconds(1);
    /** The pause after an empty poll that could not wait. */
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(SqsEventSource.class);

    private final SqsClient sqs;
    private final QueueAddress queue;
    private final Duration wait;
    private final Duration answerLimit;
    private final InstantSource clock;
    private final boolean closesClient;
    private final QueueClaim claim;
    private final PollWait pollWait;
    private final VisibilityCheck visibility;
    private final ReceiptCounts receipts = new ReceiptCounts();
    private volatile @Nullable String url;
    /** Whether the last poll came full, so that the next one hardly waits. */
    private volatile boolean hasBacklog;

    private SqsEventSource(
            SqsClient sqs,
            QueueAddress queue,
            Duration wait,
            Duration answerLimit,
            InstantSource clock,
            boolean closesClient) {
        this.sqs = sqs;
        this.queue = queue;
        this.wait = wait;
        this.answerLimit = answerLimit;
        this.clock = clock;
        this.closesClient = closesClient;
        this.claim = new QueueClaim(sqs, queue.toString());
        this.pollWait = new PollWait("queue " + queue, wait);
        this.visibility = new VisibilityCheck("queue " + queue);
    }

    /**
     * Creates a source with the default wait and the system's clock. It makes no call yet.
     *
     * @param client a client of the queue's Region, whose HTTP client has a socket timeout well above the wait; the
     *     host closes it
     * @param queue the name of a queue of the client's account, or the URL or the ARN of a queue of any account
     * @return the source
     * @throws IllegalArgumentException if {@code queue} is none of these, or an ARN of another Region than the client's
     */
    public static SqsEventSource of(SqsClient client, String queue) {
        return new SqsEventSource(
                client, QueueAddress.of(client, queue), DEFAULT_WAIT, ANSWER_LIMIT, InstantSource.system(), false);
    }

    /**
     * A copy with another wait of each poll. A poll after a full one waits at most a second.
     *
     * @param longest the wait, from 1 to 20 whole seconds; it must end well within the mirror's close limit
     * @return a new source
     */
    public SqsEventSource waitingUpTo(Duration longest) {
        if (longest.toSeconds() < 1
                || longest.compareTo(LONGEST_WAIT) > 0
                || !longest.equals(Duration.ofSeconds(longest.toSeconds()))) {
            throw new IllegalArgumentException("longest: " + longest + " (expected: 1 to 20 whole seconds)");
        }
        return new SqsEventSource(sqs, queue, longest, answerLimit, clock, closesClient);
    }

    /**
     * A copy with another clock for {@link Delivery#receivedAt()}.
     *
     * @param source the clock
     * @return a new source
     */
    public SqsEventSource withClock(InstantSource source) {
        return new SqsEventSource(sqs, queue, wait, answerLimit, source, closesClient);
    }

    /**
     * A copy that closes its client when it is closed, for a client that serves this source alone.
     *
     * @return a new source
     */
    public SqsEventSource closingClient() {
        return new SqsEventSource(sqs, queue, wait, answerLimit, clock, true);
    }

    /** A copy with another limit for late answers, for tests. */
    SqsEventSource answeringWithin(Duration limit) {
        return new SqsEventSource(sqs, queue, wait, limit, clock, closesClient);
    }

    @Override
    public List<Delivery> poll() throws InterruptedException {
        String from = url();
        visibility.look(() -> attributes(QueueAttributeName.VISIBILITY_TIMEOUT));
        boolean isBacklog = hasBacklog;
        Duration longest = isBacklog ? shorter(pollWait.next(), BACKLOG_WAIT) : pollWait.next();
        List<Message> messages = List.of();
        try {
            messages = receive(from, longest, isBacklog);
        } finally {
            hasBacklog = messages.size() >= FULL_BATCH; // false after a failure
        }
        if (messages.isEmpty() && longest.isZero()) {
            TimeUnit.MILLISECONDS.sleep(SHORTEST_PAUSE.toMillis()); // otherwise it would poll without a pause
        }
        return messages.stream().map(this::delivery).toList();
    }

    private List<Message> receive(String from, Duration longest, boolean mayRetry) throws InterruptedException {
        long begun = System.nanoTime();
        try {
            return sqs.receiveMessage(request -> request.queueUrl(from)
                            .maxNumberOfMessages(FULL_BATCH)
                            .waitTimeSeconds((int) longest.toSeconds())
                            .messageSystemAttributeNames(
                                    MessageSystemAttributeName.SENT_TIMESTAMP,
                                    MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT)
                            .overrideConfiguration(pollLimits(longest.plus(answerLimit), mayRetry)))
                    .messages();
        } catch (AbortedException e) {
            if (!Thread.interrupted()) {
                throw e;
            }
            throw (InterruptedException) new InterruptedException("poll of " + queue).initCause(e);
        } catch (QueueDoesNotExistException e) {
            url = null;
            throw queue.notFound(sqs, e);
        } catch (SdkClientException e) {
            pollWait.failed(e, longest, Duration.ofNanos(System.nanoTime() - begun));
            throw e;
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    @Override
    public void settle(Collection<Delivery> deliveries) {
        forEachPart(deliveries, part -> {
            List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
            for (int i = 0; i < part.size(); i++) {
                entries.add(DeleteMessageBatchRequestEntry.builder()
                        .id(Integer.toString(i))
                        .receiptHandle(part.get(i).receipt())
                        .build());
            }
            String from = url();
            report(
                    "settled",
                    sqs.deleteMessageBatch(request -> request.queueUrl(from)
                                    .entries(entries)
                                    .overrideConfiguration(deadlines(answerLimit)))
                            .failed());
            part.forEach(each -> receipts.settled(each.id()));
        });
    }

    @Override
    public void handBack(Collection<Delivery> deliveries) {
        changeVisibility("handed back", deliveries, Duration.ZERO);
    }

    @Override
    public void keep(Collection<Delivery> deliveries, Duration time) {
        changeVisibility("kept", deliveries, time);
    }

    private void changeVisibility(String done, Collection<Delivery> deliveries, Duration time) {
        forEachPart(deliveries, part -> {
            List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>();
            for (int i = 0; i < part.size(); i++) {
                entries.add(ChangeMessageVisibilityBatchRequestEntry.builder()
                        .id(Integer.toString(i))
                        .receiptHandle(part.get(i).receipt())
                        .visibilityTimeout((int) time.toSeconds())
                        .build());
            }
            String from = url();
            report(
                    done,
                    sqs.changeMessageVisibilityBatch(request -> request.queueUrl(from)
                                    .entries(entries)
                                    .overrideConfiguration(deadlines(answerLimit)))
                            .failed());
        });
    }

    /**
     * Reads the queue's redrive policy. If access is denied, the queue is assumed to have one, so that nothing is
     * deleted.
     */
    @Override
    public boolean keepsDeadLetters() {
        try {
            return attributes(QueueAttributeName.REDRIVE_POLICY).containsKey(QueueAttributeName.REDRIVE_POLICY);
        } catch (SdkException e) {
            LOG.warn("{}: cannot read the redrive policy, so no message is deleted: {}", this, e.getMessage());
            return true;
        }
    }

    private Map<QueueAttributeName, String> attributes(QueueAttributeName name) {
        String from = url();
        return sqs.getQueueAttributes(request ->
                        request.queueUrl(from).attributeNames(name).overrideConfiguration(deadlines(answerLimit)))
                .attributes();
    }

    @Override
    public Optional<String> readClaim() {
        return claim.read(url());
    }

    @Override
    public void writeClaim(String note) {
        claim.write(url(), note);
    }

    @Override
    public void removeClaim() {
        claim.remove(url());
    }

    /**
     * Reports a socket timeout of the client that is too short for the wait, which is then shortened. Otherwise reports
     * a visibility timeout of the queue under 25 s, as of the first poll.
     */
    @Override
    public Optional<String> problem() {
        return pollWait.problem().or(visibility::problem);
    }

    /** Closes the client of a {@link #closingClient} source; does nothing else: the host closes any other client. */
    @Override
    public void close() {
        if (closesClient) {
            sqs.close();
        }
    }

    @Override
    public String toString() {
        return "queue " + queue;
    }

    private Delivery delivery(Message message) {
        OptionalLong sent = number(message, MessageSystemAttributeName.SENT_TIMESTAMP);
        OptionalLong count = number(message, MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT);
        return new Delivery(
                message.messageId(),
                message.body(),
                message.receiptHandle(),
                clock.instant(),
                sent.isPresent() ? Optional.of(Instant.ofEpochMilli(sent.getAsLong())) : Optional.empty(),
                count.isPresent()
                        ? (int) Math.min(count.getAsLong(), Integer.MAX_VALUE)
                        : receipts.received(message.messageId()));
    }

    /** A number from SQS's attributes of a message. Other queue servers may omit it, or send a text of their own. */
    private static OptionalLong number(Message message, MessageSystemAttributeName name) {
        String text = message.attributes().getOrDefault(name, "");
        return COUNT.matcher(text).matches() ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    private String url() {
        String known = url;
        if (known != null) {
            return known;
        }
        String found = queue.url().orElseGet(this::lookUpUrl);
        url = found;
        return found;
    }

    private String lookUpUrl() {
        try {
            return sqs.getQueueUrl(queue.urlRequest()
                            .overrideConfiguration(deadlines(answerLimit))
                            .build())
                    .queueUrl();
        } catch (QueueDoesNotExistException e) {
            throw queue.notFound(sqs, e);
        }
    }

    /**
     * The settings of a poll. A poll that may wait is a single attempt, so that each failure is seen; the mirror polls
     * again. A plugin makes the SDK build a configuration for each call, so polls of a backlog do without it.
     */
    private static AwsRequestOverrideConfiguration pollLimits(Duration call, boolean mayRetry) {
        AwsRequestOverrideConfiguration.Builder limits =
                AwsRequestOverrideConfiguration.builder().apiCallTimeout(call); // a second timer costs what one costs
        return mayRetry
                ? limits.build()
                : limits.addPlugin(AwsSdk::withoutRetries).build();
    }

    static AwsRequestOverrideConfiguration deadlines(Duration attempt) {
        return AwsRequestOverrideConfiguration.builder()
                .apiCallAttemptTimeout(attempt)
                .apiCallTimeout(attempt.multipliedBy(2))
                .build();
    }

    private void report(String done, List<BatchResultErrorEntry> failed) {
        for (BatchResultErrorEntry each : failed) {
            LOG.warn("{}: a message was not {} and comes again: {} {}", this, done, each.code(), each.message());
        }
    }

    private static void forEachPart(
            Collection<Delivery> deliveries, java.util.function.Consumer<List<Delivery>> action) {
        List<Delivery> all = List.copyOf(deliveries);
        for (int from = 0; from < all.size(); from += FULL_BATCH) {
            action.accept(all.subList(from, Math.min(all.size(), from + FULL_BATCH)));
        }
    }
}
