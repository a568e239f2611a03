package io.clusterstate.memory.spring;

import io.clusterstate.ClusterStateView;
import io.clusterstate.memory.FakeClusterState;
import io.clusterstate.spring.EventSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import software.amazon.awssdk.services.ecs.EcsClient;

/** The fake and its parts. The mirror backs off from the view. Only {@link ClusterStateTest} names it. */
@AutoConfiguration(before = EventSourceAutoConfiguration.class)
final class FakeAutoConfiguration {

    FakeAutoConfiguration() {}

    @Bean
    FakeClusterState fakeClusterState() {
        return new FakeClusterState();
    }

    @Bean
    ClusterStateView clusterStateView(FakeClusterState fake) {
        return fake.view();
    }

    @Bean
    @ConditionalOnMissingBean
    EcsClient ecsClient(FakeClusterState fake) {
        return fake.ecs().client();
    }
}
