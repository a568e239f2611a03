package io.clusterstate.preflight;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.UntagQueueResponse;

/** Trial calls with a made-up receipt handle and a tag. The tag is written only if it may be removed. */
final class MessageLooks {

    /** Another tag than that of the claim, which belongs to a mirror. */
    private static final String TAG = "io.clusterstate.preflight";

    private static final String NO_RECEIPT = "preflight";

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
                .flatMap(listed -> untag(check))
                .flatMap(untagged -> call(
                        check,
                        "sqs:TagQueue",
                        () -> sqs.tagQueue(request -> request.queueUrl(queue.url())
                                .tags(Map.of(TAG, "tried"))
                                .overrideConfiguration(Trial.limited()))))
                .flatMap(tagged -> untag(check))
                .ifPresent(untagged -> findings.ok(check, "allowed"));
    }

    private Optional<UntagQueueResponse> untag(PreflightCheck check) {
        return call(
                check,
                "sqs:UntagQueue",
                () -> sqs.untagQueue(
                        request -> request.queueUrl(queue.url()).tagKeys(TAG).overrideConfiguration(Trial.limited())));
    }

    private <R> Optional<R> call(PreflightCheck check, String right, Supplier<R> call) {
        return trial.call(check, right, queue.arn(), call);
    }
}
