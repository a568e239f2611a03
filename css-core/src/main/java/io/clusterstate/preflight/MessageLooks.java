package io.clusterstate.preflight;

import io.clusterstate.internal.shape.AwsSdk;
import io.clusterstate.internal.sqs.PollWait;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Trial calls on the messages and tags of a queue. A received message is visible again at once; the receipt handle of
 * the other calls is made up. A tag is written and removed.
 */
final class MessageLooks {

    /** Another tag than that of the claim, which belongs to a mirror. */
    private static final String TAG = "io.clusterstate.preflight";

    private static final String NO_RECEIPT = "preflight";
    private static final int TRIES = 3;

    private final SqsClient sqs;
    private final Queue queue;
    private final Findings findings;
    private final Trial trial;

    MessageLooks(SqsClient sqs, Queue queue, Findings findings, Trial trial) {
        this.sqs = sqs;
        this.queue = queue;
        this.findings = findings;
        this.trial = trial;
    }

    void look() {
        call(PreflightCheck.RECEIVE, "sqs:ReceiveMessage", () -> receive(Duration.ZERO))
                .ifPresent(messages -> findings.ok(PreflightCheck.RECEIVE, "allowed"));
        tryReceipt(
                PreflightCheck.DELETE,
                "sqs:DeleteMessage",
                () -> sqs.deleteMessage(request -> request.queueUrl(queue.url())
                        .receiptHandle(NO_RECEIPT)
                        .overrideConfiguration(Trial.limited())));
        tryReceipt(
                PreflightCheck.CHANGE_VISIBILITY,
                "sqs:ChangeMessageVisibility",
                () -> sqs.changeMessageVisibility(request -> request.queueUrl(queue.url())
                        .receiptHandle(NO_RECEIPT)
                        .visibilityTimeout(0)
                        .overrideConfiguration(Trial.limited())));
        tags();
    }

    /** Polls as a mirror does. Blocks: for the wait, which a queue with messages cuts short. */
    void poll(Duration wait) {
        String expected = "a socket timeout well above the wait of " + wait.toSeconds() + " s";
        for (int attempt = 0; attempt < TRIES; attempt++) {
            long begun = System.nanoTime();
            try {
                if (receive(wait).isEmpty()) {
                    findings.ok(PreflightCheck.POLL_WAIT, "the SQS client waits " + wait.toSeconds() + " s");
                    return;
                }
            } catch (AwsServiceException e) {
                findings.unknown(
                        PreflightCheck.POLL_WAIT,
                        "SQS refused the poll: " + Trial.codeOf(e),
                        expected,
                        Optional.empty());
                return;
            } catch (SdkClientException e) {
                failed(e, Duration.ofNanos(System.nanoTime() - begun), expected);
                return;
            }
        }
        findings.unknown(
                PreflightCheck.POLL_WAIT,
                "the queue had messages, so no poll had to wait",
                expected,
                Optional.of("Look again while the queue is empty, or read mirror.status().problems()."));
    }

    private void failed(SdkClientException failure, Duration after, String expected) {
        if (PollWait.gaveUpReading(failure)) {
            findings.missing(
                    PreflightCheck.POLL_WAIT,
                    "the SQS client gave up after " + after.toMillis() / 1e3 + " s",
                    expected,
                    "SqsClient.builder().httpClientBuilder(\n"
                            + "    Apache5HttpClient.builder().socketTimeout(Duration.ofSeconds(30)))");
        } else {
            findings.unknown(
                    PreflightCheck.POLL_WAIT, String.valueOf(failure.getMessage()), expected, Optional.empty());
        }
    }

    private List<Message> receive(Duration wait) {
        return sqs.receiveMessage(request -> request.queueUrl(queue.url())
                        .maxNumberOfMessages(1)
                        .visibilityTimeout(0)
                        .waitTimeSeconds((int) wait.toSeconds())
                        .overrideConfiguration(AwsRequestOverrideConfiguration.builder()
                                .apiCallTimeout(wait.plus(Trial.LIMIT))
                                .addPlugin(AwsSdk::withoutRetries)
                                .build()))
                .messages();
    }

    /** A refusal of the made-up handle shows that the call itself is allowed. */
    private void tryReceipt(PreflightCheck check, String right, Runnable call) {
        Optional<String> answer = call(check, right, () -> {
            try {
                call.run();
            } catch (AwsServiceException e) {
                String code = Trial.codeOf(e);
                if (!code.contains("receipthandle") && !code.contains("invalidparameter")) {
                    throw e;
                }
            }
            return "not denied";
        });
        answer.ifPresent(found -> findings.ok(check, found));
    }

    private void tags() {
        PreflightCheck check = PreflightCheck.CLAIM;
        call(
                        check,
                        "sqs:ListQueueTags",
                        () -> sqs.listQueueTags(
                                request -> request.queueUrl(queue.url()).overrideConfiguration(Trial.limited())))
                .flatMap(listed -> call(
                        check,
                        "sqs:TagQueue",
                        () -> sqs.tagQueue(request -> request.queueUrl(queue.url())
                                .tags(Map.of(TAG, "tried"))
                                .overrideConfiguration(Trial.limited()))))
                .flatMap(tagged -> call(
                        check,
                        "sqs:UntagQueue",
                        () -> sqs.untagQueue(request ->
                                request.queueUrl(queue.url()).tagKeys(TAG).overrideConfiguration(Trial.limited()))))
                .ifPresent(untagged -> findings.ok(check, "allowed"));
    }

    private <R> Optional<R> call(PreflightCheck check, String right, Supplier<R> call) {
        return trial.call(check, right, queue.arn(), call);
    }
}
