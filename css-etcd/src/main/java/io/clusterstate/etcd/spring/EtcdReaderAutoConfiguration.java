package io.clusterstate.etcd.spring;

import io.clusterstate.ClusterStateView;
import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.EtcdStateReader;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spring.ManagedView;
import io.clusterstate.spring.MirrorAutoConfiguration;
import io.clusterstate.spring.ViewAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** A reader of the state in etcd, where this process has neither events nor a mirror. */
@AutoConfiguration(
        after = {EtcdAutoConfiguration.class, MirrorAutoConfiguration.class},
        before = ViewAutoConfiguration.class)
@ConditionalOnBean(Etcd.class)
@ConditionalOnMissingBean({StateStore.class, ManagedView.class, ClusterStateView.class, EtcdStateReader.class})
public final class EtcdReaderAutoConfiguration {

    /** Creates the configuration, for Spring. */
    public EtcdReaderAutoConfiguration() {}

    @Bean
    EtcdStateReader etcdStateReader(Etcd etcd) {
        return EtcdStateReader.of(etcd);
    }

    @Bean
    ManagedView managedReader(EtcdStateReader reader) {
        return new ManagedView(reader.view(), reader::start, reader::close, reader::problems);
    }
}
