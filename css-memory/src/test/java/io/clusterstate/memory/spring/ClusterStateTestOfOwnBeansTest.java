package io.clusterstate.memory.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.clusterstate.ClusterStateView;
import io.clusterstate.memory.FakeClusterState;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.MirrorStatus;
import io.clusterstate.spi.EventSource;
import io.clusterstate.sqs.SqsEventSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The annotation, beside an application that defines a client, a mirror and a view itself, by the usual names. */
@SpringBootTest
@ClusterStateTest
class ClusterStateTestOfOwnBeansTest {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        EcsClient ecsClient() {
            return EcsClient.builder()
                    .region(Region.US_EAST_1)
                    .credentialsProvider(AnonymousCredentialsProvider.create())
                    .build();
        }

        @Bean(destroyMethod = "")
        EventSource eventSource() {
            return SqsEventSource.of(
                    SqsClient.builder()
                            .region(Region.US_EAST_1)
                            .credentialsProvider(AnonymousCredentialsProvider.create())
                            .build(),
                    "queue");
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
