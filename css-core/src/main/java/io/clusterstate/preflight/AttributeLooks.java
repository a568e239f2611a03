package io.clusterstate.preflight;

import io.clusterstate.internal.sqs.VisibilityCheck;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/**
 * Looks at the attributes of a queue: times, encryption, dead letters.
 *
 * <p>Source: the SQS API reference, {@code GetQueueAttributes}; the SQS developer guide, "Key management".
 */
final class AttributeLooks {

    /** ECS forgets a stopped task after an hour, so an event that outlives a pause of an hour is the only trace. */
    private static final Duration SHORTEST_RETENTION = Duration.ofHours(1);

    private static final String MANAGED_KEY = "alias/aws/sqs";

    private final SqsClient sqs;
    private final Queue queue;
    private final Findings findings;

    AttributeLooks(SqsClient sqs, Queue queue, Findings findings) {
        this.sqs = sqs;
        this.queue = queue;
        this.findings = findings;
    }

    void look() {
        encryption();
        atLeast(PreflightCheck.RETENTION, QueueAttributeName.MESSAGE_RETENTION_PERIOD, SHORTEST_RETENTION, 86_400);
        atLeast(PreflightCheck.VISIBILITY, QueueAttributeName.VISIBILITY_TIMEOUT, VisibilityCheck.SHORTEST, 60);
        deadLetters();
    }

    private void encryption() {
        Optional<String> key = queue.attribute(QueueAttributeName.KMS_MASTER_KEY_ID);
        if (key.isEmpty()) {
            boolean isManaged = queue.attribute(QueueAttributeName.SQS_MANAGED_SSE_ENABLED)
                    .filter("true"::equals)
                    .isPresent();
            findings.ok(PreflightCheck.ENCRYPTION, isManaged ? "by SQS" : "none");
        } else if (key.get().endsWith(MANAGED_KEY)) {
            findings.missing(
                    PreflightCheck.ENCRYPTION,
                    "the key " + key.get() + ", whose policy never lets EventBridge in",
                    "encryption by SQS, or a key of your own",
                    queue.setAttributes("{\"KmsMasterKeyId\":\"\",\"SqsManagedSseEnabled\":\"true\"}"));
        } else {
            findings.unknown(
                    PreflightCheck.ENCRYPTION,
                    "the key " + key.get() + ", whose policy was not read",
                    "a policy that lets EventBridge use the key",
                    Optional.of(Mend.key(queue.account())));
        }
    }

    private void atLeast(PreflightCheck check, QueueAttributeName name, Duration least, int advised) {
        Optional<Duration> found = queue.attribute(name).flatMap(AttributeLooks::seconds);
        String expected = "at least " + least.toSeconds() + " s, such as " + advised + " s";
        if (found.isEmpty()) {
            findings.unknown(check, "SQS did not report " + name, expected, Optional.empty());
        } else if (found.get().compareTo(least) < 0) {
            findings.missing(
                    check,
                    found.get().toSeconds() + " s",
                    expected,
                    queue.setAttributes("{\"" + name + "\":\"" + advised + "\"}"));
        } else {
            findings.ok(check, found.get().toSeconds() + " s");
        }
    }

    private static Optional<Duration> seconds(String text) {
        return text.matches("\\d{1,9}") ? Optional.of(Duration.ofSeconds(Long.parseLong(text))) : Optional.empty();
    }

    private void deadLetters() {
        String arn = Json.texts(queue.redrivePolicy().get("deadLetterTargetArn")).stream()
                .findFirst()
                .orElse("");
        int receipts = queue.mostReceipts();
        if (arn.isEmpty()) {
            noDeadLetters("no redrive policy, so unreadable messages are deleted", "a redrive policy");
        } else if (receipts < Queue.LEAST_RECEIPTS) {
            findings.missing(
                    PreflightCheck.DEAD_LETTERS,
                    "a move to " + nameOf(arn) + " after " + receipts + " receipts",
                    "at least " + Queue.LEAST_RECEIPTS + " receipts, such as 10",
                    redrive(arn));
        } else {
            deadLetterQueue(arn, "to " + nameOf(arn) + " after " + receipts + " receipts");
        }
    }

    /** A redrive policy may outlive its dead-letter queue. A right to look at that queue is not required. */
    private void deadLetterQueue(String arn, String found) {
        try {
            sqs.getQueueUrl(request -> request.queueName(nameOf(arn))
                    .queueOwnerAWSAccountId(arn.split(":", -1)[4])
                    .overrideConfiguration(Trial.limited()));
            findings.ok(PreflightCheck.DEAD_LETTERS, found);
        } catch (QueueDoesNotExistException e) {
            noDeadLetters("the dead-letter queue " + nameOf(arn) + " does not exist", "a dead-letter queue");
        } catch (SqsException e) {
            findings.ok(PreflightCheck.DEAD_LETTERS, found + " (a queue that this process may not see)");
        }
    }

    private void noDeadLetters(String found, String expected) {
        String dead = queue.name() + "_dead";
        findings.missing(
                PreflightCheck.DEAD_LETTERS,
                found,
                expected,
                Mend.aws(
                                "sqs create-queue",
                                "--region " + queue.region(),
                                "--queue-name " + dead,
                                "--attributes MessageRetentionPeriod=1209600,SqsManagedSseEnabled=true")
                        + "\n"
                        + redrive(queue.arn().replace(":" + queue.name(), ":" + dead)));
    }

    /** On one line, since the inner JSON is a string. */
    private String redrive(String arn) {
        return queue.setAttributes("{\"RedrivePolicy\":\"{\\\"deadLetterTargetArn\\\":\\\"" + arn
                + "\\\",\\\"maxReceiveCount\\\":\\\"10\\\"}\"}");
    }

    private static String nameOf(String arn) {
        return arn.substring(arn.lastIndexOf(':') + 1);
    }
}
