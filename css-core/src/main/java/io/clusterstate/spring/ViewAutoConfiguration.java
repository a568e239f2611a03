package io.clusterstate.spring;

import io.clusterstate.ClusterStateView;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The view of the mirror or of the reader, its life in the application context, and its health under the name
 * {@code css}.
 */
@AutoConfiguration(after = MirrorAutoConfiguration.class)
@ConditionalOnSingleCandidate(ManagedView.class)
@EnableConfigurationProperties(CssProperties.class)
@SuppressWarnings("exports") // an application that uses this package requires Spring itself
public final class ViewAutoConfiguration {

    /** Creates the configuration, for Spring. */
    public ViewAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    ClusterStateView clusterStateView(ManagedView managed) {
        return managed.view();
    }

    @Bean
    ViewLifecycle cssLifecycle(ManagedView managed) {
        return new ViewLifecycle(managed.start(), managed.stop());
    }

    /** The health; Spring Boot drops the end of the bean's name. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HealthIndicator.class)
    static final class Health {

        @Bean
        @ConditionalOnMissingBean(name = "cssHealthIndicator")
        HealthIndicator cssHealthIndicator(ManagedView managed, CssProperties properties) {
            return new ViewHealthIndicator(managed, properties.healthy());
        }
    }
}
