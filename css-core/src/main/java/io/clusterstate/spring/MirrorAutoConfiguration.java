package io.clusterstate.spring;

import io.clusterstate.ClusterStateView;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.ClusterMirrorBuilder;
import io.clusterstate.mirror.MirrorStatus;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.StateStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * The mirror, where there are a source of events and a store: with its ECS client and its life. A mirror that the
 * application defines gets its life here as well.
 */
@AutoConfiguration(after = EventSourceAutoConfiguration.class)
@EnableConfigurationProperties(CssProperties.class)
@SuppressWarnings("exports") // an application that uses this package requires Spring itself
public final class MirrorAutoConfiguration {

    /** Creates the configuration, for Spring. */
    public MirrorAutoConfiguration() {}

    /** A mirror of the properties. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean({EventSource.class, StateStore.class})
    @ConditionalOnMissingBean({ClusterMirror.class, ClusterStateView.class})
    static final class OfProperties {

        @Bean
        @ConditionalOnMissingBean
        EcsClient ecsClient() {
            return EcsClient.create();
        }

        @Bean
        ClusterMirror clusterMirror(
                EcsClient ecs,
                EventSource source,
                StateStore store,
                CssProperties properties,
                ObjectProvider<ClusterMirrorCustomizer> customizers) {
            ClusterMirrorBuilder builder =
                    ClusterMirror.builder().ecs(ecs).events(source).store(store);
            properties.applyTo(builder);
            customizers.orderedStream().forEach(each -> each.customize(builder));
            return builder.build();
        }
    }

    @Bean
    @ConditionalOnSingleCandidate(ClusterMirror.class)
    @ConditionalOnMissingBean
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
