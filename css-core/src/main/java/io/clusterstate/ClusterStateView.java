package io.clusterstate;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * The read side: the state of the clusters as this process knows it.
 *
 * <p>The view follows ECS with a delay. A change in ECS shows here once its event has arrived, commonly within seconds;
 * if the event was lost, it shows after the next reconcile. {@link #freshness()} says up to when the view is known to
 * be complete.
 *
 * <p>Promise 1: the version of an entity never goes back. Promise 5: before the first complete load, every query throws
 * {@link NotReadyException} instead of returning nothing. Afterwards the view answers from its present state, even
 * while SQS or ECS cannot be reached.
 *
 * <p>A mirror or reader has a view of one account and Region. {@link CompositeView} merges several views.
 *
 * <p>Not to be implemented by applications: methods may be added.
 *
 * <p>Thread: safe for any thread. Blocks: never, except for the methods named await. A wait leaves nothing behind,
 * however it ends.
 */
public interface ClusterStateView {

    /**
     * The state at this moment. All queries to one snapshot see the same moment.
     *
     * @return the last published snapshot
     * @throws NotReadyException before the first complete load, and after the mirror failed or was closed
     */
    Snapshot snapshot();

    /**
     * The state at an earlier revision, as far as the journal reaches: by default 2,000 changes. Changes that were
     * published together have one snapshot, so a revision between them gives the snapshot before them.
     *
     * @param revision a revision of the same store, such as that of an {@link EntityChange}
     * @return the newest snapshot whose revision is at most the given one
     * @throws RevisionOutOfRangeException if the journal no longer holds that snapshot, or the revision is ahead of the
     *     view, or before its first complete load
     * @throws NotReadyException as {@link #snapshot()}
     * @throws UnsupportedOperationException if this is a {@link CompositeView}: ask the member's view
     */
    Snapshot snapshotAt(long revision);

    /**
     * A task; short for {@code snapshot().task(arnOrId)}.
     *
     * @param arnOrId the task's ARN, as ECS reports it, or its id
     * @return the task; empty if the view has none
     * @throws IllegalArgumentException if there are several with this id
     * @throws NotReadyException as {@link #snapshot()}
     */
    default Optional<Task> task(String arnOrId) {
        return snapshot().task(arnOrId);
    }

    /**
     * A container instance; short for {@code snapshot().instance(arnOrId)}.
     *
     * @param arnOrId the instance's ARN, as ECS reports it, or its id
     * @return the instance; empty if the view has none
     * @throws IllegalArgumentException if there are several with this id
     * @throws NotReadyException as {@link #snapshot()}
     */
    default Optional<ContainerInstance> instance(String arnOrId) {
        return snapshot().instance(arnOrId);
    }

    /**
     * A service; short for {@code snapshot().service(arnOrName)}.
     *
     * @param arnOrName the service's ARN, as ECS reports it, or its name
     * @return the service; empty if the view has none
     * @throws IllegalArgumentException if there are several with this name
     * @throws NotReadyException as {@link #snapshot()}
     */
    default Optional<Service> service(String arnOrName) {
        return snapshot().service(arnOrName);
    }

    /**
     * A cluster; short for {@code snapshot().cluster(arnOrName)}.
     *
     * @param arnOrName the cluster's ARN, or its name
     * @return the cluster; empty if the view has none
     * @throws IllegalArgumentException if there are several with this name
     * @throws NotReadyException as {@link #snapshot()}
     */
    default Optional<Cluster> cluster(String arnOrName) {
        return snapshot().cluster(arnOrName);
    }

    /**
     * The state at this moment, if it meets a policy.
     *
     * @param policy the demands, and whether a view that misses them is served all the same
     * @return the last published snapshot, with its freshness
     * @throws NotReadyException as {@link #snapshot()}
     * @throws StaleViewException if the view does not meet the policy; the message names the actual and the demanded
     *     value
     * @throws UnknownClusterException if the policy names a cluster that the view does not know
     */
    ReadPolicy.Result read(ReadPolicy policy);

    /**
     * Whether the view answers queries.
     *
     * @return true from the first complete load until the mirror is closed
     */
    boolean isReady();

    /**
     * Waits until the view answers queries.
     *
     * <p>Blocks: up to {@code limit}.
     *
     * @param limit the longest wait
     * @throws TimeoutException if the first load is not complete by then; the message says what is missing
     * @throws NotReadyException if the mirror was closed, so that the view will never be ready
     * @throws InterruptedException if the thread was interrupted
     */
    void awaitReady(Duration limit) throws TimeoutException, InterruptedException;

    /**
     * Waits until the view has reached a revision, for instance the revision of a snapshot of another view of the same
     * store.
     *
     * <p>Blocks: up to {@code limit}.
     *
     * @param revision the revision
     * @param limit the longest wait
     * @return a snapshot at that revision or a later one
     * @throws TimeoutException if the view is not ready or has not reached the revision by then; the message has its
     *     revision
     * @throws NotReadyException if the mirror was closed, so that the view will never be ready
     * @throws InterruptedException if the thread was interrupted
     * @throws UnsupportedOperationException if this is a {@link CompositeView}: use
     *     {@link CompositeView#awaitRevisions}
     */
    Snapshot awaitRevision(long revision, Duration limit) throws TimeoutException, InterruptedException;

    /**
     * Waits until the view has everything that the store holds at the time of the call. That includes every change that
     * any process which shares the store wrote before the call. The method asks the store itself, so it fails while the
     * store cannot be reached. It does not wait for changes that ECS has and the store lacks; see {@link #awaitFresh}.
     *
     * <p>Blocks: up to {@code limit}; hardly at all for a store in this process.
     *
     * @param limit the longest wait
     * @return a snapshot that is no older than this call
     * @throws TimeoutException if the store does not answer, or the view is not ready or lags behind the store by then
     * @throws NotReadyException if the mirror was closed, so that the view will never be ready
     * @throws InterruptedException if the thread was interrupted
     */
    Snapshot awaitCurrent(Duration limit) throws TimeoutException, InterruptedException;

    /**
     * Waits until ECS has confirmed the view up to a moment ({@link Freshness#freshUpTo()}). A reconcile must begin
     * after the moment and end, and the consistency allowance must pass. To hurry, call {@code reconcileNow()} of the
     * mirror.
     *
     * <p>Blocks: up to {@code limit}.
     *
     * @param upTo the moment
     * @param limit the longest wait
     * @return a snapshot with every change that ECS showed before the moment
     * @throws TimeoutException if the view is not that fresh by then; the message says how fresh it is
     * @throws NotReadyException if the mirror was closed, so that the view will never be ready
     * @throws InterruptedException if the thread was interrupted
     */
    Snapshot awaitFresh(Instant upTo, Duration limit) throws TimeoutException, InterruptedException;

    /**
     * Waits until a condition holds, for instance that a task which was just started is running.
     *
     * <p>The calling thread tests the condition on the present snapshot, and again whenever the state or its freshness
     * changes. Some snapshots in between may be skipped, so a condition that holds only for a moment may be missed.
     *
     * <p>Blocks: up to {@code limit}.
     *
     * @param condition a test of a snapshot; an exception from it ends the wait and reaches the caller
     * @param limit the longest wait
     * @return the snapshot that meets the condition
     * @throws TimeoutException if the condition does not hold by then
     * @throws NotReadyException if the mirror was closed, so that the view will never be ready
     * @throws InterruptedException if the thread was interrupted
     */
    Snapshot awaitUntil(Predicate<? super Snapshot> condition, Duration limit)
            throws TimeoutException, InterruptedException;

    /**
     * Waits until the view has a task definition. This fetches nothing: a mirror built with {@code taskDefinitions}
     * fetches what its tasks and services refer to, at ten definitions a second by default, the newest references
     * first.
     *
     * <p>Blocks: up to {@code limit}.
     *
     * @param arn the definition's ARN, or its family and revision, such as {@code web:7}
     * @param limit the longest wait
     * @return the definition
     * @throws IllegalArgumentException if the revision is missing, or several accounts or Regions have such a family
     *     and revision
     * @throws TimeoutException if the view does not have it by then; the status of the mirror names the definitions
     *     that ECS refused
     * @throws NotReadyException if the mirror was closed, so that the view will never be ready
     * @throws InterruptedException if the thread was interrupted
     */
    TaskDefinition awaitDefinition(String arn, Duration limit) throws TimeoutException, InterruptedException;

    /**
     * Waits until all of some tasks run. A task that is not in the view yet, as after RunTask, is waited for. A task
     * whose desired status is STOPPED does not count as running.
     *
     * <p>Blocks: up to {@code limit}.
     *
     * @param taskArns the tasks' ARNs, as ECS reports them
     * @param limit the longest wait
     * @return the tasks as they run, in the order of the ARNs
     * @throws TaskStoppedException as soon as one of the tasks has stopped
     * @throws WaitFailedException as soon as one of them was removed before its end was seen
     * @throws IllegalArgumentException if there is no ARN, one is no task's, or one is given twice
     * @throws TimeoutException if they do not all run by then; the message has their states, or "not seen yet"
     * @throws NotReadyException if the mirror was closed
     * @throws InterruptedException if the thread was interrupted
     */
    List<Task> awaitRunning(Collection<String> taskArns, Duration limit) throws TimeoutException, InterruptedException;

    /**
     * Does as {@link #awaitRunning} without blocking. Any number of futures share one thread of the view.
     *
     * <p>A future also ends by {@code cancel} or {@code orTimeout}, after which the view holds nothing of it. When the
     * view ends, its futures fail with {@link NotReadyException}.
     *
     * <p>Thread: actions that depend on a future run on the view's thread for futures, where a slow one delays the
     * others; pass an executor to {@code thenApplyAsync}. In a fake they run on the thread that changes the fake.
     *
     * @param taskArns the tasks' ARNs, as ECS reports them
     * @return a future of what {@link #awaitRunning} returns, which fails with what it throws
     * @throws IllegalArgumentException as {@link #awaitRunning}
     */
    CompletableFuture<List<Task>> whenRunning(Collection<String> taskArns);

    /**
     * Waits until all of some tasks have stopped, with their exit codes. A task that stopped earlier counts as long as
     * the view keeps it, or remembers its removal.
     *
     * <p>Blocks: up to {@code limit}.
     *
     * @param taskArns the tasks' ARNs, as ECS reports them
     * @param limit the longest wait
     * @return the stopped tasks, in the order of the ARNs
     * @throws WaitFailedException as soon as one of them was removed before its end was seen: ECS no longer knows it
     * @throws IllegalArgumentException as {@link #awaitRunning}
     * @throws TimeoutException if they have not all stopped by then; the message has their states, or "not seen yet"
     * @throws NotReadyException if the mirror was closed
     * @throws InterruptedException if the thread was interrupted
     */
    List<Task> awaitStopped(Collection<String> taskArns, Duration limit) throws TimeoutException, InterruptedException;

    /**
     * Does as {@link #awaitStopped} without blocking; see {@link #whenRunning}.
     *
     * @param taskArns the tasks' ARNs, as ECS reports them
     * @return a future of what {@link #awaitStopped} returns, which fails with what it throws
     * @throws IllegalArgumentException as {@link #awaitRunning}
     */
    CompletableFuture<List<Task>> whenStopped(Collection<String> taskArns);

    /**
     * Waits until a service is stable: it has one deployment, and as many running tasks as desired.
     *
     * <p>Pass the service as CreateService or UpdateService answered it. The wait then disregards a state of the view
     * from before that call. A service of the view itself stands for its present state.
     *
     * <p>Blocks: up to {@code limit}.
     *
     * @param service the service as the caller knows it
     * @param limit the longest wait
     * @return the stable service
     * @throws WaitFailedException as soon as the service is draining, inactive or removed
     * @throws IllegalArgumentException if the service has no ARN
     * @throws TimeoutException if the service is not stable by then; the message has its counts, or "not seen yet"
     * @throws NotReadyException if the mirror was closed
     * @throws InterruptedException if the thread was interrupted
     */
    Service awaitServiceStable(Service service, Duration limit) throws TimeoutException, InterruptedException;

    /**
     * Does as {@link #awaitServiceStable} without blocking; see {@link #whenRunning}.
     *
     * @param service the service as the caller knows it
     * @return a future of what {@link #awaitServiceStable} returns, which fails with what it throws
     * @throws IllegalArgumentException as {@link #awaitServiceStable}
     */
    CompletableFuture<Service> whenServiceStable(Service service);

    /**
     * Waits for the end of a service's rollout: of the deployment that is PRIMARY in the given service. Pass the
     * service as CreateService or UpdateService answered it.
     *
     * <p>The outcome follows from the service's deployments and messages; see {@link Rollout.Outcome}. With a circuit
     * breaker or alarms that roll back, a failed deployment ends once its rollback has ended. Without them, a
     * deployment that cannot start its tasks stays in progress, so that the wait ends by its limit.
     *
     * <p>Blocks: up to {@code limit}.
     *
     * @param service the service as the caller knows it, with its deployments
     * @param limit the longest wait
     * @return the outcome, with ECS's reason and the deployment's stopped tasks
     * @throws WaitFailedException as soon as the service is draining, inactive or removed
     * @throws IllegalArgumentException if the service has no ARN or no PRIMARY deployment
     * @throws TimeoutException if the rollout has not ended by then; the message has its state, or "not seen yet"
     * @throws NotReadyException if the mirror was closed
     * @throws InterruptedException if the thread was interrupted
     */
    Rollout awaitRollout(Service service, Duration limit) throws TimeoutException, InterruptedException;

    /**
     * Does as {@link #awaitRollout} without blocking; see {@link #whenRunning}.
     *
     * @param service the service as the caller knows it, with its deployments
     * @return a future of what {@link #awaitRollout} returns, which fails with what it throws
     * @throws IllegalArgumentException as {@link #awaitRollout}
     */
    CompletableFuture<Rollout> whenRolledOut(Service service);

    /**
     * Subscribes a listener: first it is told the present entities, then every change. With
     * {@link ChangeListenerBuilder#liveOnly} it is told only the changes from now on. A listener may be subscribed
     * before the view is ready; it is told nothing until then.
     *
     * @param listener the listener
     * @return the subscription, which only serves to cancel and to read the status
     * @throws NotReadyException if the mirror was closed
     */
    Subscription subscribe(ChangeListener listener);

    /**
     * Subscribes a listener that already knows the state at a revision: it is told the changes after that revision,
     * without an initial batch. The revision must be one of the same store, taken from a snapshot or from
     * {@link ChangeBatch#revision()}. A store in memory starts at 0 in every process.
     *
     * @param listener the listener
     * @param afterRevision the revision up to which the listener knows everything
     * @return the subscription, which only serves to cancel and to read the status
     * @throws RevisionOutOfRangeException if the journal no longer holds all changes after the revision, or the
     *     revision is ahead of the view
     * @throws NotReadyException as {@link #snapshot()}
     * @throws UnsupportedOperationException if this is a {@link CompositeView}: use
     *     {@link CompositeView#subscribe(ChangeListener, java.util.Map)}
     */
    Subscription subscribe(ChangeListener listener, long afterRevision);

    /**
     * The changes as a publisher. Each subscriber receives an initial batch, then every change, at the pace of its
     * requests. A subscriber that falls too far behind receives a reset, as a {@link ChangeListener} does. The
     * publisher completes when the mirror is closed. If a subscriber closes the mirror itself, completion follows a
     * moment later.
     *
     * @return a publisher for any number of subscribers, each with a thread of its own
     */
    Flow.Publisher<ChangeBatch> changes();

    /**
     * The freshness of the view.
     *
     * @return the freshness at this moment; also available while the view is not ready
     */
    Freshness freshness();
}
