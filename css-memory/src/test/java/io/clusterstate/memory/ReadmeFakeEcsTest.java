package io.clusterstate.memory;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.memory;
import static io.clusterstate.memory.FakeInstance.instance;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.ClusterStateView;
import io.clusterstate.Snapshot;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.StartTaskRequest;

/** The recipe for a scheduler's test, at work. */
class ReadmeFakeEcsTest {

    /** Keeps one task of the family {@code agent} on every instance that takes tasks. */
    private record Scheduler(ClusterStateView view, EcsClient client) {

        void pass() {
            Snapshot now = view.snapshot();
            now.instances().placeable().withFree(cpu(128), memory(256)).list().stream()
                    .map(ContainerInstance::containerInstanceArn)
                    .filter(arn -> now.tasks()
                                    .family("agent")
                                    .onInstance(arn)
                                    .desiredStatus("RUNNING")
                                    .count()
                            == 0)
                    .forEach(arn -> client.startTask(
                            request -> request.taskDefinition("agent").containerInstances(arn)));
        }
    }

    private final FakeClusterState fake = new FakeClusterState();
    private final FakeEcs ecs = fake.ecs();
    private final Scheduler scheduler = new Scheduler(fake.view(), ecs.client());

    @BeforeEach
    void setUp() {
        fake.put(instance("box"));
        ecs.define("agent", 128, 256);
    }

    // region: fake-ecs
    @Test
    void startsOneTaskAndReplacesItWhenItEnds() {
        scheduler.pass();
        scheduler.pass();
        assertEquals(1, ecs.tasks().size());

        ecs.run(ecs.tasks().get(0).taskArn());
        ecs.stop(ecs.tasks().get(0).taskArn(), "Essential container in task exited", 1);
        scheduler.pass();
        assertEquals(2, ecs.calls().get("StartTask"));
    }
    // end: fake-ecs

    // region: fake-ecs-faults
    @Test
    void aPassAfterALostAnswerStartsNoSecondTask() {
        ecs.loseAnswerOf("StartTask");
        ecs.holdEvents();
        assertThrows(SdkClientException.class, scheduler::pass);

        ecs.deliver(); // without this line, the next pass would start a second task
        scheduler.pass();
        assertEquals(1, ecs.requests(StartTaskRequest.class).size());
    }
    // end: fake-ecs-faults

    @Test
    void withoutTheEventTheNextPassStartsASecondTask() {
        ecs.holdEvents();
        scheduler.pass();
        scheduler.pass();

        assertEquals(2, ecs.tasks().size());
    }
}
