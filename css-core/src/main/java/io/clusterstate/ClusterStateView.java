package io.clusterstate;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The read side: the state of the clusters as this process knows it.
 *
 * <p>What it is not: it is not ECS. A change in ECS shows here when its event has come, commonly within seconds; an event
 * that was lost shows after the next reconcile. {@link #freshness()} tells how far the view is known to be whole.
 *
 * <p>Promise 1: the version of an entity never goes back. Promise 5: before the first complete load, every question is
 * answered by {@link NotReadyException}, never by nothing. After that the view keeps answering, from what it has, also
 * while SQS or ECS cannot be reached.
 *
 * <p>Not to be implemented by applications: methods may be added.
 *
 * <p>Thread: safe for any thread. Blocks: never, but for {@link #awaitReady}.
 */
public interface ClusterStateView {

    /**
     * The state at this moment. Ask it several questions, and they are about the same moment.
     *
     * @return the last published snapshot
     * @throws NotReadyException before the first complete load, and after the mirror failed or was closed
     */
    Snapshot snapshot();

    /**
     * A task; short for {@code snapshot().task(arn)}.
     *
     * @param arn the task's ARN, as ECS gave it
     * @return the task; empty if the view knows none by this ARN
     * @throws NotReadyException as {@link #snapshot()}
     */
    default Optional<Task> task(String arn) {
        return snapshot().task(arn);
    }

    /**
     * A container instance; short for {@code snapshot().instance(arn)}.
     *
     * @param arn the instance's ARN, as ECS gave it
     * @return the instance; empty if the view knows none by this ARN
     * @throws NotReadyException as {@link #snapshot()}
     */
    default Optional<ContainerInstance> instance(String arn) {
        return snapshot().instance(arn);
    }

    /**
     * A service; short for {@code snapshot().service(arn)}.
     *
     * @param arn the service's ARN, as ECS gave it
     * @return the service; empty if the view knows none by this ARN
     * @throws NotReadyException as {@link #snapshot()}
     */
    default Optional<Service> service(String arn) {
        return snapshot().service(arn);
    }

    /**
     * A cluster; short for {@code snapshot().cluster(arn)}.
     *
     * @param arn the cluster's ARN
     * @return the cluster; empty if the view knows none by this ARN
     * @throws NotReadyException as {@link #snapshot()}
     */
    default Optional<Cluster> cluster(String arn) {
        return snapshot().cluster(arn);
    }

    /**
     * The state at this moment, if it is as fresh as is demanded.
     *
     * @param policy what is demanded, and whether what does not meet it is served all the same
     * @return the last published snapshot, with its freshness
     * @throws NotReadyException as {@link #snapshot()}
     * @throws StaleViewException if the view does not meet the policy; its message tells what it is and what was demanded
     */
    ReadPolicy.Answer read(ReadPolicy policy);

    /**
     * Whether questions are answered.
     *
     * @return true from the first complete load on, until the mirror fails or is closed
     */
    boolean isReady();

    /**
     * Waits until questions are answered.
     *
     * <p>Blocks: up to {@code limit}.
     *
     * @param limit how long to wait at the most
     * @throws TimeoutException if the first load is not complete by then; its message tells what it waits for
     * @throws NotReadyException if the mirror has failed or was closed, so that waiting is of no use
     * @throws InterruptedException if the thread was interrupted
     */
    void awaitReady(Duration limit) throws TimeoutException, InterruptedException;

    /**
     * How fresh the view is.
     *
     * @return what is known at this moment; answers also when not ready
     */
    Freshness freshness();
}
