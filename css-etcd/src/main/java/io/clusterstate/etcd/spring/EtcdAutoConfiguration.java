package io.clusterstate.etcd.spring;

import io.clusterstate.ClusterStateView;
import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.EtcdStateStore;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spring.EventSourceAutoConfiguration;
import io.clusterstate.spring.MirrorAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.OnPropertyListCondition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * The address of the state in etcd where {@code css.etcd.endpoints} is set, and the store on it where there are events.
 * It comes before the store in memory, which then backs off.
 */
@AutoConfiguration(
        after = EventSourceAutoConfiguration.class,
        before = MirrorAutoConfiguration.class,
        beforeName = "io.clusterstate.memory.spring.MemoryStoreAutoConfiguration")
@ConditionalOnMissingBean({StateStore.class, ClusterStateView.class})
@EnableConfigurationProperties(EtcdProperties.class)
public final class EtcdAutoConfiguration {

    /** Creates the configuration, for Spring. */
    public EtcdAutoConfiguration() {}

    @Bean
    @Conditional(HasEndpoints.class)
    @ConditionalOnMissingBean
    Etcd etcd(EtcdProperties properties) {
        return properties.etcd();
    }

    /** The mirror closes the store. */
    @Bean(destroyMethod = "")
    @ConditionalOnBean({Etcd.class, EventSource.class})
    EtcdStateStore etcdStateStore(Etcd etcd, EtcdProperties properties) {
        return properties.store(etcd);
    }

    /** Whether the property is there, as one line or as a list. */
    static final class HasEndpoints extends OnPropertyListCondition {

        HasEndpoints() {
            super("css.etcd.endpoints", () -> ConditionMessage.forCondition("etcd"));
        }
    }
}
