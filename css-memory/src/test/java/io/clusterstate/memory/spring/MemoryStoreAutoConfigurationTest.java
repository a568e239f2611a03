package io.clusterstate.memory.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterstate.ClusterStateView;
import io.clusterstate.memory.FakeClusterState;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.spring.EventSourceAutoConfiguration;
import io.clusterstate.spring.ManagedView;
import io.clusterstate.spring.MirrorAutoConfiguration;
import io.clusterstate.spring.ViewAutoConfiguration;
import io.clusterstate.testing.SimulatorFixture;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import software.amazon.awssdk.services.ecs.EcsClient;

/** The store in memory as the default, and the health of a view that the fake lets grow old. */
class MemoryStoreAutoConfigurationTest {

    private static SimulatorFixture world;

    private final ApplicationContextRunner empty = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ViewAutoConfiguration.class,
                    MirrorAutoConfiguration.class,
                    MemoryStoreAutoConfiguration.class,
                    EventSourceAutoConfiguration.class));

    private final ApplicationContextRunner host = empty.withBean(
                    EcsClient.class, world::ecs, definition -> definition.setDestroyMethodName(""))
            .withBean(EventSource.class, world::source);

    @BeforeAll
    static void begin() {
        world = new SimulatorFixture(Simulator.builder().clusters(1).tasks(5));
    }

    @AfterAll
    static void end() {
        world.close();
    }

    @Test
    void eventsSufficeForAMirrorInMemory() {
        host.run(context -> {
            assertThat(context).hasSingleBean(MemoryStateStore.class).hasSingleBean(ClusterMirror.class);
            context.getBean(ClusterStateView.class).awaitReady(Duration.ofSeconds(30));
        });
    }

    @Test
    void aStoreOfTheHostComesFirst() {
        StateStore own = new ReferenceStore();
        host.withBean(StateStore.class, () -> own).run(context -> {
            assertThat(context).doesNotHaveBean(MemoryStateStore.class);
            ClusterStateView view = context.getBean(ClusterStateView.class);
            view.awaitReady(Duration.ofSeconds(30));
            assertThat(own.snapshot().tasks().count()).isEqualTo(5);
        });
    }

    @Test
    void withoutEventsThereIsNoStore() {
        empty.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(StateStore.class));
    }

    @Test
    void aNegativeTimeFailsTheStartWithItsName() {
        for (String property : List.of("css.memory.keep-ended", "css.memory.keep-tombstones")) {
            host.withPropertyValues(property + "=-1s").run(context -> assertThat(context.getStartupFailure())
                    .rootCause()
                    .isInstanceOf(InvalidConfigurationPropertyValueException.class)
                    .hasMessageContaining(property)
                    .hasMessageContaining("PT-1S")
                    .hasMessageContaining("expected"));
        }
    }

    @Test
    void theHealthFollowsReadinessAndFreshnessAndProblemsAreDetails() {
        FakeClusterState fake = new FakeClusterState();
        AtomicReference<List<String>> problems = new AtomicReference<>(List.of());
        empty.withPropertyValues("css.health.stale-after=30m")
                .withBean(ManagedView.class, () -> new ManagedView(fake.view(), () -> {}, fake::close, problems::get))
                .run(context -> {
                    HealthIndicator indicator = context.getBean(HealthIndicator.class);
                    assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);

                    problems.set(List.of("loop describe is SILENT"));
                    Health withProblems = indicator.health();
                    assertThat(withProblems.getStatus()).isEqualTo(Status.UP);
                    assertThat(withProblems.getDetails()).containsEntry("problems", problems.get());

                    fake.stale(Duration.ofMinutes(31));
                    Health stale = indicator.health();
                    assertThat(stale.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
                    assertThat(stale.getDetails()).containsKey("stale");

                    fake.fresh();
                    assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);

                    fake.notReady();
                    Health notReady = indicator.health();
                    assertThat(notReady.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
                    assertThat(notReady.getDetails()).containsKeys("notReady", "problems");
                });
    }
}
