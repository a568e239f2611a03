package io.clusterstate;

import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The state of the clusters at one moment. It never changes: several questions to one snapshot are about that one
 * moment (promise 7), however long it is kept. Keeping one costs only the memory of what has changed since.
 *
 * <p>One moment of the <em>view</em>: ECS gives no common clock to its entities, so that a task and its instance may be
 * seen a change apart, as ECS's own answers may.
 *
 * <p>Not to be implemented by applications: methods may be added.
 *
 * <p>Thread: immutable. Blocks: never; no method takes a lock or does I/O.
 */
public interface Snapshot {

    /**
     * The store's counter at the last change that is in this snapshot.
     *
     * @return the revision; 0 if nothing was ever stored
     */
    long revision();

    /**
     * A task.
     *
     * @param arn the task's ARN, as ECS gave it
     * @return the task; empty if the view knows none by this ARN
     */
    Optional<Task> task(String arn);

    /**
     * A container instance.
     *
     * @param arn the instance's ARN, as ECS gave it
     * @return the instance; empty if the view knows none by this ARN
     */
    Optional<ContainerInstance> instance(String arn);

    /**
     * A service.
     *
     * @param arn the service's ARN, as ECS gave it
     * @return the service; empty if the view knows none by this ARN
     */
    Optional<Service> service(String arn);

    /**
     * A cluster.
     *
     * @param arn the cluster's ARN
     * @return the cluster; empty if the view knows none by this ARN
     */
    Optional<Cluster> cluster(String arn);

    /**
     * An entity with its version, revision and times.
     *
     * @param kind the kind of entity
     * @param arn its ARN
     * @param <T> the AWS SDK's type of the entity
     * @return the entity; empty if the view knows none by this ARN
     */
    <T> Optional<Observed<T>> observed(EntityKind<T> kind, String arn);

    /**
     * What has changed since an older snapshot of the same view. What was changed and changed back in between, or came
     * and went, is not told.
     *
     * <p>Cost: follows what has changed, not what there is.
     *
     * @param older a snapshot of the same view
     * @return the difference, with this snapshot; each entity at most once
     * @throws IllegalArgumentException if the other snapshot is newer, or not one of this library
     */
    ChangeBatch since(Snapshot older);

    /**
     * All tasks, to be narrowed.
     *
     * @return a question
     */
    TaskQuery tasks();

    /**
     * All container instances, to be narrowed.
     *
     * @return a question
     */
    InstanceQuery instances();

    /**
     * All services, to be narrowed.
     *
     * @return a question
     */
    ServiceQuery services();

    /**
     * All clusters, to be narrowed.
     *
     * @return a question
     */
    ClusterQuery clusters();

    /**
     * A query over all entities of a kind, for code that serves every kind alike.
     *
     * @param kind the kind of entity
     * @param <T> the AWS SDK's type of the entity
     * @return the query that {@link #tasks}, {@link #instances}, {@link #services} or {@link #clusters} returns
     */
    @SuppressWarnings("unchecked") // each query is over its kind
    default <T> Query<T, ?> query(EntityKind<T> kind) {
        Query<?, ?> query;
        if (kind == EntityKind.TASK) {
            query = tasks();
        } else if (kind == EntityKind.INSTANCE) {
            query = instances();
        } else {
            query = kind == EntityKind.SERVICE ? services() : clusters();
        }
        return (Query<T, ?>) query;
    }
}
