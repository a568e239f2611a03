package io.clusterstate.preflight;

import io.clusterstate.internal.sqs.QueueAddress;
import java.util.Optional;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** The search for the queue. */
final class QueueSearch {

    private static final String GET_URL = "sqs:GetQueueUrl";
    private static final String GET_ATTRIBUTES = "sqs:GetQueueAttributes";

    private static final String ATTRIBUTES =
            "VisibilityTimeout=60,MessageRetentionPeriod=86400,SqsManagedSseEnabled=true";

    private final SqsClient sqs;
    private final QueueAddress address;
    private final Findings findings;
    private final Trial trial;

    QueueSearch(SqsClient sqs, QueueAddress address, Findings findings, Trial trial) {
        this.sqs = sqs;
        this.address = address;
        this.findings = findings;
        this.trial = trial;
    }

    /** The queue with its attributes; empty, with a finding, if it was not found. */
    Optional<Queue> find() {
        if (isElsewhere()) {
            return Optional.empty();
        }
        try {
            Optional<Queue> queue = url().flatMap(this::read);
            queue.ifPresent(it -> findings.ok(PreflightCheck.QUEUE, it.arn()));
            return queue;
        } catch (QueueDoesNotExistException e) {
            findings.missing(
                    PreflightCheck.QUEUE,
                    String.valueOf(address.notFound(sqs, e).getMessage()),
                    "a queue",
                    Mend.aws(
                            "sqs create-queue",
                            "--region " + QueueAddress.regionOf(sqs).orElse("REGION"),
                            "--queue-name " + address.name(),
                            "--attributes " + ATTRIBUTES));
            return Optional.empty();
        }
    }

    private boolean isElsewhere() {
        Optional<String> clients = QueueAddress.regionOf(sqs);
        Optional<String> queues = address.region();
        boolean differ = clients.isPresent() && queues.isPresent() && !clients.equals(queues);
        if (differ) {
            findings.missing(
                    PreflightCheck.QUEUE,
                    "the queue is in " + queues.get() + ", the SQS client in " + clients.get(),
                    "clients of the queue's Region",
                    "export AWS_REGION=" + queues.get() + "\nor in code, for both clients:\n.region(Region.of(\""
                            + queues.get() + "\"))");
        }
        return differ;
    }

    private Optional<String> url() {
        return address.url()
                .or(() -> call(GET_URL, () -> sqs.getQueueUrl(address.urlRequest()
                                .overrideConfiguration(Trial.limited())
                                .build())
                        .queueUrl()));
    }

    private Optional<Queue> read(String url) {
        var attributes = call(GET_ATTRIBUTES, () -> sqs.getQueueAttributes(request -> request.queueUrl(url)
                        .attributeNames(QueueAttributeName.ALL)
                        .overrideConfiguration(Trial.limited()))
                .attributes());
        Optional<Queue> queue = attributes.flatMap(found -> Queue.of(url, found));
        if (attributes.isPresent() && queue.isEmpty()) {
            findings.unknown(PreflightCheck.QUEUE, url + ": no QueueArn", "its ARN", Optional.empty());
        }
        return queue;
    }

    /** A call that finds out whether the queue exists. */
    private <R> Optional<R> call(String right, java.util.function.Supplier<R> call) {
        return trial.call(PreflightCheck.QUEUE, right, "arn:aws:sqs:*:*:" + address.name(), call);
    }
}
