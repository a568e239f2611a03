package io.clusterstate.etcd.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterstate.ClusterStateView;
import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.EtcdStateReader;
import io.clusterstate.etcd.EtcdStateStore;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.spring.EventSourceAutoConfiguration;
import io.clusterstate.spring.ManagedView;
import io.clusterstate.spring.MirrorAutoConfiguration;
import io.clusterstate.spring.ViewAutoConfiguration;
import io.clusterstate.testing.SimulatorFixture;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A mirror on etcd, and a reader of what it writes, each in an application context. */
class EtcdAutoConfigurationTest {

    private static EtcdServer server;
    private static SimulatorFixture world;

    private final ApplicationContextRunner empty = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ViewAutoConfiguration.class,
                    EtcdReaderAutoConfiguration.class,
                    MirrorAutoConfiguration.class,
                    EtcdAutoConfiguration.class,
                    EventSourceAutoConfiguration.class));

    private final ApplicationContextRunner reading =
            empty.withPropertyValues("css.etcd.endpoints=" + server.endpoint(), "css.etcd.namespace=spring/");

    @BeforeAll
    static void begin() throws Exception {
        server = EtcdServer.launch();
        world = new SimulatorFixture(Simulator.builder().clusters(1).tasks(5));
    }

    @AfterAll
    static void end() {
        world.close();
        server.close();
    }

    private static ApplicationContextRunner withAQueue(ApplicationContextRunner context) {
        return context.withPropertyValues("css.queue=" + world.simulator().queueUrl(), "css.poll-wait=1s")
                .withBean(EcsClient.class, world::ecs, definition -> definition.setDestroyMethodName(""))
                .withBean(SqsClient.class, world::sqs, definition -> definition.setDestroyMethodName(""));
    }

    @Test
    void aMirrorWritesToEtcdAndAReaderWithoutAQueueReads() {
        withAQueue(reading).run(writer -> {
            assertThat(writer).hasSingleBean(EtcdStateStore.class).doesNotHaveBean(EtcdStateReader.class);
            writer.getBean(ClusterStateView.class).awaitReady(Duration.ofSeconds(30));
            reading.run(reader -> {
                assertThat(reader)
                        .hasSingleBean(EtcdStateReader.class)
                        .doesNotHaveBean(ClusterMirror.class)
                        .doesNotHaveBean(EcsClient.class)
                        .doesNotHaveBean(SqsClient.class);
                ClusterStateView view = reader.getBean(ClusterStateView.class);
                view.awaitReady(Duration.ofSeconds(30));
                assertThat(view.snapshot().tasks().count()).isEqualTo(5);
            });
        });
    }

    @Test
    void endpointsMayBeAListOfYaml() {
        empty.withPropertyValues("css.etcd.endpoints[0]=" + server.endpoint())
                .run(context -> assertThat(context).hasSingleBean(EtcdStateReader.class));
    }

    @Test
    void withoutEndpointsThereIsNothing() {
        empty.run(context ->
                assertThat(context).hasNotFailed().doesNotHaveBean(Etcd.class).doesNotHaveBean(ClusterStateView.class));
    }

    @Test
    void aStoreOfTheHostComesFirst() {
        withAQueue(reading).withBean(StateStore.class, ReferenceStore::new).run(context -> assertThat(context)
                .hasSingleBean(ClusterMirror.class)
                .doesNotHaveBean(EtcdStateStore.class)
                .doesNotHaveBean(EtcdStateReader.class));
    }

    @Test
    void anAddressOfTheHostComesFirst() {
        empty.withBean(Etcd.class, () -> Etcd.at(server.endpoint().toString()))
                .run(context -> assertThat(context).hasSingleBean(EtcdStateReader.class));
    }

    @Test
    void aReaderOfTheHostIsStartedAndItsViewIsManaged() {
        AtomicReference<EtcdStateReader> own = new AtomicReference<>();
        empty.withBean(EtcdStateReader.class, () -> {
                    own.set(reader());
                    return own.get();
                })
                .run(context -> {
                    assertThat(own.get().isStarted()).isTrue();
                    assertThat(context.getBean(ClusterStateView.class))
                            .isSameAs(own.get().view());
                    assertThat(context.getBean(ManagedView.class).view())
                            .isSameAs(own.get().view());
                });
        assertThatThrownBy(() -> own.get().view().snapshot()).hasMessageContaining("closed");
    }

    @Test
    void aReaderThatTheHostHasStartedStartsNoSecondTime() {
        reading.withBean(EtcdStateReader.class, () -> {
                    EtcdStateReader own = reader();
                    own.start();
                    return own;
                })
                .run(context ->
                        assertThat(context).hasSingleBean(EtcdStateReader.class).hasSingleBean(ClusterStateView.class));
    }

    @Test
    void everyReaderOfTheHostIsStartedAndThePrimaryHasTheView() {
        ApplicationContextRunner two =
                empty.withBean("first", EtcdStateReader.class, EtcdAutoConfigurationTest::reader);
        two.withBean("second", EtcdStateReader.class, EtcdAutoConfigurationTest::reader)
                .run(context -> {
                    assertThat(context.getBeansOfType(EtcdStateReader.class).values())
                            .hasSize(2)
                            .allMatch(EtcdStateReader::isStarted);
                    assertThat(context).doesNotHaveBean(ClusterStateView.class);
                });
        two.withBean(
                        "second",
                        EtcdStateReader.class,
                        EtcdAutoConfigurationTest::reader,
                        definition -> definition.setPrimary(true))
                .run(context -> assertThat(context.getBean(ClusterStateView.class))
                        .isSameAs(
                                context.getBean("second", EtcdStateReader.class).view()));
    }

    @Test
    void aReaderOfTheHostBesideAMirrorIsStartedAndTheViewIsTheMirrors() {
        withAQueue(reading)
                .withBean(EtcdStateReader.class, EtcdAutoConfigurationTest::reader)
                .run(context -> {
                    assertThat(context.getBean(EtcdStateReader.class).isStarted())
                            .isTrue();
                    assertThat(context.getBean(ClusterStateView.class))
                            .isSameAs(context.getBean(ClusterMirror.class).view());
                });
    }

    @Test
    void aReaderOfTheHostBesideAManagedViewIsTheHostsToStart() {
        EtcdStateReader other = reader();
        empty.withBean(EtcdStateReader.class, EtcdAutoConfigurationTest::reader)
                .withBean(
                        ManagedView.class, () -> new ManagedView(other.view(), () -> {}, other::close, other::problems))
                .run(context -> assertThat(
                                context.getBean(EtcdStateReader.class).isStarted())
                        .isFalse());
    }

    @Test
    void besideMirrorsOfTheHostThereIsNoReaderOfTheProperties() {
        reading.withBean("first", ClusterMirror.class, EtcdAutoConfigurationTest::mirror)
                .withBean("second", ClusterMirror.class, EtcdAutoConfigurationTest::mirror)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(EtcdStateReader.class)
                        .doesNotHaveBean(ClusterStateView.class));
    }

    private static ClusterMirror mirror() {
        return ClusterMirror.builder()
                .ecs(world.ecs())
                .events(world.source())
                .store(new ReferenceStore())
                .build();
    }

    private static EtcdStateReader reader() {
        return EtcdStateReader.of(Etcd.at(server.endpoint().toString()));
    }

    @Test
    void badValuesFailTheStartWithTheirNames() {
        refuses("css.etcd.endpoints", "localhost:2379", "http://HOST:PORT");
        refuses("css.etcd.namespace", "css", "to end with /");
        refuses("css.etcd.timeout", "1ms", "at least 100 ms");
        refuses("css.etcd.leader-lease", "1s", "at least");
        refuses("css.etcd.stale-after", "0s", "at least");
        refuses("css.etcd.keep-ended", "-1s", "not negative");
        refuses("css.etcd.keep-tombstones", "-1s", "not negative");
        refuses("css.etcd.tls.authority", "/no/such/file", "/no/such/file");
    }

    @Test
    void aValueWithoutItsPartnerFailsTheStart() {
        refuses("css.etcd.password", "secret", "css.etcd.user: not set");
        refuses("css.etcd.tls.certificate", "client.pem", "css.etcd.tls.authority: not set");
        refuses("css.etcd.tls.key", "client.key", "css.etcd.tls.authority: not set");
    }

    private void refuses(String property, String value, String expected) {
        withAQueue(reading).withPropertyValues(property + "=" + value).run(context -> assertThat(
                        context.getStartupFailure())
                .rootCause()
                .isInstanceOf(InvalidConfigurationPropertyValueException.class)
                .hasMessageContaining(property)
                .hasMessageContaining(expected)
                .hasMessageNotContaining("secret"));
    }
}
