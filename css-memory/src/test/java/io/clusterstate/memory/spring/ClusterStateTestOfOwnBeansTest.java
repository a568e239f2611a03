package io.clusterstate.memory.spring;

import static io.clusterstate.memory.FakeTask.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.clusterstate.ClusterStateView;
import io.clusterstate.memory.FakeClusterState;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.MirrorStatus;
import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.EventSource;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.ecs.EcsClient;

/** The annotation, beside an application that defines a client, a mirror and a view itself, by the usual names. */
@SpringBootTest
@ClusterStateTest
class ClusterStateTestOfOwnBeansTest {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        /** The client of an ECS that has a task. */
        @Bean
        EcsClient ecsClient() {
            FakeClusterState account = new FakeClusterState();
            account.put(task("own"));
            return account.ecs().client();
        }

        @Bean
        EventSource eventSource() {
            return new NoEvents();
        }

        @Bean
        ClusterMirror clusterMirror(EcsClient ecs, EventSource source) {
            return ClusterMirror.builder()
                    .ecs(ecs)
                    .events(source)
                    .store(new MemoryStateStore())
                    .build();
        }

        @Bean
        ClusterStateView clusterStateView(ClusterMirror mirror) {
            return mirror.view();
        }
    }

    private static final class NoEvents implements EventSource {

        @Override
        public List<Delivery> poll() {
            throw new IllegalStateException("poll: called (expected: never, since no mirror starts)");
        }

        @Override
        public void settle(Collection<Delivery> deliveries) {}

        @Override
        public void handBack(Collection<Delivery> deliveries) {}

        @Override
        public void close() {}
    }

    @Autowired
    private FakeClusterState fake;

    @Autowired
    private ClusterStateView view;

    @Autowired
    private EcsClient ecs;

    @Autowired
    private ClusterMirror mirror;

    @Test
    void theFakeComesFirstAndTheMirrorIsNotStarted() {
        assertSame(fake.view(), view);
        assertEquals(0, ecs.listTasks().taskArns().size());
        assertEquals(MirrorStatus.Phase.LATENT, mirror.status().phase());
    }
}
