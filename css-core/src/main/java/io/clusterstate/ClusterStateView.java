package io.clusterstate;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The read side: the state of the clusters as this process knows it.
 *
 * <p>What it is not: it is not ECS. A change in ECS shows here when its event has come, commonly within seconds; an
 * event that was lost shows after the next reconcile. {@link #freshness()} tells how far the view is known to be whole.
 *
 * <p>Promise 1: the version of an entity never goes back. Promise 5: before the first complete load, every question is
 * answered by {@link NotReadyException}, never by nothing. After that the view keeps answering, from what it has, also
 * while SQS or ECS cannot be reached.
 *
 * <p>Not to be implemented by applications: methods may be added.
 *
 * <p>Thread: safe for any thread. Blocks: never, but for the methods that are called await.
 *
 * <p>A wait leaves nothing behind, however it ends.
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
     * @throws StaleViewException if the view does not meet the policy; its message tells what it is and what was
     *     demanded
     */
    ReadPolicy.Result read(ReadPolicy policy);

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
     * Waits until the view has reached a revision: one that another view of the same store has seen, or that a change
     * has brought.
     *
     * <p>Blocks: up to {@code limit}.
     *
     * @param revision the revision
     * @param limit how long to wait at the most
     * @return a snapshot at that revision or a later one
     * @throws TimeoutException if the view is not ready or not there by then; its message tells where it is
     * @throws NotReadyException if the mirror has failed or was closed, so that waiting is of no use
     * @throws InterruptedException if the thread was interrupted
     */
    Snapshot awaitRevision(long revision, Duration limit) throws TimeoutException, InterruptedException;

    /**
     * Waits until the view has all that is in the store at this moment: whatever any process that shares the store had
     * taken in before this call is then in the snapshot. The store itself is asked, so that this fails while it cannot
     * be reached. It says nothing of what ECS has and the store has not; see {@link #awaitFresh}.
     *
     * <p>Blocks: up to {@code limit}; hardly at all where the store is in this process.
     *
     * @param limit how long to wait at the most
     * @return a snapshot that is no older than this call
     * @throws TimeoutException if the store does not answer, or the view is not ready or not there by then
     * @throws NotReadyException if the mirror has failed or was closed, so that waiting is of no use
     * @throws InterruptedException if the thread was interrupted
     */
    Snapshot awaitCurrent(Duration limit) throws TimeoutException, InterruptedException;

    /**
     * Waits until ECS has confirmed the view up to a moment ({@link Freshness#freshUpTo()}). Even when all is well that
     * takes until the next reconcile begins after the moment, ends, and the consistency allowance has passed; to hurry,
     * call {@code reconcileNow()} of the mirror.
     *
     * <p>Blocks: up to {@code limit}.
     *
     * @param upTo the moment
     * @param limit how long to wait at the most
     * @return a snapshot that has every change that ECS showed before the moment
     * @throws TimeoutException if the view is not so fresh by then; its message tells how fresh it is
     * @throws NotReadyException if the mirror has failed or was closed, so that waiting is of no use
     * @throws InterruptedException if the thread was interrupted
     */
    Snapshot awaitFresh(Instant upTo, Duration limit) throws TimeoutException, InterruptedException;

    /**
     * Waits until something holds of the view: such as that a task which was just started is running.
     *
     * <p>The condition is asked on the calling thread, once for the present snapshot and again whenever something
     * moves, be it the state or its freshness. Snapshots that came and went meanwhile may be passed over: a condition
     * that holds for a moment only may be missed.
     *
     * <p>Blocks: up to {@code limit}.
     *
     * @param condition asked about a snapshot; what it throws is thrown
     * @param limit how long to wait at the most
     * @return the snapshot of which it holds
     * @throws TimeoutException if it does not hold by then
     * @throws NotReadyException if the mirror has failed or was closed, so that waiting is of no use
     * @throws InterruptedException if the thread was interrupted
     */
    Snapshot awaitUntil(Predicate<? super Snapshot> condition, Duration limit)
            throws TimeoutException, InterruptedException;

    /**
     * Tells a listener of changes, from what is there on; or, if it is {@link ChangeListenerBuilder#liveOnly}, from now
     * on. May be called before the view is ready; the listener is told nothing until then.
     *
     * @param listener what is to be done
     * @return by which to cancel; to be kept only for that
     * @throws NotReadyException if the mirror has failed or was closed
     */
    Subscription subscribe(ChangeListener listener);

    /**
     * Tells a listener what followed a revision that it knows: without an initial batch. The revision is one of the
     * same store, as a snapshot or {@link ChangeBatch#revision()} told it. A store in memory counts anew in every
     * process.
     *
     * @param listener what is to be done
     * @param afterRevision up to where the listener knows everything
     * @return by which to cancel
     * @throws RevisionOutOfRangeException if not all that followed is known any more, or the revision is ahead of the
     *     view
     * @throws NotReadyException as {@link #snapshot()}
     */
    Subscription subscribe(ChangeListener listener, long afterRevision);

    /**
     * The changes as a publisher: to each subscriber first an initial batch, then every change, as fast as it requests
     * them. One that is too far behind gets a reset, as a {@link ChangeListener} does. Completes when the mirror is
     * closed (if it was closed by the subscriber itself, a moment later), and fails when it fails.
     *
     * @return a publisher that may have any number of subscribers, each with a thread of its own
     */
    Flow.Publisher<ChangeBatch> changes();

    /**
     * How fresh the view is.
     *
     * @return what is known at this moment; answers also when not ready
     */
    Freshness freshness();
}
