package io.clusterstate;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * A kind of ECS entity that a view holds: task, instance, service, cluster or task definition. A kind reads an entity's
 * ARN and version, and says whether the entity has ended.
 *
 * <p>Thread: immutable; the five constants are the only instances and compare by identity.
 *
 * @param <T> the AWS SDK's type of the entity
 */
public final class EntityKind<T> {

    /** Tasks. ECS counts their changes; a task ends as {@code STOPPED}. */
    public static final EntityKind<Task> TASK = new EntityKind<>(
            "task", Task.class, Task::taskArn, Task::version, task -> isOneOf(task.lastStatus(), "STOPPED", "DELETED"));

    /** Container instances. ECS counts their changes; an instance ends as {@code INACTIVE}. */
    public static final EntityKind<ContainerInstance> INSTANCE = new EntityKind<>(
            "container-instance",
            ContainerInstance.class,
            ContainerInstance::containerInstanceArn,
            ContainerInstance::version,
            instance -> isOneOf(instance.status(), "INACTIVE"));

    /** Services. ECS gives them no version; a deleted service may return under its former ARN. */
    public static final EntityKind<Service> SERVICE = new EntityKind<>(
            "service",
            Service.class,
            Service::serviceArn,
            service -> null,
            service -> isOneOf(service.status(), "INACTIVE"));

    /** Clusters. ECS gives them no version; a deleted cluster may return under its former ARN. */
    public static final EntityKind<Cluster> CLUSTER = new EntityKind<>(
            "cluster",
            Cluster.class,
            Cluster::clusterArn,
            cluster -> null,
            cluster -> isOneOf(cluster.status(), "INACTIVE"));

    /**
     * Task definitions, which belong to no cluster. ECS gives them no version: a revision never changes but for its
     * status. They do not end, since an {@code INACTIVE} definition still serves its tasks.
     */
    public static final EntityKind<TaskDefinition> TASK_DEFINITION = new EntityKind<>(
            "task-definition",
            TaskDefinition.class,
            TaskDefinition::taskDefinitionArn,
            definition -> null,
            definition -> false);

    private static final List<EntityKind<?>> ALL = List.of(TASK, INSTANCE, SERVICE, CLUSTER, TASK_DEFINITION);

    private final String name;
    private final Class<T> type;
    private final Function<T, @Nullable String> arn;
    private final Function<T, @Nullable Long> version;
    private final Function<T, Boolean> ended;

    private EntityKind(
            String name,
            Class<T> type,
            Function<T, @Nullable String> arn,
            Function<T, @Nullable Long> version,
            Function<T, Boolean> ended) {
        this.name = name;
        this.type = type;
        this.arn = arn;
        this.version = version;
        this.ended = ended;
    }

    /**
     * All five kinds, in a fixed order.
     *
     * @return task, container instance, service, cluster, task definition
     */
    public static List<EntityKind<?>> all() {
        return ALL;
    }

    /**
     * The AWS SDK's type of these entities.
     *
     * @return the type
     */
    public Class<T> type() {
        return type;
    }

    /**
     * The ARN of an entity.
     *
     * @param entity an entity of this kind
     * @return the ARN
     * @throws IllegalArgumentException if the entity has none
     */
    public String arnOf(T entity) {
        return arnIn(entity)
                .orElseThrow(() -> new IllegalArgumentException(name + ": " + entity + " (expected: an ARN)"));
    }

    /**
     * The ARN of an entity, if it has one.
     *
     * @param entity an entity of this kind, perhaps incomplete
     * @return the ARN; empty if the entity has none
     */
    public Optional<String> arnIn(T entity) {
        return Optional.ofNullable(arn.apply(entity));
    }

    /**
     * The counter that ECS puts on tasks and container instances; of two values of an entity, the higher is later.
     *
     * @param entity an entity of this kind
     * @return the version; 0 where ECS gives none (services, clusters, task definitions)
     */
    public long versionOf(T entity) {
        Long counted = version.apply(entity);
        return counted == null ? 0 : counted;
    }

    /**
     * Whether the entity has reached its end: a stopped task, or an inactive instance, service or cluster. The store
     * keeps such an entity for a while and then removes it.
     *
     * @param entity an entity of this kind
     * @return whether it has ended
     */
    public boolean hasEnded(T entity) {
        return ended.apply(entity);
    }

    /**
     * ECS's word for this kind, as in ARNs: {@code task}, {@code container-instance}, {@code service}, {@code cluster}
     * or {@code task-definition}.
     */
    @Override
    public String toString() {
        return name;
    }

    private static boolean isOneOf(@Nullable String status, String... candidates) {
        return status != null && List.of(candidates).contains(status);
    }
}
