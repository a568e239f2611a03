package com.example;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.memory;
import static io.clusterstate.memory.FakeArns.instanceArn;
import static io.clusterstate.memory.FakeInstance.instance;
import static io.clusterstate.memory.FakeTask.task;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.memory.FakeClusterState;
import io.clusterstate.memory.junit.FakeClusterStateExtension;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FakeClusterStateExtension.class)
class PlacementTest {

    @Test
    void picksTheInstanceWithRoomThatHasTheFewestTasks(FakeClusterState fake) {
        fake.put(instance("full").free(cpu(128), memory(4096)));
        fake.put(instance("busy").free(cpu(1024), memory(2048)));
        fake.put(instance("quiet").free(cpu(1024), memory(2048)));
        fake.put(task("web-1").on("busy"));

        assertEquals(Optional.of(instanceArn("quiet")), new Placement(fake.view()).pick("default", 512, 1024));
    }

    @Test
    void countsNoTaskThatHasStopped(FakeClusterState fake) {
        fake.put(instance("busy"));
        fake.put(instance("quiet"));
        fake.put(task("web-1").on("busy"));
        fake.put(task("old-1").on("quiet").stopped());
        fake.put(task("old-2").on("quiet").stopped());

        assertEquals(Optional.of(instanceArn("quiet")), new Placement(fake.view()).pick("default", 512, 1024));
    }

    @Test
    void passesOverWhatAcceptsNoTasks(FakeClusterState fake) {
        fake.put(instance("leaving").draining());
        fake.put(instance("lost").agentDisconnected());
        fake.put(instance("gone").inactive());

        assertEquals(Optional.empty(), new Placement(fake.view()).pick("default", 512, 1024));
    }
}
