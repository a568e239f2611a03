package io.clusterstate.preflight;

import io.clusterstate.simulator.EventRoute;
import io.clusterstate.simulator.Simulator;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** A simulated account in which all is right, until a test breaks it. */
final class PreflightFixture implements AutoCloseable {

    static final String REGION = "us-east-1";
    /** A short wait, so that tests need not wait for 7 s. */
    static final Duration WAIT = Duration.ofSeconds(1);

    private final Simulator simulator =
            Simulator.builder().clusters(2).tasks(10).region(REGION).build();
    private EventRoute route;

    PreflightFixture() {
        simulator.start();
        simulator.settle(Duration.ofMinutes(1));
        route = EventRoute.of(simulator);
        mend();
    }

    /** Makes all right again. */
    void mend() {
        route.close();
        simulator.sqsClient().purgeQueue(it -> it.queueUrl(simulator.queueUrl()));
        route = EventRoute.of(simulator);
    }

    Simulator simulator() {
        return simulator;
    }

    EventRoute route() {
        return route;
    }

    void send(int messages) {
        for (int i = 0; i < messages; i++) {
            simulator.sqsClient().sendMessage(it -> it.queueUrl(simulator.queueUrl())
                    .messageBody("{}"));
        }
    }

    /** The receipts of so many messages, including one now for each. */
    int receiptsOf(int messages) {
        int receipts = 0;
        for (int found = 0; found < messages; ) {
            List<Message> received = simulator
                    .sqsClient()
                    .receiveMessage(it -> it.queueUrl(simulator.queueUrl())
                            .waitTimeSeconds(5)
                            .maxNumberOfMessages(10)
                            .messageSystemAttributeNames(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
                    .messages();
            receipts += received.stream()
                    .mapToInt(each -> Integer.parseInt(
                            each.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT)))
                    .sum();
            found += received.size();
        }
        return receipts;
    }

    PreflightReport report() throws InterruptedException {
        return report(REGION, simulator.queueName(), Duration.ofSeconds(30), it -> it);
    }

    PreflightReport report(String region, String queue, Duration socketTimeout, UnaryOperator<MirrorPreflight> change)
            throws InterruptedException {
        try (EcsClient ecs = at(simulator.ecsEndpoint(), region, EcsClient.builder())
                        .httpClientBuilder(Apache5HttpClient.builder())
                        .build();
                EventBridgeClient events = at(route.endpoint(), region, EventBridgeClient.builder())
                        .httpClientBuilder(Apache5HttpClient.builder())
                        .build();
                SqsClient sqs = at(route.endpoint(), region, SqsClient.builder())
                        .httpClientBuilder(Apache5HttpClient.builder().socketTimeout(socketTimeout))
                        .build()) {
            MirrorPreflight preflight = MirrorPreflight.of(ecs, sqs, queue)
                    .rules(EventRules.of(events))
                    .taskDefinitions()
                    .pollWait(WAIT);
            return change.apply(preflight).run();
        }
    }

    private static <B extends AwsClientBuilder<B, C>, C> B at(URI endpoint, String region, B builder) {
        return builder.endpointOverride(endpoint)
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")));
    }

    @Override
    public void close() {
        route.close();
        simulator.close();
    }
}
