package io.clusterstate.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterstate.etcd.EtcdStateReader;
import io.clusterstate.etcd.EtcdStateStore;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.spi.StateStore;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Both stores on one class path: etcd comes first where its endpoints are set, and a store of the host before both. */
class StoresTest {

    private final ApplicationContextRunner host = new ApplicationContextRunner()
            .withUserConfiguration(Host.class)
            .withBean(EcsClient.class, () -> nowhere(EcsClient.builder()))
            .withBean(SqsClient.class, () -> nowhere(SqsClient.builder()));

    /** A client whose calls fail at once; the mirror keeps trying. */
    private static <B extends AwsClientBuilder<B, C>, C> C nowhere(B client) {
        return client.endpointOverride(URI.create("http://127.0.0.1:1"))
                .region(Region.US_EAST_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .build();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Host {}

    @Test
    void theStoreIsInMemoryByDefault() {
        host.withPropertyValues("css.queue=queue")
                .run(context ->
                        assertThat(context).hasSingleBean(ClusterMirror.class).hasSingleBean(MemoryStateStore.class));
    }

    @Test
    void etcdTakesOverWhereItsEndpointsAreSet() {
        host.withPropertyValues("css.queue=queue", "css.etcd.endpoints=http://127.0.0.1:1")
                .run(context -> assertThat(context)
                        .hasSingleBean(ClusterMirror.class)
                        .hasSingleBean(EtcdStateStore.class)
                        .hasSingleBean(StateStore.class));
    }

    @Test
    void withoutAQueueTheProcessReadsFromEtcd() {
        host.withPropertyValues("css.etcd.endpoints=http://127.0.0.1:1").run(context -> assertThat(context)
                .hasSingleBean(EtcdStateReader.class)
                .doesNotHaveBean(StateStore.class)
                .doesNotHaveBean(ClusterMirror.class));
    }
}
