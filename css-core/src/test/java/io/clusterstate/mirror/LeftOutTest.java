package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.simulator.Simulator;
import io.clusterstate.testing.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.Task;

/** A cluster among several that the ECS client may not read. */
class LeftOutTest {

    private final MirroredEcs ecs = MirroredEcs.of(
            Simulator.builder().seed(9).clusters(3).tasks(90),
            builder -> builder.clusters(Clusters.all().readableOnly()));
    private final String denied = ecs.simulator().truth().clusters().stream()
            .map(Cluster::clusterArn)
            .sorted()
            .toList()
            .get(1);
    private final String task = ecs.simulator().truth().tasks().stream()
            .filter(each -> each.clusterArn().equals(denied))
            .filter(each -> "RUNNING".equals(each.lastStatus()))
            .map(Task::taskArn)
            .findFirst()
            .orElseThrow();

    @AfterEach
    void end() {
        ecs.close();
    }

    @Test
    @Promise(5)
    void withoutTheChoiceItKeepsTheViewFromBeingReady() throws Exception {
        try (MirroredEcs strict =
                MirroredEcs.of(Simulator.builder().seed(9).clusters(3).tasks(90))) {
            strict.simulator().faults().failAbout(denied, "AccessDeniedException");
            strict.mirror().start();

            await(() -> strict.mirror().status().failure().orElse("").contains("AccessDeniedException"));
            assertThrows(TimeoutException.class, () -> strict.view().awaitReady(Duration.ofSeconds(2)));
        }
    }

    @Test
    @Promise({5, 6})
    void aClusterThatMayNotBeDescribedIsLeftOutUntilItMay() throws Exception {
        ecs.simulator().faults().failAbout(denied, "AccessDeniedException");
        ecs.ready();
        assertLeftOut();

        ecs.simulator().faults().forgive(denied);
        ecs.reconcileAll();
        ecs.reconcileAll();

        assertWhole();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ListTasks",
                "DescribeTasks",
                "ListServices",
                "DescribeServices",
                "ListContainerInstances",
                "DescribeContainerInstances"
            })
    @Promise({5, 6})
    void aClusterInWhichOneOperationIsDeniedIsLeftOutUntilItMayBeRead(String operation) throws Exception {
        ecs.simulator().faults().failIn(denied, operation, "AccessDeniedException");
        ecs.ready();
        await(() -> !ecs.view().freshness().leftOut().isEmpty());
        assertEquals(Set.of(denied), ecs.view().freshness().leftOut());
        assertTrue(ecs.mirror().status().problems().toString().contains("cluster " + denied + " is left out"));
        assertTrue(ecs.view().freshness().freshUpTo().isPresent(), "of the others");
        assertEquals(1, ecs.mirror().status().problems().size(), "said once");

        ecs.simulator().faults().forgive(denied);
        ecs.reconcileAll();

        assertWhole();
    }

    @Test
    void eventsOfWhatIsLeftOutArePassedOver() throws Exception {
        ecs.simulator().faults().failAbout(denied, "AccessDeniedException");
        ecs.ready();
        long before = ecs.mirror().status().deliveries().get(DeliveryOutcome.IRRELEVANT);

        ecs.world().ecs().stopTask(request -> request.cluster(denied).task(task));
        ecs.simulator().tick();

        await(() -> ecs.mirror().status().deliveries().get(DeliveryOutcome.IRRELEVANT) > before);
        assertTrue(ecs.view().task(task).isEmpty());
    }

    private void assertLeftOut() {
        assertEquals(Set.of(denied), ecs.view().freshness().leftOut());
        assertTrue(ecs.mirror().status().problems().toString().contains("cluster " + denied + " is left out"));
        assertTrue(ecs.view().freshness().freshUpTo().isPresent(), "of the others");
        assertEquals(List.of(), ecs.snapshot().tasks().in(denied).list());
        assertFalse(ecs.snapshot().tasks().list().isEmpty());
    }

    private void assertWhole() {
        assertEquals(Set.of(), ecs.view().freshness().leftOut());
        assertEquals(List.of(), ecs.mirror().status().problems());
        assertEquals(Set.copyOf(ecs.world().taskArns()), taskArns());
        assertEquals(3, ecs.view().freshness().clusters().size());
    }

    private Set<String> taskArns() {
        return ecs.snapshot().tasks().stream().map(Task::taskArn).collect(Collectors.toSet());
    }
}
