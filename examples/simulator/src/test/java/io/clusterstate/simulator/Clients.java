package io.clusterstate.simulator;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** Real clients of a simulator, without retries. */
final class Clients implements AutoCloseable {
    private static final StaticCredentialsProvider ANYBODY =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("anybody", "anything"));

    static {
        System.setProperty(SdkSystemSetting.AWS_MAX_ATTEMPTS.property(), "1");
    }

    private final Simulator simulator;
    private final List<SdkAutoCloseable> open = new ArrayList<>();

    Clients(Simulator simulator) {
        this.simulator = simulator;
    }

    EcsClient ecs() {
        return keep(EcsClient.builder()
                .endpointOverride(simulator.ecsEndpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(ANYBODY)
                .build());
    }

    SqsClient sqs() {
        return sqs(simulator.sqsEndpoint());
    }

    SqsClient sqs(URI endpoint) {
        return keep(SqsClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(ANYBODY)
                .build());
    }

    /** Settles the simulator and takes all messages out of its queue, in the order in which they come. */
    List<Event> events() {
        long sent = simulator.settle(Duration.ofMinutes(1));
        var sqs = sqs();
        var events = new ArrayList<Event>();
        for (var batch = receive(sqs); !batch.isEmpty(); batch = receive(sqs)) {
            batch.forEach(message -> events.add(Event.parse(message.body())));
            delete(sqs, batch);
        }
        if (events.size() > sent) {
            throw new AssertionError("events: " + events.size() + " (expected: at most " + sent + ")");
        }
        return events;
    }

    private List<Message> receive(SqsClient sqs) {
        return sqs.receiveMessage(it -> it.queueUrl(simulator.queueUrl())
                        .maxNumberOfMessages(10)
                        .waitTimeSeconds(0))
                .messages();
    }

    private void delete(SqsClient sqs, List<Message> messages) {
        var entries = messages.stream()
                .map(it -> DeleteMessageBatchRequestEntry.builder()
                        .id(it.messageId())
                        .receiptHandle(it.receiptHandle())
                        .build())
                .toList();
        sqs.deleteMessageBatch(it -> it.queueUrl(simulator.queueUrl()).entries(entries));
    }

    private <T extends SdkAutoCloseable> T keep(T client) {
        open.add(client);
        return client;
    }

    @Override
    public void close() {
        open.forEach(SdkAutoCloseable::close);
    }
}
