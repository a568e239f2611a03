package io.clusterstate.internal.expression;

import static io.clusterstate.testing.InstanceParts.attribute;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.internal.index.IndexedSnapshot;
import io.clusterstate.testing.Entities;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.VersionInfo;

/** Five instances, {@code a} to {@code e}, that the table of expressions is about. The last has no property at all. */
final class SampleInstances {

    private SampleInstances() {}

    static Snapshot snapshot() {
        return IndexedSnapshot.EMPTY.withAll(List.of(
                instance("a", each -> each.agentConnected(true)
                        .versionInfo(version("1.14.5"))
                        .ec2InstanceId("i-aaaa1111")
                        .registeredAt(Instant.parse("2018-02-12T10:00:00.700Z"))
                        .runningTasksCount(0)
                        .attributes(
                                attribute("ecs.instance-type", "c5.large"),
                                attribute("ecs.availability-zone", "us-east-1a"),
                                attribute("stack", "prod"),
                                attribute("size", "10"),
                                Attribute.builder().name("gpu").build())),
                instance("b", each -> each.agentConnected(true)
                        .versionInfo(version("1.14.10"))
                        .ec2InstanceId("i-bbbb2222")
                        .registeredAt(Instant.parse("2018-06-18T22:28:28Z"))
                        .runningTasksCount(1)
                        .attributes(
                                attribute("ecs.instance-type", "c5.xlarge"),
                                attribute("ecs.availability-zone", "us-east-1b"),
                                attribute("stack", "test"),
                                attribute("size", "9.5"))),
                instance("c", each -> each.agentConnected(false)
                        .versionInfo(version("1.9"))
                        .ec2InstanceId("i-cccc3333")
                        .registeredAt(Instant.parse("2018-06-19T00:00:00Z"))
                        .runningTasksCount(3)
                        .attributes(
                                attribute("ecs.instance-type", "m5.large"),
                                attribute("ecs.availability-zone", "us-east-1d"),
                                attribute("size", "big"))),
                instance("d", each -> each.agentConnected(true)
                        .versionInfo(version("2.0.0-dev"))
                        .ec2InstanceId("mi-dddd4444")
                        .registeredAt(Instant.parse("2026-01-01T00:00:00Z"))
                        .runningTasksCount(12)
                        .attributes(
                                attribute("ecs.instance-type", "t2.small"),
                                attribute("ecs.availability-zone", "us-east-1a"),
                                attribute("stack", "two words"))),
                instance("e", each -> each.agentConnected(null)),
                task("b", "database", "RUNNING", "RUNNING"),
                task("c", "service:production", "RUNNING", "RUNNING"),
                task("c", "database", "PENDING", "RUNNING"),
                task("d", "database", "RUNNING", "STOPPED"),
                task("d", "database", "STOPPED", "STOPPED"),
                task("d", "service:web", "RUNNING", "RUNNING")));
    }

    private static Observed<ContainerInstance> instance(String id, Consumer<ContainerInstance.Builder> changes) {
        ContainerInstance.Builder instance =
                ContainerInstance.builder().containerInstanceArn(Entities.instanceArn("prod", id));
        changes.accept(instance);
        return Entities.observed(EntityKind.INSTANCE, Entities.clusterArn("prod"), instance.build());
    }

    private static Observed<Task> task(String instance, String group, String lastStatus, String desiredStatus) {
        Task task = Entities.task("prod", instance + group + lastStatus + desiredStatus, each -> each.group(group)
                .containerInstanceArn(Entities.instanceArn("prod", instance))
                .lastStatus(lastStatus)
                .desiredStatus(desiredStatus));
        return Entities.observed(EntityKind.TASK, Entities.clusterArn("prod"), task);
    }

    private static VersionInfo version(String agent) {
        return VersionInfo.builder().agentVersion(agent).build();
    }
}
