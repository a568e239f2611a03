package io.clusterstate;

import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * The state of the clusters at one moment. A snapshot never changes, so that all queries to it see that moment (promise
 * 7), however long it is kept. Keeping it costs only the memory of the changes since.
 *
 * <p>The moment is that of the <em>view</em>. ECS has no common clock for its entities, so a task and its instance may
 * differ by a change, as in ECS's own answers.
 *
 * <p>Not to be implemented by applications: methods may be added.
 *
 * <p>Thread: immutable. Blocks: never; no method takes a lock or does I/O.
 */
public interface Snapshot {

    /**
     * The store's counter at the last change in this snapshot.
     *
     * @return the revision; 0 for a store that never held anything
     */
    long revision();

    /**
     * The freshness of the state in this snapshot. It is part of the snapshot, so it never changes. A confirmation by
     * ECS without any change leads to a new snapshot at the same revision.
     *
     * <p>The evidence about events ({@link Freshness#eventLag}, {@link Freshness#lastEventAt}) and the link are as of
     * the snapshot's publication. {@link ClusterStateView#freshness()} has them as of now.
     *
     * @return the freshness; {@link Freshness#NONE} for a snapshot that no view has published
     */
    Freshness freshness();

    /**
     * Whether the view has a cluster, or anything in it. A query {@code in} a cluster that the view does not know finds
     * nothing, as in an empty one. A mirror knows the clusters that it follows once it is ready, and a new one some
     * seconds after its first event. Cost: at most four lookups.
     *
     * @param cluster a name or an ARN
     * @return whether the view knows the cluster
     */
    boolean knows(String cluster);

    /**
     * A task. An ARN costs one lookup, an id two lookups more for each cluster with tasks.
     *
     * @param arnOrId the task's ARN, as ECS reports it, or the id at the end of the ARN
     * @return the task; empty if the view has none
     * @throws IllegalArgumentException if several clusters have a task with this id
     */
    Optional<Task> task(String arnOrId);

    /**
     * A container instance; the cost is that of {@link #task}.
     *
     * @param arnOrId the instance's ARN, as ECS reports it, or the id at the end of the ARN
     * @return the instance; empty if the view has none
     * @throws IllegalArgumentException if several clusters have an instance with this id
     */
    Optional<ContainerInstance> instance(String arnOrId);

    /**
     * A service; the cost is that of {@link #task}.
     *
     * @param arnOrName the service's ARN, as ECS reports it, its name, or {@code CLUSTER/NAME}
     * @return the service; empty if the view has none
     * @throws IllegalArgumentException if several clusters have a service of this name; the message names them
     */
    Optional<Service> service(String arnOrName);

    /**
     * A cluster.
     *
     * @param arnOrName the cluster's ARN or name
     * @return the cluster; empty if the view has none
     * @throws IllegalArgumentException if several accounts or Regions have a cluster of this name
     */
    Optional<Cluster> cluster(String arnOrName);

    /**
     * A task definition. A view holds those that its tasks and services refer to, if its mirror was built with
     * {@code taskDefinitions}.
     *
     * @param arnOrRevision the definition's ARN, or its family and revision, such as {@code web:7}
     * @return the definition as of its fetch, without the values that {@code taskDefinitions} leaves out; empty if the
     *     view does not have it, or not yet
     * @throws IllegalArgumentException if the revision is missing, or several accounts or Regions have such a family
     *     and revision
     */
    Optional<TaskDefinition> taskDefinition(String arnOrRevision);

    /**
     * The definition of a task, by the ARN that the task carries.
     *
     * @param task a task of this view or of ECS
     * @return the definition; empty if the view does not have it yet, a moment after its first task has shown
     */
    default Optional<TaskDefinition> definition(Task task) {
        String arn = task.taskDefinitionArn();
        return arn == null
                ? Optional.empty()
                : observed(EntityKind.TASK_DEFINITION, arn).map(Observed::value);
    }

    /**
     * An entity with its version, revision and times.
     *
     * @param kind the kind of entity
     * @param arn the entity's ARN; no id, unlike {@link #task} and its like
     * @param <T> the AWS SDK's type of the entity
     * @return the entity; empty if the view has none with this ARN
     */
    <T> Optional<Observed<T>> observed(EntityKind<T> kind, String arn);

    /**
     * An entity that the view has shown and removed, so that "gone" and "never seen" differ.
     *
     * <p>A snapshot remembers the newest 5,000 to 10,000 removals that this process saw, with their last values. It
     * knows no removal from before the process began, nor that of a task which started and ended unseen.
     *
     * @param arn the entity's ARN
     * @return its last value, and the cause and time of its removal; empty if the entity is present, was never seen, or
     *     was removed too long ago
     */
    Optional<Removed<?>> removed(String arn);

    /**
     * The difference between an older snapshot of the same view and this one. A change that was undone in between does
     * not appear, nor does an entity that was added and removed in between.
     *
     * <p>The cost grows with the number of changes, not with the number of entities.
     *
     * @param older a snapshot of the same view
     * @return the changes and this snapshot; each entity at most once
     * @throws IllegalArgumentException if the other snapshot is newer, or not one of this library
     */
    ChangeBatch since(Snapshot older);

    /**
     * A query over all tasks.
     *
     * @return the query, to be narrowed
     */
    TaskQuery tasks();

    /**
     * A query over all container instances.
     *
     * @return the query, to be narrowed
     */
    InstanceQuery instances();

    /**
     * A query over all services.
     *
     * @return the query, to be narrowed
     */
    ServiceQuery services();

    /**
     * A query over all clusters.
     *
     * @return the query, to be narrowed
     */
    ClusterQuery clusters();

    /**
     * A query over all task definitions in the view, which are not all that ECS has.
     *
     * @return the query, to be narrowed
     */
    TaskDefinitionQuery definitions();

    /**
     * The instances on which a task of a definition can be placed. The definition need not be in the snapshot.
     *
     * @param definition a task definition as ECS describes it
     * @return the placement, to be narrowed and ordered
     * @throws InvalidExpressionException if a constraint of the definition has no expression of the language
     * @throws IllegalArgumentException if a constraint of the definition is not {@code memberOf}
     */
    default Placement placement(TaskDefinition definition) {
        return Placement.of(this, definition);
    }

    /**
     * The addresses and ports of tasks with network interfaces of their own. Endpoints in the modes {@code bridge} and
     * {@code host} are unknown, unless a port is bound to a single address.
     *
     * @return the endpoints, to be narrowed
     */
    default Endpoints endpoints() {
        return endpoints(InstanceAddresses.none());
    }

    /**
     * The addresses and ports of tasks.
     *
     * @param addresses the addresses of the instances
     * @return the endpoints, to be narrowed
     */
    default Endpoints endpoints(InstanceAddresses addresses) {
        return Endpoints.of(this, addresses);
    }

    /**
     * A query over all entities of a kind, for code that serves every kind alike.
     *
     * @param kind the kind of entity
     * @param <T> the AWS SDK's type of the entity
     * @return the query that {@link #tasks}, {@link #instances}, {@link #services}, {@link #clusters} or
     *     {@link #definitions} returns
     */
    @SuppressWarnings("unchecked") // each query is over its kind
    default <T> Query<T, ?> query(EntityKind<T> kind) {
        Query<?, ?> query;
        if (kind == EntityKind.TASK) {
            query = tasks();
        } else if (kind == EntityKind.INSTANCE) {
            query = instances();
        } else if (kind == EntityKind.SERVICE) {
            query = services();
        } else {
            query = kind == EntityKind.CLUSTER ? clusters() : definitions();
        }
        return (Query<T, ?>) query;
    }
}
