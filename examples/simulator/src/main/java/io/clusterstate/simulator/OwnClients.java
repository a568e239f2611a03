package io.clusterstate.simulator;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Real clients of the endpoints, made when they are first asked for. Thread: under the lock of {@link Simulator}. */
final class OwnClients implements AutoCloseable {
    private static final StaticCredentialsProvider ANYBODY =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("anybody", "anything"));

    private final Region region;
    private @Nullable EcsClient ecs;
    private @Nullable SqsClient sqs;

    OwnClients(String region) {
        this.region = Region.of(region);
    }

    EcsClient ecs(URI endpoint) {
        if (ecs == null) {
            ecs = at(endpoint, EcsClient.builder()).build();
        }
        return ecs;
    }

    SqsClient sqs(URI endpoint) {
        if (sqs == null) {
            sqs = at(endpoint, SqsClient.builder()).build();
        }
        return sqs;
    }

    @Override
    public void close() {
        if (ecs != null) {
            ecs.close();
        }
        if (sqs != null) {
            sqs.close();
        }
    }

    private <B extends AwsClientBuilder<B, C>, C> B at(URI endpoint, B builder) {
        return builder.endpointOverride(endpoint)
                .region(region)
                .credentialsProvider(ANYBODY)
                .overrideConfiguration(config -> config.retryStrategy(strategy -> strategy.maxAttempts(1)));
    }
}
