package com.example;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.memory;
import static io.clusterstate.memory.FakeArns.instanceArn;
import static io.clusterstate.memory.FakeInstance.instance;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.memory.FakeClusterState;
import io.clusterstate.memory.FakeEcs;
import io.clusterstate.memory.junit.FakeClusterStateExtension;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.ecs.model.Task;

@ExtendWith(FakeClusterStateExtension.class)
class LauncherTest {

    private FakeEcs ecs;
    private Launcher launcher;

    @BeforeEach
    void setUp(FakeClusterState fake) {
        ecs = fake.ecs();
        launcher = new Launcher(new Placement(fake.view()), ecs.client());
        ecs.define("web", 512, 1024);
        fake.put(instance("box").of(cpu(1024), memory(2048)));
    }

    private Optional<String> launch() {
        return launcher.launch("default", "web", 512, 1024).map(Task::containerInstanceArn);
    }

    @Test
    void fillsAnInstanceAndNoMore() {
        assertEquals(Optional.of(instanceArn("box")), launch());
        assertEquals(Optional.of(instanceArn("box")), launch());
        assertEquals(Optional.empty(), launch());

        ecs.stop(ecs.tasks().get(0).taskArn());
        assertEquals(Optional.of(instanceArn("box")), launch());
    }

    @Test
    void startsNothingWhereEcsRefuses() {
        ecs.refuseNext("StartTask", "RESOURCE:MEMORY");

        assertEquals(Optional.empty(), launch());
        assertTrue(ecs.tasks().isEmpty());
    }
}
