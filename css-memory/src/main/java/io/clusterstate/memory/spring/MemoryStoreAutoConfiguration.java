package io.clusterstate.memory.spring;

import io.clusterstate.ClusterStateView;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spring.EventSourceAutoConfiguration;
import io.clusterstate.spring.MirrorAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** The store in memory, where there are events and no other store. */
@AutoConfiguration(after = EventSourceAutoConfiguration.class, before = MirrorAutoConfiguration.class)
@EnableConfigurationProperties(MemoryStoreProperties.class)
@SuppressWarnings("exports") // an application that uses this package requires Spring itself
public final class MemoryStoreAutoConfiguration {

    /** Creates the configuration, for Spring. */
    public MemoryStoreAutoConfiguration() {}

    /** The mirror closes the store. */
    @Bean(destroyMethod = "")
    @ConditionalOnBean(EventSource.class)
    @ConditionalOnMissingBean({StateStore.class, ClusterStateView.class})
    MemoryStateStore memoryStateStore(MemoryStoreProperties properties) {
        return properties.store();
    }
}
