package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.clusterstate.Rollout;
import io.clusterstate.Rollout.Outcome;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.testing.SimulatorFixture;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** Rollouts of a simulated ECS, as a mirror's view sees their ends. */
@Timeout(300)
class MirroredRolloutTest {

    private enum Case {
        COMPLETED(Outcome.COMPLETED, true, false),
        FAILED(Outcome.FAILED, false, true),
        ROLLED_BACK(Outcome.ROLLED_BACK, true, true);

        private final Outcome outcome;
        private final boolean rollsBack;
        private final boolean fails;

        Case(Outcome outcome, boolean rollsBack, boolean fails) {
            this.outcome = outcome;
            this.rollsBack = rollsBack;
            this.fails = fails;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theOutcomeIsThatOfEcs(Case each) throws Exception {
        try (MirroredEcs mirrored =
                MirroredEcs.of(Simulator.builder().clusters(1).tasks(20)).ready()) {
            SimulatorFixture world = mirrored.world();
            Service old = mirrored.snapshot().services().stream()
                    .filter(service -> service.desiredCount() > 0)
                    .findFirst()
                    .orElseThrow();
            TaskDefinition next = nextRevision(world, old.taskDefinition());
            if (each.fails) {
                mirrored.simulator().faults().failStarts(next.taskDefinitionArn(), "CannotPullContainerError");
            }
            Service updated = world.ecs()
                    .updateService(request -> request.cluster(old.clusterArn())
                            .service(old.serviceName())
                            .taskDefinition(next.taskDefinitionArn())
                            .deploymentConfiguration(configuration -> configuration.deploymentCircuitBreaker(
                                    breaker -> breaker.enable(true).rollback(each.rollsBack))))
                    .service();

            CompletableFuture<Rollout> future = mirrored.view().whenRolledOut(updated);
            while (!future.isDone()) {
                mirrored.time().advance(Duration.ofSeconds(1));
                mirrored.simulator().tick();
                TimeUnit.MILLISECONDS.sleep(5);
            }

            Rollout rollout = future.get();
            assertEquals(each.outcome, rollout.outcome(), rollout::toString);
            if (each.fails) {
                // ECS may report the end of the rollout before the events of its last tasks are received
                await(() -> showsFailedStart(mirrored));
            } else {
                assertFalse(rollout.stopped().stream().anyMatch(MirroredRolloutTest::failedToStart));
            }
            assertFalse(rollout.reason().isEmpty());
            assertEquals(
                    each.outcome == Outcome.ROLLED_BACK ? old.taskDefinition() : next.taskDefinitionArn(),
                    rollout.service().taskDefinition());
        }
    }

    private static boolean showsFailedStart(MirroredEcs mirrored) {
        return mirrored.snapshot().tasks().stream().anyMatch(MirroredRolloutTest::failedToStart);
    }

    private static boolean failedToStart(Task task) {
        return "CannotPullContainerError".equals(task.stoppedReason());
    }

    private static TaskDefinition nextRevision(SimulatorFixture world, String arn) {
        TaskDefinition present = world.ecs()
                .describeTaskDefinition(request -> request.taskDefinition(arn))
                .taskDefinition();
        return world.ecs()
                .registerTaskDefinition(request -> request.family(present.family())
                        .networkMode(present.networkMode())
                        .requiresCompatibilities(present.requiresCompatibilities())
                        .cpu(present.cpu())
                        .memory(present.memory())
                        .containerDefinitions(present.containerDefinitions()))
                .taskDefinition();
    }
}
