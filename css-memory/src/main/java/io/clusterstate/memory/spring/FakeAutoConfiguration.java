package io.clusterstate.memory.spring;

import io.clusterstate.ClusterStateView;
import io.clusterstate.memory.FakeClusterState;
import io.clusterstate.spring.EventSourceAutoConfiguration;
import io.clusterstate.spring.ManagedView;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * The fake and its parts, which come before beans of the application of the same types. A mirror of the properties
 * backs off from the view, and one of the application is not started. Only {@link ClusterStateTest} names it.
 */
@AutoConfiguration(before = EventSourceAutoConfiguration.class)
final class FakeAutoConfiguration {

    FakeAutoConfiguration() {}

    @Bean
    FakeClusterState fakeClusterState() {
        return new FakeClusterState();
    }

    @Bean
    @Primary
    ClusterStateView fakeClusterStateView(FakeClusterState fake) {
        return fake.view();
    }

    @Bean
    @Primary
    EcsClient fakeEcsClient(FakeClusterState fake) {
        return fake.ecs().client();
    }

    /** Takes the place of a mirror's life and health. */
    @Bean
    ManagedView managedFake(FakeClusterState fake) {
        return new ManagedView(fake.view(), () -> {}, fake::close, List::of);
    }
}
