package io.clusterstate.testing;

import static io.clusterstate.testing.InstanceParts.attribute;
import static io.clusterstate.testing.InstanceParts.number;
import static io.clusterstate.testing.InstanceParts.set;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.spi.Upsert;
import java.time.Instant;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * Sample tasks, container instances, services and clusters for tests, as ECS would report them. Their defaults suffice
 * for every index and query; a test overrides what it needs.
 *
 * <p>A cluster may be given by name or ARN; a name stands for a cluster in one fixed account and Region.
 */
@SuppressWarnings("unchecked") // arrays of the SDK's varargs
public final class Entities {

    /** The default time of observation. */
    public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static final String CLUSTER_PREFIX = "arn:aws:ecs:eu-west-1:123456789012:cluster/";

    private Entities() {}

    /**
     * A running task of the family {@code web}, revision 1, at version 1, of the service {@code web}.
     *
     * @param cluster a name or an ARN
     * @param id the end of the task's ARN
     * @return the task
     */
    public static Task task(String cluster, String id) {
        return task(cluster, id, changes -> {});
    }

    /**
     * That task at another version.
     *
     * @param cluster a name or an ARN
     * @param id the end of the task's ARN
     * @param version ECS's counter
     * @return the task
     */
    public static Task task(String cluster, String id, long version) {
        return task(cluster, id, changes -> changes.version(version));
    }

    /**
     * That task with changes.
     *
     * @param cluster a name or an ARN
     * @param id the end of the task's ARN
     * @param changes the changes
     * @return the task
     */
    public static Task task(String cluster, String id, Consumer<Task.Builder> changes) {
        Task.Builder task = Task.builder()
                .taskArn(taskArn(cluster, id))
                .clusterArn(clusterArn(cluster))
                .taskDefinitionArn(taskDefinitionArn(cluster, "web", 1))
                .group("service:web")
                .startedBy("ecs-svc/1")
                .launchType("EC2")
                .lastStatus("RUNNING")
                .desiredStatus("RUNNING")
                .cpu("256")
                .memory("512")
                .containers(Container.builder()
                        .name("web")
                        .taskArn(taskArn(cluster, id))
                        .lastStatus("RUNNING")
                        .build())
                .createdAt(NOW.minusSeconds(60))
                .version(1L);
        changes.accept(task);
        return task.build();
    }

    /**
     * An active container instance with a connected agent and 2048 CPU units and 4096 MiB free, at version 1.
     *
     * @param cluster a name or an ARN
     * @param id the end of the instance's ARN
     * @return the instance
     */
    public static ContainerInstance instance(String cluster, String id) {
        return instance(cluster, id, changes -> {});
    }

    /**
     * That instance at another version.
     *
     * @param cluster a name or an ARN
     * @param id the end of the instance's ARN
     * @param version ECS's counter
     * @return the instance
     */
    public static ContainerInstance instance(String cluster, String id, long version) {
        return instance(cluster, id, changes -> changes.version(version));
    }

    /**
     * That instance with changes.
     *
     * @param cluster a name or an ARN
     * @param id the end of the instance's ARN
     * @param changes the changes
     * @return the instance
     */
    public static ContainerInstance instance(String cluster, String id, Consumer<ContainerInstance.Builder> changes) {
        ContainerInstance.Builder instance = ContainerInstance.builder()
                .containerInstanceArn(instanceArn(cluster, id))
                .ec2InstanceId("i-" + id)
                .status("ACTIVE")
                .agentConnected(true)
                .attributes(attribute("ecs.instance-type", "c5.large"), attribute("ecs.os-type", "linux"))
                .registeredResources(number("CPU", 2048), number("MEMORY", 4096), set("PORTS", "22"))
                .remainingResources(number("CPU", 2048), number("MEMORY", 4096), set("PORTS", "22"))
                .version(1L);
        changes.accept(instance);
        return instance.build();
    }

    /**
     * An active service of the family {@code web}, revision 1.
     *
     * @param cluster a name or an ARN
     * @param name the service's name
     * @return the service
     */
    public static Service service(String cluster, String name) {
        return service(cluster, name, changes -> {});
    }

    /**
     * That service with changes.
     *
     * @param cluster a name or an ARN
     * @param name the service's name
     * @param changes the changes
     * @return the service
     */
    public static Service service(String cluster, String name, Consumer<Service.Builder> changes) {
        Service.Builder service = Service.builder()
                .serviceArn(serviceArn(cluster, name))
                .serviceName(name)
                .clusterArn(clusterArn(cluster))
                .status("ACTIVE")
                .taskDefinition(taskDefinitionArn(cluster, "web", 1))
                .launchType("EC2")
                .desiredCount(1)
                .runningCount(1);
        changes.accept(service);
        return service.build();
    }

    /**
     * An active cluster.
     *
     * @param cluster a name or an ARN
     * @return the cluster
     */
    public static Cluster cluster(String cluster) {
        return cluster(cluster, changes -> {});
    }

    /**
     * That cluster with changes.
     *
     * @param cluster a name or an ARN
     * @param changes the changes
     * @return the cluster
     */
    public static Cluster cluster(String cluster, Consumer<Cluster.Builder> changes) {
        String arn = clusterArn(cluster);
        Cluster.Builder built = Cluster.builder()
                .clusterArn(arn)
                .clusterName(arn.substring(arn.lastIndexOf('/') + 1))
                .status("ACTIVE");
        changes.accept(built);
        return built.build();
    }

    /**
     * An entity from an event at {@link #NOW}, at revision 0.
     *
     * @param kind the kind of entity
     * @param cluster its cluster, a name or an ARN
     * @param value the entity
     * @param <T> the AWS SDK's type of the entity
     * @return the observed entity
     */
    public static <T> Observed<T> observed(EntityKind<T> kind, String cluster, T value) {
        return Observed.of(kind, clusterArn(cluster), value, Origin.EVENT, NOW);
    }

    /**
     * A change by an event at {@link #NOW}.
     *
     * @param kind the kind of entity
     * @param cluster its cluster, a name or an ARN
     * @param value the entity
     * @param <T> the AWS SDK's type of the entity
     * @return the change
     */
    public static <T> Upsert<T> upsert(EntityKind<T> kind, String cluster, T value) {
        return new Upsert<>(observed(kind, cluster, value));
    }

    /**
     * The ARN of a cluster.
     *
     * @param cluster a name or an ARN
     * @return the ARN
     */
    public static String clusterArn(String cluster) {
        return cluster.startsWith("arn:") ? cluster : CLUSTER_PREFIX + cluster;
    }

    /**
     * The long ARN of a task.
     *
     * @param cluster a name or an ARN
     * @param id the end of the ARN
     * @return the ARN
     */
    public static String taskArn(String cluster, String id) {
        return arnIn(cluster, "task", id);
    }

    /**
     * The long ARN of a container instance.
     *
     * @param cluster a name or an ARN
     * @param id the end of the ARN
     * @return the ARN
     */
    public static String instanceArn(String cluster, String id) {
        return arnIn(cluster, "container-instance", id);
    }

    /**
     * The long ARN of a service.
     *
     * @param cluster a name or an ARN
     * @param name the service's name
     * @return the ARN
     */
    public static String serviceArn(String cluster, String name) {
        return arnIn(cluster, "service", name);
    }

    /**
     * The ARN of a task definition in the account and Region of a cluster.
     *
     * @param cluster a name or an ARN
     * @param family the family's name
     * @param revision the revision
     * @return the ARN
     */
    public static String taskDefinitionArn(String cluster, String family, int revision) {
        String arn = clusterArn(cluster);
        return arn.substring(0, arn.lastIndexOf(":cluster/")) + ":task-definition/" + family + ":" + revision;
    }

    /**
     * A task definition of one container, for tasks of a cluster.
     *
     * @param cluster a name or an ARN
     * @param family the family's name
     * @param revision the revision
     * @return the definition
     */
    public static TaskDefinition definition(String cluster, String family, int revision) {
        return TaskDefinition.builder()
                .taskDefinitionArn(taskDefinitionArn(cluster, family, revision))
                .family(family)
                .revision(revision)
                .status("ACTIVE")
                .containerDefinitions(container -> container
                        .name("app")
                        .image("example/" + family + ":" + revision)
                        .cpu(256)
                        .memory(512))
                .build();
    }

    /**
     * A task definition that a describe call at {@link #NOW} found, at revision 0.
     *
     * @param definition the definition
     * @return the observed definition
     */
    public static Observed<TaskDefinition> definition(TaskDefinition definition) {
        return Observed.of(EntityKind.TASK_DEFINITION, Observed.NO_CLUSTER, definition, Origin.DESCRIBE, NOW);
    }

    private static String arnIn(String cluster, String type, String id) {
        return clusterArn(cluster).replace(":cluster/", ":" + type + "/") + "/" + id;
    }
}
