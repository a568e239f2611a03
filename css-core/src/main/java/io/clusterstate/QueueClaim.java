package io.clusterstate;

import io.clusterstate.spi.ClaimableSource;
import io.clusterstate.spi.SourceClaimedException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SqsException;

/**
 * The claim on a queue: a tag with the owner and the moment of its last renewal. SQS has no compare-and-set for tags, so a
 * claim is written and read again; see {@link ClaimableSource#claim}.
 */
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

    /** What stands in the tag. */
    private record Held(String owner, Instant renewedAt) {

        static Optional<Held> parse(String tag) {
            int space = tag.indexOf(' ');
            try {
                return space < 0
                        ? Optional.empty()
                        : Optional.of(new Held(tag.substring(0, space), Instant.parse(tag.substring(space + 1))));
            } catch (DateTimeParseException e) {
                return Optional.empty(); // not written by us: no claim
            }
        }

        boolean isOfAnother(String claimant) {
            return !owner.equals(claimant);
        }

        boolean holdsAt(Instant now) {
            return renewedAt.plus(ClaimableSource.CLAIM_VALIDITY).isAfter(now);
        }

        @Override
        public String toString() {
            return owner + " " + renewedAt;
        }
    }

    boolean claim(String url, String owner, Instant now) {
        try {
            requireFree(url, owner, now);
            sqs.tagQueue(request -> request.queueUrl(url)
                    .tags(Map.of(TAG, new Held(owner, now).toString()))
                    .overrideConfiguration(SqsEventSource.deadlines(ANSWER_LIMIT)));
            requireFree(url, owner, now);
            return true;
        } catch (SqsException e) {
            if (isForbidden(e)) {
                return false;
            }
            throw e;
        }
    }

    /** Not every answer with this status forbids for good: expired credentials have it, too. */
    private static boolean isForbidden(SqsException refusal) {
        return refusal.statusCode() == FORBIDDEN
                && refusal.awsErrorDetails() != null
                && refusal.awsErrorDetails().errorCode().contains("AccessDenied");
    }

    void release(String url, String owner) {
        boolean isOurs = held(url).filter(held -> !held.isOfAnother(owner)).isPresent();
        if (isOurs) {
            sqs.untagQueue(request ->
                    request.queueUrl(url).tagKeys(TAG).overrideConfiguration(SqsEventSource.deadlines(ANSWER_LIMIT)));
        }
    }

    private void requireFree(String url, String owner, Instant now) {
        Optional<Held> other = held(url).filter(held -> held.isOfAnother(owner)).filter(held -> held.holdsAt(now));
        if (other.isPresent()) {
            throw new SourceClaimedException(
                    "queue " + queue + ": claimed by " + other.get().owner() + ", renewed at "
                            + other.get().renewedAt()
                            + " (expected: a queue for each mirror with a store of its own, or a shared store)",
                    other.get().renewedAt());
        }
    }

    private Optional<Held> held(String url) {
        return Optional.ofNullable(sqs.listQueueTags(request ->
                                request.queueUrl(url).overrideConfiguration(SqsEventSource.deadlines(ANSWER_LIMIT)))
                        .tags()
                        .get(TAG))
                .flatMap(Held::parse);
    }
}
