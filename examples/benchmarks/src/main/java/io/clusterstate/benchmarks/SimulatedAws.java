package io.clusterstate.benchmarks;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Clients of servers on this machine, with the settings that the performance page recommends. */
final class SimulatedAws {

    private SimulatedAws() {}

    static SqsClient sqs(String endpoint) {
        return at(endpoint, SqsClient.builder())
                .httpClientBuilder(Apache5HttpClient.builder())
                .checksumValidationEnabled(false)
                .build();
    }

    static EcsClient ecs(String endpoint) {
        return at(endpoint, EcsClient.builder())
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
    }

    private static <B extends AwsClientBuilder<B, C>, C> B at(String endpoint, B builder) {
        return builder.endpointOverride(URI.create(endpoint))
                .region(Region.of(SampleIds.REGION))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("simulated", "simulated")));
    }
}
