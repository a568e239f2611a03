package io.clusterstate.etcd.spring;

import io.clusterstate.ClusterStateView;
import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.EtcdStateReader;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spring.ManagedView;
import io.clusterstate.spring.MirrorAutoConfiguration;
import io.clusterstate.spring.ViewAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/**
 * A reader of the state in etcd, where this process has neither events nor a mirror nor a reader of its own. Of several
 * readers that an application defines, the primary bean has the view and the health. Beside a mirror, none has.
 */
@AutoConfiguration(
        after = {EtcdAutoConfiguration.class, MirrorAutoConfiguration.class},
        before = ViewAutoConfiguration.class)
public final class EtcdReaderAutoConfiguration {

    /** Creates the configuration, for Spring. */
    public EtcdReaderAutoConfiguration() {}

    /** A reader of the properties. */
    @Configuration(proxyBeanMethods = false)
    @Order(1)
    @ConditionalOnBean(Etcd.class)
    @ConditionalOnMissingBean({
        StateStore.class,
        ClusterMirror.class,
        ManagedView.class,
        ClusterStateView.class,
        EtcdStateReader.class
    })
    static final class OfProperties {

        @Bean
        EtcdStateReader etcdStateReader(Etcd etcd) {
            return EtcdStateReader.of(etcd);
        }
    }

    /** The view of the reader, whoever defined it. */
    @Configuration(proxyBeanMethods = false)
    @Order(2)
    @ConditionalOnSingleCandidate(EtcdStateReader.class)
    @ConditionalOnMissingBean({ManagedView.class, ClusterMirror.class})
    static final class Managed {

        @Bean
        ManagedView managedReader(EtcdStateReader reader) {
            return new ManagedView(
                    reader.view(),
                    () -> EtcdAutoConfiguration.OwnReaders.startOnce(reader),
                    reader::close,
                    reader::problems);
        }
    }
}
