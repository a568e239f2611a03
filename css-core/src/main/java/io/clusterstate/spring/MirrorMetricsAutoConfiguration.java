package io.clusterstate.spring;

import io.clusterstate.micrometer.MirrorMetrics;
import io.clusterstate.mirror.ClusterMirror;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/** The meters of the mirror, where there is Micrometer. Spring Boot binds each binder that is a bean. */
@AutoConfiguration(after = MirrorAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnSingleCandidate(ClusterMirror.class)
@SuppressWarnings("exports") // an application that uses this package requires Spring itself
public final class MirrorMetricsAutoConfiguration {

    /** Creates the configuration, for Spring. */
    public MirrorMetricsAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    MirrorMetrics mirrorMetrics(ClusterMirror mirror) {
        return MirrorMetrics.of(mirror);
    }
}
