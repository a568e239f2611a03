package io.clusterstate.etcd.spring;

import io.clusterstate.ClusterStateView;
import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.EtcdStateReader;
import io.clusterstate.etcd.EtcdStateStore;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spring.EventSourceAutoConfiguration;
import io.clusterstate.spring.ManagedView;
import io.clusterstate.spring.MirrorAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.OnPropertyListCondition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * The address of the state in etcd where {@code css.etcd.endpoints} is set, and the store on it where there are events.
 * It comes before the store in memory, which then backs off. The readers that an application defines start here as
 * well.
 */
@AutoConfiguration(
        after = EventSourceAutoConfiguration.class,
        before = MirrorAutoConfiguration.class,
        beforeName = "io.clusterstate.memory.spring.MemoryStoreAutoConfiguration")
public final class EtcdAutoConfiguration {

    /** Creates the configuration, for Spring. */
    public EtcdAutoConfiguration() {}

    /** The address and the store of the properties. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean({StateStore.class, ClusterStateView.class})
    @EnableConfigurationProperties(EtcdProperties.class)
    static final class OfProperties {

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
    }

    /** The start of every reader of the application, before the web server. The context closes each as a bean. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(EtcdStateReader.class)
    @ConditionalOnMissingBean(ManagedView.class)
    static final class OwnReaders {

        @Bean
        SmartInitializingSingleton cssReaderStart(ObjectProvider<EtcdStateReader> readers) {
            return () -> readers.forEach(OwnReaders::startOnce);
        }

        /** An application may have started its own reader already. */
        static void startOnce(EtcdStateReader reader) {
            if (!reader.isStarted()) {
                reader.start();
            }
        }
    }

    /** Whether the property is there, as one line or as a list. */
    static final class HasEndpoints extends OnPropertyListCondition {

        HasEndpoints() {
            super("css.etcd.endpoints", () -> ConditionMessage.forCondition("etcd"));
        }
    }
}
