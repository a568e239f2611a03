package io.clusterstate.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterstate.ClusterStateView;
import io.clusterstate.EntityKind;
import io.clusterstate.json.EcsJacksonModule;
import io.clusterstate.micrometer.MirrorMetrics;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.Clusters;
import io.clusterstate.mirror.MirrorStatus.Phase;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.SimulatorFixture;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import tools.jackson.databind.JacksonModule;

/** The beans of css-core in application contexts, with a store and clients of the host. */
class MirrorAutoConfigurationTest {

    private static SimulatorFixture world;

    /** The auto-configurations that the jar names, in the order that Spring Boot gives them. */
    private final ApplicationContextRunner empty = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    WebAutoConfiguration.class,
                    ViewAutoConfiguration.class,
                    MirrorMetricsAutoConfiguration.class,
                    MirrorAutoConfiguration.class,
                    EventSourceAutoConfiguration.class));

    private final ApplicationContextRunner host = empty.withPropertyValues(
                    "css.queue=" + world.simulator().queueUrl(), "css.poll-wait=1s")
            .withBean(EcsClient.class, world::ecs, definition -> definition.setDestroyMethodName(""))
            .withBean(SqsClient.class, world::sqs, definition -> definition.setDestroyMethodName(""))
            .withBean(StateStore.class, ReferenceStore::new);

    @BeforeAll
    static void begin() {
        world = new SimulatorFixture(Simulator.builder().clusters(2).tasks(30));
    }

    @AfterAll
    static void end() {
        world.close();
    }

    @Test
    void withoutAQueueThereIsNoMirrorAndNoClient() {
        empty.run(context -> assertThat(context)
                .hasNotFailed()
                .doesNotHaveBean(ClusterMirror.class)
                .doesNotHaveBean(ClusterStateView.class)
                .doesNotHaveBean(EcsClient.class)
                .doesNotHaveBean(SqsClient.class));
    }

    @Test
    void anEmptyQueueIsNone() {
        host.withPropertyValues("css.queue=").run(context -> assertThat(context)
                .hasNotFailed()
                .doesNotHaveBean(EventSource.class)
                .doesNotHaveBean(ClusterMirror.class));
    }

    @ParameterizedTest
    @CsvSource({",PT1H", "10m,PT1H", "2h,PT4H10M"})
    void theHealthBearsTwoMissedPasses(@Nullable String reconcileEvery, Duration bound) {
        String[] values =
                reconcileEvery == null ? new String[0] : new String[] {"css.reconcile-every=" + reconcileEvery};
        host.withPropertyValues(values)
                .run(context -> assertThat(context.getBean(CssProperties.class).staleAfter())
                        .isEqualTo(bound));
    }

    @Test
    void anApplicationThatNeedsAViewLearnsWhichPropertyIsMissing() {
        assertThat(analysisOf(Map.of(), ClusterStateView.class).getDescription())
                .contains("css.queue: not set");
        assertThat(analysisOf(Map.of("css.queue", "queue"), ClusterMirror.class).getDescription())
                .contains("store: none");
        assertThat(analysisOf(Map.of(), String.class)).isNull();
    }

    /** The text that Spring Boot prints after a failed start, from the analyzer in the jar. */
    private static FailureAnalysis analysisOf(Map<String, Object> properties, Class<?> missing) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
        return SpringFactoriesLoader.forDefaultResourceLocation()
                .load(
                        FailureAnalyzer.class,
                        ArgumentResolver.of(Environment.class, environment),
                        (type, name, failure) -> {})
                .stream()
                .filter(NoViewFailureAnalyzer.class::isInstance)
                .findFirst()
                .orElseThrow()
                .analyze(new BeanCreationException("bean", new NoSuchBeanDefinitionException(missing)));
    }

    @Test
    void withoutAStoreThereIsNoMirror() {
        empty.withPropertyValues("css.queue=queue")
                .withBean(SqsClient.class, world::sqs, definition -> definition.setDestroyMethodName(""))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ClusterMirror.class));
    }

    @Test
    void theContextStartsAndClosesTheMirror() {
        AtomicReference<ClusterMirror> closed = new AtomicReference<>();
        host.run(context -> {
            assertThat(context).hasSingleBean(ClusterStateView.class).hasSingleBean(MirrorMetrics.class);
            ClusterMirror mirror = context.getBean(ClusterMirror.class);
            closed.set(mirror);
            ClusterStateView view = context.getBean(ClusterStateView.class);
            view.awaitReady(Duration.ofSeconds(30));
            assertThat(view.snapshot().tasks().count()).isEqualTo(30);

            Health health =
                    context.getBean("cssHealthIndicator", HealthIndicator.class).health();
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails()).containsKeys("freshUpTo", "revision");
        });
        assertThat(closed.get().status().phase()).isEqualTo(Phase.CLOSED);
    }

    @Test
    void theStartDoesNotWaitForEcs() {
        try (SimulatorFixture gone =
                new SimulatorFixture(Simulator.builder().clusters(1).tasks(1))) {
            gone.simulator().close();
            host.withBean("gone", EcsClient.class, gone::ecs, definition -> {
                        definition.setPrimary(true);
                        definition.setDestroyMethodName("");
                    })
                    .run(context -> {
                        assertThat(context.getBean(ClusterMirror.class).status().phase())
                                .isEqualTo(Phase.LOADING);
                        Health health = context.getBean(HealthIndicator.class).health();
                        assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
                        assertThat(health.getDetails().get("notReady").toString())
                                .contains("LOADING");
                    });
        }
    }

    @Test
    void thePropertiesReachTheMirror() {
        String cluster = world.simulator().truth().tasks().get(0).clusterArn();
        host.withPropertyValues("css.clusters=" + cluster, "css.kinds=task,service", "css.task-definitions=referenced")
                .run(context -> {
                    ClusterStateView view = context.getBean(ClusterStateView.class);
                    view.awaitReady(Duration.ofSeconds(30));
                    assertThat(view.snapshot().clusters().count()).isEqualTo(1);
                    assertThat(view.snapshot().instances().count()).isZero();
                    view.awaitUntil(
                            state -> state.query(EntityKind.TASK_DEFINITION).count() > 0, Duration.ofSeconds(30));
                });
    }

    @ParameterizedTest
    @CsvSource({
        "css.reconcile-every,0s,PT0S,at least",
        "css.consistency-allowance,-1s,PT-1S,not negative",
        "css.api-share,0,0.0,above 0",
        "css.service-events,101,101,100",
        "css.pollers,0,0,>= 1",
        "css.poison-receipts,0,0,>= 1",
        "css.close-within,1ms,PT0.001S,at least",
        "css.health.stale-after,-1s,PT-1S,not negative",
        "css.poll-wait,1500ms,PT1.5S,whole seconds",
        "css.queue,arn:aws:sqs:eu-west-1:1:q,arn:aws:sqs:eu-west-1:1:q,eu-west-1",
    })
    void aValueOutOfRangeFailsTheStartWithItsName(String property, String value, Object shown, String expected) {
        host.withPropertyValues(property + "=" + value).run(context -> assertThat(context.getStartupFailure())
                .rootCause()
                .isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, failure -> {
                    assertThat(failure.getName()).isEqualTo(property);
                    assertThat(failure.getValue()).hasToString(shown.toString());
                    assertThat(failure.getReason()).contains("expected").contains(expected);
                }));
    }

    @Test
    void aKindThatIsNoneFailsTheStartWithItsName() {
        host.withPropertyValues("css.kinds=pod").run(context -> assertThat(context.getStartupFailure())
                .rootCause()
                .hasMessageContaining("pod")
                .hasMessageContaining("CssProperties.Kind"));
    }

    @Test
    void customizersComeAfterTheProperties() {
        host.withPropertyValues("css.clusters=missing")
                .withBean(ClusterMirrorCustomizer.class, () -> builder -> builder.clusters(Clusters.all()))
                .run(context -> context.getBean(ClusterStateView.class).awaitReady(Duration.ofSeconds(30)));
    }

    @Test
    void aMirrorOfTheHostIsStartedWithItsViewAndMeters() {
        AtomicReference<ClusterMirror> own = new AtomicReference<>();
        empty.withPropertyValues("css.queue=another")
                .withBean(ClusterMirror.class, () -> {
                    own.set(ClusterMirror.builder()
                            .ecs(world.ecs())
                            .events(world.source())
                            .store(new ReferenceStore())
                            .build());
                    return own.get();
                })
                .run(context -> {
                    assertThat(context).doesNotHaveBean(EventSource.class).hasSingleBean(MirrorMetrics.class);
                    assertThat(context.getBean(ClusterStateView.class))
                            .isSameAs(own.get().view());
                    assertThat(own.get().status().phase()).isNotEqualTo(Phase.LATENT);
                });
    }

    @Test
    void aMirrorThatTheHostHasStartedStartsNoSecondTime() {
        empty.withBean(ClusterMirror.class, () -> {
                    ClusterMirror own = ClusterMirror.builder()
                            .ecs(world.ecs())
                            .events(world.source())
                            .store(new ReferenceStore())
                            .build();
                    own.start();
                    return own;
                })
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void everyMirrorOfTheHostIsStartedAndClosed() {
        AtomicReference<List<ClusterMirror>> own = new AtomicReference<>();
        empty.withBean("first", ClusterMirror.class, MirrorAutoConfigurationTest::mirror)
                .withBean("second", ClusterMirror.class, MirrorAutoConfigurationTest::mirror)
                .run(context -> {
                    own.set(List.copyOf(
                            context.getBeansOfType(ClusterMirror.class).values()));
                    assertThat(own.get()).hasSize(2).noneMatch(MirrorAutoConfigurationTest::isLatent);
                    assertThat(context).doesNotHaveBean(ClusterStateView.class);
                });
        assertThat(own.get()).allMatch(mirror -> mirror.status().phase() == Phase.CLOSED);
    }

    @Test
    void aPrimaryMirrorHasTheViewAndTheOthersAreStartedToo() {
        empty.withBean("first", ClusterMirror.class, MirrorAutoConfigurationTest::mirror)
                .withBean(
                        "second",
                        ClusterMirror.class,
                        MirrorAutoConfigurationTest::mirror,
                        definition -> definition.setPrimary(true))
                .run(context -> {
                    assertThat(context.getBeansOfType(ClusterMirror.class).values())
                            .noneMatch(MirrorAutoConfigurationTest::isLatent);
                    assertThat(context.getBean(ClusterStateView.class))
                            .isSameAs(context.getBean("second", ClusterMirror.class)
                                    .view());
                });
    }

    @Test
    void aContextThatWasStoppedDoesNotStartAgainWithAClosedView() {
        host.run(context -> {
            context.stop();
            assertThatThrownBy(context::start).rootCause().hasMessageContaining("css: stopped");
        });
    }

    private static ClusterMirror mirror() {
        return ClusterMirror.builder()
                .ecs(world.ecs())
                .events(world.source())
                .store(new ReferenceStore())
                .build();
    }

    private static boolean isLatent(ClusterMirror mirror) {
        return mirror.status().phase() == Phase.LATENT;
    }

    @Test
    void aViewOfTheHostLeavesNoMirror() {
        ClusterMirror elsewhere = ClusterMirror.builder()
                .ecs(world.ecs())
                .events(world.source())
                .store(new ReferenceStore())
                .build();
        host.withBean(ClusterStateView.class, elsewhere::view).run(context -> assertThat(context)
                .hasNotFailed()
                .doesNotHaveBean(ClusterMirror.class)
                .doesNotHaveBean(EventSource.class)
                .doesNotHaveBean(HealthIndicator.class));
    }

    @Test
    void theMirrorStartsBeforeWebServersAndIsNotPaused() {
        host.run(context -> {
            SmartLifecycle lifecycle = context.getBean("cssLifecycle", ViewLifecycle.class);
            assertThat(lifecycle.getPhase()).isLessThan(SmartLifecycle.DEFAULT_PHASE - 2048);
            assertThat(lifecycle.isPauseable()).isFalse();
            assertThat(lifecycle.isRunning()).isTrue();
        });
    }

    @Test
    void withoutMicrometerThereAreNoMeters() {
        host.withClassLoader(new FilteredClassLoader("io.micrometer")).run(context -> assertThat(context)
                .hasSingleBean(ClusterMirror.class)
                .satisfies(
                        there -> assertThat(there.containsBean("mirrorMetrics")).isFalse()));
    }

    @Test
    void withoutHealthThereIsNoIndicator() {
        host.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
                .run(context -> {
                    assertThat(context).hasSingleBean(ClusterMirror.class);
                    assertThat(context.containsBean("cssHealthIndicator")).isFalse();
                });
    }

    @Test
    void withoutJacksonAndTheWebTheRestWorks() {
        host.withClassLoader(new FilteredClassLoader("tools.jackson", "org.springframework.web"))
                .run(context -> {
                    assertThat(context).hasSingleBean(ClusterMirror.class);
                    assertThat(context.containsBean("ecsJacksonModule")).isFalse();
                });
    }

    @Test
    void jacksonGetsTheModuleWithoutAMirrorToo() {
        empty.run(context -> assertThat(context.getBean(JacksonModule.class)).isInstanceOf(EcsJacksonModule.class));
    }
}
