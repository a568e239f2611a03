package io.clusterstate.spring;

import io.clusterstate.ClusterStateView;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.ClusterMirrorBuilder;
import io.clusterstate.mirror.MirrorStatus;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.StateStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * The mirror, where there are a source of events and a store: with its ECS client and its life. The mirrors that an
 * application defines start and stop here as well. Of several mirrors, the primary bean has the view, the health and
 * the meters; without a primary bean there are none of these.
 */
@AutoConfiguration(after = EventSourceAutoConfiguration.class)
@EnableConfigurationProperties(CssProperties.class)
@SuppressWarnings("exports") // an application that uses this package requires Spring itself
public final class MirrorAutoConfiguration {

    /** Creates the configuration, for Spring. */
    public MirrorAutoConfiguration() {}

    /** A mirror of the properties. */
    @Configuration(proxyBeanMethods = false)
    @Order(1)
    @ConditionalOnBean({EventSource.class, StateStore.class})
    @ConditionalOnMissingBean({ClusterMirror.class, ClusterStateView.class})
    static final class OfProperties {

        @Bean
        @ConditionalOnMissingBean(value = EcsClient.class, name = "cssEcsClient")
        EcsClient ecsClient(
                ObjectProvider<AwsCredentialsProvider> credentials, ObjectProvider<AwsRegionProvider> regions) {
            return AwsAccess.client(EcsClient.builder(), credentials, regions);
        }

        /** Prefers the client by the name, such as where the application's other clients are of other Regions. */
        @Bean
        ClusterMirror clusterMirror(
                @Qualifier("cssEcsClient") ObjectProvider<EcsClient> named,
                ObjectProvider<EcsClient> ecs,
                EventSource source,
                StateStore store,
                CssProperties properties,
                ObjectProvider<ClusterMirrorCustomizer> customizers) {
            ClusterMirrorBuilder builder = ClusterMirror.builder()
                    .ecs(named.getIfAvailable(ecs::getObject))
                    .events(source)
                    .store(store);
            properties.applyTo(builder);
            customizers.orderedStream().forEach(each -> each.customize(builder));
            return builder.build();
        }
    }

    /** The life of every mirror, whoever defined it. */
    @Configuration(proxyBeanMethods = false)
    @Order(2)
    @ConditionalOnBean(ClusterMirror.class)
    @ConditionalOnMissingBean(ManagedView.class)
    static final class Life {

        /** Besides the mirror behind the view, it starts the others of an application that has several. */
        @Bean
        ViewLifecycle cssMirrorLifecycle(ObjectProvider<ClusterMirror> mirrors) {
            return new ViewLifecycle(
                    () -> mirrors.forEach(Life::startOnce), () -> mirrors.forEach(ClusterMirror::close));
        }

        @Bean
        @ConditionalOnSingleCandidate(ClusterMirror.class)
        ManagedView managedMirror(ClusterMirror mirror) {
            return new ManagedView(mirror.view(), () -> startOnce(mirror), mirror::close, () -> mirror.status()
                    .problems());
        }

        /** An application may have started its own mirror already. */
        private static void startOnce(ClusterMirror mirror) {
            if (mirror.status().phase() == MirrorStatus.Phase.LATENT) {
                mirror.start();
            }
        }
    }
}
