package io.clusterstate.spring;

import org.springframework.beans.factory.ObjectProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;

/** Builds clients of the SDK by the credentials and the Region that are beans; the SDK looks up what is no bean. */
final class AwsAccess {

    private AwsAccess() {}

    static <C> C client(
            AwsClientBuilder<?, C> builder,
            ObjectProvider<AwsCredentialsProvider> credentials,
            ObjectProvider<AwsRegionProvider> regions) {
        credentials.ifAvailable(builder::credentialsProvider);
        regions.ifAvailable(provider -> builder.region(provider.getRegion()));
        return builder.build();
    }
}
