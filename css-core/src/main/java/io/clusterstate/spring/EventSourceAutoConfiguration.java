package io.clusterstate.spring;

import static java.util.Objects.requireNonNull;

import io.clusterstate.ClusterStateView;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.spi.EventSource;
import io.clusterstate.sqs.SqsEventSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The queue of ECS events and its client, where {@code css.queue} is set. Auto-configurations of stores come after this
 * one, and before {@link MirrorAutoConfiguration}.
 */
@AutoConfiguration
@Conditional(OnQueue.class)
@ConditionalOnMissingBean({EventSource.class, ClusterMirror.class, ClusterStateView.class})
@EnableConfigurationProperties(CssProperties.class)
@SuppressWarnings("exports") // an application that uses this package requires Spring itself
public final class EventSourceAutoConfiguration {

    /** Creates the configuration, for Spring. */
    public EventSourceAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(value = SqsClient.class, name = "cssSqsClient")
    SqsClient sqsClient(ObjectProvider<AwsCredentialsProvider> credentials, ObjectProvider<AwsRegionProvider> regions) {
        return AwsAccess.client(SqsClient.builder(), credentials, regions);
    }

    /** Prefers the client by the name. The mirror closes the source. */
    @Bean(destroyMethod = "")
    SqsEventSource cssEventSource(
            @Qualifier("cssSqsClient") ObjectProvider<SqsClient> named,
            ObjectProvider<SqsClient> sqs,
            CssProperties properties) {
        SqsClient client = named.getIfAvailable(sqs::getObject);
        String queue = requireNonNull(properties.queue()); // by the condition above
        SqsEventSource source = PropertyValue.checked("css.queue", queue, value -> SqsEventSource.of(client, value));
        return PropertyValue.set(source, "css.poll-wait", properties.pollWait(), SqsEventSource::waitingUpTo);
    }
}
