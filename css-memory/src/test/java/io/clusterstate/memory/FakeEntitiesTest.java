package io.clusterstate.memory;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.gpus;
import static io.clusterstate.Requirement.memory;
import static io.clusterstate.Requirement.port;
import static io.clusterstate.memory.FakeInstance.instance;
import static io.clusterstate.memory.FakeService.service;
import static io.clusterstate.memory.FakeTask.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.Snapshot;
import io.clusterstate.ecs.Capacity;
import io.clusterstate.ecs.EcsArn;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/** What the short builders make, and that queries find it. */
class FakeEntitiesTest {

    private static final String PREFIX = "arn:aws:ecs:eu-west-1:123456789012:";

    private final FakeClusterState fake = new FakeClusterState();

    @Test
    void aTaskHasDefaults() {
        Task task = task("t").build();

        assertEquals(PREFIX + "task/default/t", task.taskArn());
        assertEquals(PREFIX + "cluster/default", task.clusterArn());
        assertEquals(PREFIX + "task-definition/app:1", task.taskDefinitionArn());
        assertEquals("family:app", task.group());
        assertEquals("RUNNING RUNNING", task.lastStatus() + " " + task.desiredStatus());
        assertEquals("256 512", task.cpu() + " " + task.memory());
        assertEquals("app", task.containers().get(0).name());
        assertNull(task.containerInstanceArn());
        assertNull(task.version());
    }

    @Test
    void aTaskIsFoundByWhatWasSaidOfIt() {
        fake.put(task("web-1")
                .in("prod")
                .family("web")
                .ofService("shop")
                .on("box-1")
                .pending());
        Snapshot now = fake.view().snapshot();

        assertEquals(1, now.tasks().in("prod").count());
        assertEquals(1, now.tasks().family("web").count());
        assertEquals(1, now.tasks().ofService("shop").count());
        assertEquals(1, now.tasks().status("PENDING").desiredStatus("RUNNING").count());
        assertEquals(
                1, now.tasks().onInstance(FakeArns.instanceArn("prod", "box-1")).count());
        assertTrue(now.task(FakeArns.taskArn("prod", "web-1")).isPresent());
    }

    @Test
    void aViewFindsAnEntityByItsIdAsASnapshotDoes() {
        fake.put(task("web-1"));
        fake.put(instance("box"));
        fake.put(service("web"));
        fake.put(Cluster.builder()
                .clusterArn(FakeArns.clusterArn("default"))
                .status("ACTIVE")
                .build());

        assertEquals(
                fake.view().task(PREFIX + "task/default/web-1"), fake.view().task("web-1"));
        assertEquals("web", fake.view().service("web").orElseThrow().serviceName());
        assertTrue(fake.view().instance("box").isPresent());
        assertTrue(fake.view().cluster("default").isPresent());
        assertTrue(fake.view().task("web-2").isEmpty());
    }

    @Test
    void aTaskHasTheStatusThatWasSaidLast() {
        assertEquals("RUNNING", task("t").pending().running().build().lastStatus());
        assertEquals("STOPPED", task("t").stopping().build().desiredStatus());
        assertEquals("RUNNING", task("t").stopping().build().lastStatus());
        assertEquals("STOPPED", task("t").stopped().build().containers().get(0).lastStatus());
    }

    @Test
    void whateverElseThereIsGoesLastAndInOrder() {
        Task task = task("t")
                .with(t -> t.cpu("1").startedBy("me"))
                .with(t -> t.startedBy("you"))
                .cpu(64)
                .build();

        assertEquals("1 you", task.cpu() + " " + task.startedBy());
    }

    @Test
    void anInstanceHasDefaults() {
        ContainerInstance box = instance("box").build();

        assertEquals(PREFIX + "container-instance/default/box", box.containerInstanceArn());
        assertEquals("i-box", box.ec2InstanceId());
        assertEquals("ACTIVE", box.status());
        assertTrue(box.agentConnected());
        assertEquals(Capacity.registered(box), Capacity.remaining(box));
        assertEquals(2048, Capacity.remaining(box).cpu());
        assertEquals(4096, Capacity.remaining(box).memory());
        assertEquals(
                Set.of("22", "2375", "2376", "51678", "51679"),
                Capacity.remaining(box).takenPorts());
    }

    @Test
    void anInstanceHasFreeWhatWasSaidAndAllOfTheRest() {
        Capacity left = Capacity.remaining(instance("box")
                .of(cpu(8192), memory(16_384), gpus(2))
                .free(cpu(1024))
                .takenPorts(80)
                .build());

        assertEquals("1024 16384", left.cpu() + " " + left.memory());
        assertEquals(2, left.gpus().size());
        assertTrue(left.takenPorts().contains("80"));
    }

    @Test
    void aPortIsNotAnAmount() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> instance("box").free(port(80)));

        assertEquals("tcp port 80 (expected: no port; use takenPorts)", refused.getMessage());
    }

    @Test
    void anInstanceIsFoundByWhatWasSaidOfIt() {
        fake.put(instance("old").attribute("ecs.instance-type", "m5.large").draining());
        fake.put(instance("lost").agentDisconnected());
        fake.put(instance("gone").inactive());
        fake.put(instance("box"));
        Snapshot now = fake.view().snapshot();

        assertEquals(
                1, now.instances().attribute("ecs.instance-type", "m5.large").count());
        assertEquals(1, now.instances().status("DRAINING").count());
        assertEquals(1, now.instances().status("INACTIVE").count());
        assertEquals(1, now.instances().agentConnected(false).count());
        assertEquals(4, now.instances().attribute("ecs.os-type").count());
        assertEquals(4, now.instances().withFree(cpu(1)).count());
        assertEquals(
                "i-box",
                now.instances()
                        .placeable()
                        .withFree(cpu(1))
                        .first()
                        .orElseThrow()
                        .ec2InstanceId());
        assertEquals(1, now.instances().placeable().count());
    }

    @Test
    void anAttributeOfTheSameNameTakesThePlaceOfTheFirst() {
        ContainerInstance box = instance("box")
                .attribute("ecs.os-type", "windows")
                .with(b -> b.runningTasksCount(3))
                .build();

        assertEquals(
                1,
                box.attributes().stream()
                        .map(Attribute::name)
                        .filter("ecs.os-type"::equals)
                        .count());
        assertEquals(3, box.runningTasksCount());
    }

    @Test
    void aServiceHasAllThatItWantsUnlessSaidOtherwise() {
        Service web = service("web").desired(3).build();
        Service slow = service("web").desired(3).running(2).pending(1).build();

        assertEquals(PREFIX + "service/default/web", web.serviceArn());
        assertEquals("web", web.serviceName());
        assertEquals(PREFIX + "task-definition/web:1", web.taskDefinition());
        assertEquals("3 3 0", web.desiredCount() + " " + web.runningCount() + " " + web.pendingCount());
        assertEquals("3 2 1", slow.desiredCount() + " " + slow.runningCount() + " " + slow.pendingCount());
        assertEquals(
                "DRAINING",
                service("web").with(s -> s.status("DRAINING")).build().status());
    }

    @Test
    void anArnStandsForItself() {
        String cluster = "arn:aws-cn:ecs:cn-north-1:1:cluster/prod";
        Task task = task("t").in(cluster).on("box").family("web").build();

        assertEquals(cluster, task.clusterArn());
        assertEquals("arn:aws-cn:ecs:cn-north-1:1:task/prod/t", task.taskArn());
        assertEquals("arn:aws-cn:ecs:cn-north-1:1:container-instance/prod/box", task.containerInstanceArn());
        assertEquals("arn:aws-cn:ecs:cn-north-1:1:task-definition/web:1", task.taskDefinitionArn());
        assertEquals(task.taskArn(), task(task.taskArn()).arn());
        assertEquals("i-box", instance(task.containerInstanceArn()).build().ec2InstanceId());
        assertEquals(
                "family:web", task("t").family(task.taskDefinitionArn()).build().group());
    }

    @Test
    void everyArnIsOneOfEcs() {
        for (FakeEntity<?> entity : new FakeEntity<?>[] {
            task("a").in("prod"), instance("a").in("prod"), service("a").in("prod")
        }) {
            EcsArn arn = EcsArn.parse(entity.arn()).orElseThrow();
            assertEquals("prod a", arn.clusterName().orElseThrow() + " " + arn.id());
            assertEquals(FakeArns.clusterArn("prod"), arn.clusterArn().orElseThrow());
            assertTrue(entity.toString().endsWith(entity.arn()));
        }
        assertEquals(task("a").arn(), FakeArns.taskArn("a"));
        assertEquals(instance("a").arn(), FakeArns.instanceArn("a"));
        assertEquals(service("a").arn(), FakeArns.serviceArn("a"));
        assertFalse(FakeArns.serviceArn("prod", "a").equals(FakeArns.serviceArn("a")));
    }

    @Test
    void anIdIsNotBlank() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> task(" "));

        assertEquals("task: \" \" (expected: an id)", refused.getMessage());
    }
}
