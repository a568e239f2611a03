package io.clusterstate.examples.quickstart;

import io.clusterstate.preflight.EventRules;
import io.clusterstate.simulator.EventRoute;
import io.clusterstate.simulator.Simulator;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The AWS account that the doctor looks at, by the clients that an application would use. */
record Account(EcsClient ecs, SqsClient sqs, EventBridgeClient events, String queue, List<AutoCloseable> servers)
        implements AutoCloseable {

    /** The account of the environment's credentials. */
    static Account aws(String queue, @Nullable String region) {
        Optional<Region> chosen = Optional.ofNullable(region).map(Region::of);
        return new Account(
                in(chosen, EcsClient.builder().httpClientBuilder(Apache5HttpClient.builder())),
                in(chosen, SqsClient.builder().httpClientBuilder(Apache5HttpClient.builder())),
                in(chosen, EventBridgeClient.builder().httpClientBuilder(Apache5HttpClient.builder())),
                queue,
                List.of());
    }

    /** A simulated account in which all is right. */
    static Account simulated() {
        Simulator simulator = Simulator.builder().clusters(3).tasks(50).build();
        simulator.start();
        simulator.sqsClient().purgeQueue(it -> it.queueUrl(simulator.queueUrl()));
        EventRoute route = EventRoute.of(simulator);
        return new Account(
                at(simulator.ecsEndpoint(), EcsClient.builder().httpClientBuilder(Apache5HttpClient.builder())),
                at(route.endpoint(), SqsClient.builder().httpClientBuilder(Apache5HttpClient.builder())),
                at(route.endpoint(), EventBridgeClient.builder().httpClientBuilder(Apache5HttpClient.builder())),
                simulator.queueName(),
                List.of(route, simulator));
    }

    EventRules rules() {
        return EventRules.of(events);
    }

    @Override
    public void close() {
        ecs.close();
        sqs.close();
        events.close();
        for (AutoCloseable server : servers) {
            close(server);
        }
    }

    private static void close(AutoCloseable server) {
        try {
            server.close();
        } catch (Exception e) {
            throw new IllegalStateException(server + ": not closed", e);
        }
    }

    private static <B extends AwsClientBuilder<B, C>, C> C in(Optional<Region> region, B builder) {
        region.ifPresent(builder::region);
        return builder.build();
    }

    private static <B extends AwsClientBuilder<B, C>, C> C at(URI endpoint, B builder) {
        return builder.endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("simulated", "simulated")))
                .build();
    }
}
