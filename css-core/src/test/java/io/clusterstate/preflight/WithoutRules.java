package io.clusterstate.preflight;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A host without EventBridge's module, loaded by a class loader of its own. */
public final class WithoutRules {

    private WithoutRules() {}

    /** A report as text. */
    public static String report(String ecsEndpoint, String sqsEndpoint, String queue) throws InterruptedException {
        try (EcsClient ecs = EcsClient.builder()
                        .endpointOverride(URI.create(ecsEndpoint))
                        .region(Region.US_EAST_1)
                        .credentialsProvider(AnonymousCredentialsProvider.create())
                        .httpClientBuilder(Apache5HttpClient.builder())
                        .build();
                SqsClient sqs = SqsClient.builder()
                        .endpointOverride(URI.create(sqsEndpoint))
                        .region(Region.US_EAST_1)
                        .credentialsProvider(AnonymousCredentialsProvider.create())
                        .httpClientBuilder(Apache5HttpClient.builder())
                        .build()) {
            return MirrorPreflight.of(ecs, sqs, queue)
                    .pollWait(PreflightFixture.WAIT)
                    .run()
                    .toString();
        }
    }
}
