package io.clusterstate.examples.quickstart;

import io.clusterstate.simulator.Simulator;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Access to the mirrored ECS, through the same clients that an application would use.
 *
 * @param simulator the simulator behind the clients; empty for a real account
 * @param ecs the client for the ECS API
 * @param sqs the client for the queue
 * @param queue the queue's name, URL or ARN
 */
record EcsAccess(Optional<Simulator> simulator, EcsClient ecs, SqsClient sqs, String queue) implements AutoCloseable {

    /** Starts the simulator; {@link #close()} ends it. */
    static EcsAccess simulated(Simulator simulator) {
        simulator.start();
        return new EcsAccess(
                Optional.of(simulator),
                at(simulator.ecsEndpoint(), EcsClient.builder())
                        .httpClientBuilder(Apache5HttpClient.builder())
                        .build(),
                at(simulator.sqsEndpoint(), SqsClient.builder())
                        .httpClientBuilder(Apache5HttpClient.builder())
                        .build(),
                simulator.queueUrl());
    }

    /** Access to the account of the environment's credentials. */
    static EcsAccess aws(String queue, @Nullable String region) {
        Optional<Region> chosen = Optional.ofNullable(region).map(Region::of);
        var ecs = EcsClient.builder().httpClientBuilder(Apache5HttpClient.builder());
        var sqs = SqsClient.builder().httpClientBuilder(Apache5HttpClient.builder());
        chosen.ifPresent(ecs::region);
        chosen.ifPresent(sqs::region);
        return new EcsAccess(Optional.empty(), ecs.build(), sqs.build(), queue);
    }

    @Override
    public void close() {
        ecs.close();
        sqs.close();
        simulator.ifPresent(Simulator::close);
    }

    private static <B extends AwsClientBuilder<B, C>, C> B at(URI endpoint, B builder) {
        return builder.endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("simulated", "simulated")));
    }
}
