package io.clusterstate.testing;

import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.SimulatorBuilder;
import io.clusterstate.sqs.SqsEventSource;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A running simulator, and the real AWS clients that talk to it. */
public final class SimulatorFixture implements AutoCloseable {

    public static final Duration SHORT_WAIT = Duration.ofSeconds(1);
    private static final int VISIBILITY_SECONDS = 2;

    private final Simulator simulator;
    private final EcsClient ecs;
    private final SqsClient sqs;

    public SimulatorFixture(SimulatorBuilder builder) {
        simulator = builder.build();
        simulator.start();
        ecs = at(simulator.ecsEndpoint(), EcsClient.builder())
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
        sqs = sqs(simulator.sqsEndpoint());
        comeAgainWithin(VISIBILITY_SECONDS);
    }

    /** A client for the queue server at an address. */
    public static SqsClient sqs(URI endpoint) {
        return at(endpoint, SqsClient.builder())
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
    }

    public Simulator simulator() {
        return simulator;
    }

    public EcsClient ecs() {
        return ecs;
    }

    public SqsClient sqs() {
        return sqs;
    }

    public SqsEventSource source() {
        return SqsEventSource.of(sqs, simulator.queueName()).waitingUpTo(SHORT_WAIT);
    }

    public void send(String body) {
        sqs.sendMessage(request -> request.queueUrl(simulator.queueUrl()).messageBody(body));
    }

    /** The number of messages in the queue, visible or in flight. */
    public int messagesLeft() {
        var attributes = sqs.getQueueAttributes(request -> request.queueUrl(simulator.queueUrl())
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes();
        return attributes.values().stream().mapToInt(Integer::parseInt).sum();
    }

    /**
     * Sets the queue's visibility timeout, which is 2 seconds at first, so that unsettled deliveries come again soon.
     */
    public void comeAgainWithin(int seconds) {
        sqs.setQueueAttributes(request -> request.queueUrl(simulator.queueUrl())
                .attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, Integer.toString(seconds))));
    }

    public List<String> taskArns() {
        return simulator.truth().tasks().stream()
                .map(software.amazon.awssdk.services.ecs.model.Task::taskArn)
                .toList();
    }

    @Override
    public void close() {
        ecs.close();
        sqs.close();
        simulator.close();
    }

    /** Leads a client to an endpoint of a simulator, with credentials that it accepts. */
    public static <B extends AwsClientBuilder<B, C>, C> B at(URI endpoint, B builder) {
        return builder.endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("simulated", "simulated")))
                .overrideConfiguration(config -> config.retryStrategy(strategy -> strategy.maxAttempts(1)));
    }
}
