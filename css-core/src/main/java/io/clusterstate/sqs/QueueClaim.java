package io.clusterstate.sqs;

import io.clusterstate.spi.ClaimForbiddenException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** The note of the mirror that claims a queue. It is a tag of the queue, which SQS replaces without a condition. */
final class QueueClaim {

    private static final String TAG = "io.clusterstate.claim";
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
    private static final int FORBIDDEN = 403;

    private final SqsClient sqs;
    private final String queue;

    QueueClaim(SqsClient sqs, String queue) {
        this.sqs = sqs;
        this.queue = queue;
    }

    Optional<String> read(String url) {
        return permitted(() -> Optional.ofNullable(sqs.listQueueTags(
                        request -> request.queueUrl(url).overrideConfiguration(SqsEventSource.deadlines(ANSWER_LIMIT)))
                .tags()
                .get(TAG)));
    }

    void write(String url, String note) {
        permitted(() -> sqs.tagQueue(request -> request.queueUrl(url)
                .tags(Map.of(TAG, note))
                .overrideConfiguration(SqsEventSource.deadlines(ANSWER_LIMIT))));
    }

    void remove(String url) {
        permitted(() -> sqs.untagQueue(request ->
                request.queueUrl(url).tagKeys(TAG).overrideConfiguration(SqsEventSource.deadlines(ANSWER_LIMIT))));
    }

    private <T> T permitted(Supplier<T> call) {
        try {
            return call.get();
        } catch (SqsException e) {
            if (isForbidden(e)) {
                throw new ClaimForbiddenException(
                        "queue " + queue + ": claim denied (expected: the rights to ListQueueTags, TagQueue and"
                                + " UntagQueue)",
                        e);
            }
            throw e;
        }
    }

    /** Whether the refusal is about rights. Expired credentials have the same HTTP status, but can be renewed. */
    private static boolean isForbidden(SqsException refusal) {
        return refusal.statusCode() == FORBIDDEN
                && refusal.awsErrorDetails() != null
                && refusal.awsErrorDetails().errorCode().contains("AccessDenied");
    }
}
