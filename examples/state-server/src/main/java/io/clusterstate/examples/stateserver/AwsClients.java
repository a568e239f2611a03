package io.clusterstate.examples.stateserver;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * The clients of a place. They are configured by the SDK's own variables, such as AWS_REGION, AWS_PROFILE,
 * AWS_ENDPOINT_URL_ECS and AWS_ENDPOINT_URL_SQS.
 *
 * @param ecs the client of ECS
 * @param sqs the client of SQS
 * @param others further parts to close
 */
record AwsClients(EcsClient ecs, SqsClient sqs, List<AutoCloseable> others) implements AutoCloseable {

    /** The name of the session in CloudTrail. */
    private static final String SESSION = "css-state-server";

    /** Clients of a Region, or of the SDK's, with the credentials of a role, or of the process. */
    static AwsClients of(Place place, @Nullable String externalId) {
        List<AutoCloseable> others = new ArrayList<>();
        var ecs = EcsClient.builder().httpClientBuilder(Apache5HttpClient.builder());
        var sqs = SqsClient.builder()
                .httpClientBuilder(Apache5HttpClient.builder())
                .checksumValidationEnabled(false); // TLS protects the messages
        place.region().map(Region::of).ifPresent(region -> {
            ecs.region(region);
            sqs.region(region);
        });
        place.role().ifPresent(role -> {
            var credentials = assume(role, place.region().orElseThrow(), externalId, others);
            ecs.credentialsProvider(credentials);
            sqs.credentialsProvider(credentials);
        });
        String endpoint = System.getenv("ECS_ENDPOINT"); // a variable of the original cluster-state-service
        if (endpoint != null && !endpoint.isBlank()) {
            ecs.endpointOverride(URI.create(endpoint));
        }
        return new AwsClients(ecs.build(), sqs.build(), others);
    }

    /** Credentials of a role, which renew themselves. The first call that needs them asks the STS of the Region. */
    private static StsAssumeRoleCredentialsProvider assume(
            String role, String region, @Nullable String externalId, List<AutoCloseable> opened) {
        StsClient sts = StsClient.builder()
                .httpClientBuilder(Apache5HttpClient.builder())
                .region(Region.of(region))
                .build();
        StsAssumeRoleCredentialsProvider credentials = StsAssumeRoleCredentialsProvider.builder()
                .stsClient(sts)
                .refreshRequest(request ->
                        request.roleArn(role).roleSessionName(SESSION).externalId(externalId))
                .build();
        opened.add(credentials);
        opened.add(sts);
        return credentials;
    }

    /** Clients of a simulator. */
    static AwsClients simulated(URI ecs, URI sqs, String region) {
        return new AwsClients(
                at(ecs, region, EcsClient.builder())
                        .httpClientBuilder(Apache5HttpClient.builder())
                        .build(),
                at(sqs, region, SqsClient.builder())
                        .httpClientBuilder(Apache5HttpClient.builder())
                        .build(),
                List.of());
    }

    private static <B extends AwsClientBuilder<B, C>, C> B at(URI endpoint, String region, B builder) {
        var credentials = AwsBasicCredentials.create("simulated", "simulated");
        return builder.endpointOverride(endpoint)
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(credentials));
    }

    @Override
    public void close() {
        ecs.close();
        sqs.close();
        others.forEach(each -> {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException("client: " + each + " cannot be closed", e);
            }
        });
    }
}
