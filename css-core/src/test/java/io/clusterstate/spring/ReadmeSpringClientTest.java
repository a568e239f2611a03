package io.clusterstate.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterstate.ClusterStateView;
import io.clusterstate.client.ViewEcsClient;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.SimulatorFixture;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.services.ecs.EcsClient;

/** The client over the view as a bean, beside the client of the mirror. */
class ReadmeSpringClientTest {

    private static SimulatorFixture world;

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ViewAutoConfiguration.class, MirrorAutoConfiguration.class, EventSourceAutoConfiguration.class))
            .withUserConfiguration(Clients.class)
            .withBean(EventSource.class, world::source)
            .withBean(StateStore.class, ReferenceStore::new);

    @BeforeAll
    static void begin() {
        world = new SimulatorFixture(Simulator.builder().clusters(1).tasks(5));
    }

    @AfterAll
    static void end() {
        world.close();
    }

    @Configuration(proxyBeanMethods = false)
    static class Clients {

        // region: spring-view-client
        @Bean(defaultCandidate = false) // so that the mirror and everyone else get the client that asks ECS
        ViewEcsClient viewEcsClient(ClusterStateView view, EcsClient ecs) {
            return ViewEcsClient.over(view, ecs).build();
        }

        @Bean
        Poller poller(@Qualifier("viewEcsClient") EcsClient ecs) { // existing code, whose reads now make no call
            return new Poller(ecs);
        }
        // end: spring-view-client
    }

    record Poller(EcsClient ecs) {

        List<String> poll(String cluster) {
            return ecs.listTasksPaginator(call -> call.cluster(cluster)).taskArns().stream()
                    .toList();
        }
    }

    @Test
    void thePollerReadsFromTheView() {
        application
                .withBean(EcsClient.class, world::ecs, definition -> definition.setDestroyMethodName(""))
                .run(context -> {
                    ClusterStateView view = context.getBean(ClusterStateView.class);
                    view.awaitReady(Duration.ofSeconds(30));
                    Poller poller = context.getBean(Poller.class);
                    String cluster = world.simulator().truth().tasks().get(0).clusterArn();
                    assertThat(poller.poll(cluster)).hasSize(5);
                    ViewEcsClient client = (ViewEcsClient) poller.ecs();
                    assertThat(client.delegate()).isSameAs(world.ecs());
                    assertThat(client.counts().totalDelegated()).isZero();
                });
    }

    @Test
    void itTakesNoPlaceOfTheClientThatTheMirrorNeeds() {
        ClusterMirror elsewhere = ClusterMirror.builder()
                .ecs(world.ecs())
                .events(world.source())
                .store(new ReferenceStore())
                .build();
        application
                .withBean(AwsCredentialsProvider.class, AnonymousCredentialsProvider::create)
                .withBean(AwsRegionProvider.class, () -> () -> Region.US_EAST_1)
                .withBean( // nothing starts, so that no client makes a call
                        ManagedView.class,
                        () -> new ManagedView(elsewhere.view(), () -> {}, elsewhere::close, List::of))
                .run(context -> assertThat(context.getBean("ecsClient", EcsClient.class))
                        .isNotInstanceOf(ViewEcsClient.class)
                        .isSameAs(context.getBean(ViewEcsClient.class).delegate()));
    }
}
