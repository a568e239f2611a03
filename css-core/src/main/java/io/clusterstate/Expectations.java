package io.clusterstate;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StartTaskResponse;

/**
 * A process's own starts and stops of tasks that the view does not show yet, so that a scheduler reads its own writes.
 * {@link #snapshot} lays them over the view.
 *
 * <p><b>Order of calls</b>: reserve room, call ECS, and conclude the {@link Reservation} by the answer. A snapshot
 * includes everything that was noted before the call of {@code snapshot}.
 *
 * <p><b>Never twice</b>: on an instance with starts of this process, the free amount is the lesser of two. One is the
 * amount that ECS last reported. The other is the registered amount less what the tasks and the reservations take, each
 * task once. A task takes its resources until ECS reports it as {@code STOPPED}. So events of the task and of the
 * instance may come in any order. After the last start on an instance was seen, this rule holds for 30 more seconds.
 *
 * <p><b>End</b>: an expectation ends when the view shows the task at the version of ECS's answer or a later one, or as
 * ended. After two minutes the mirror describes the task once, within its API budget. If that does not settle the
 * expectation, or ECS does not answer within two more minutes, it is dropped, with a warning in the log and a count in
 * {@link #dropped}. A pause of the process, however long, drops nothing before ECS was asked.
 *
 * <p><b>Limits</b>: it is the knowledge of one process, and a restart begins without any. Nothing of it reaches the
 * store or removes anything from a snapshot. Tasks that others place at the same moment count once the view has them;
 * where both want the last room, ECS refuses one.
 *
 * <p>Without ECS clients, as in a fake or a reader of etcd, nothing is described, and time alone drops.
 *
 * <p>Not to be implemented by applications: methods may be added.
 *
 * <p>Thread: safe for any thread. Blocks: never, except for {@link #awaitSettled}.
 */
public interface Expectations {

    /** The number of open expectations beyond which {@link #reserve} fails, and the oldest others are dropped. */
    int MOST = 10_000;

    /**
     * The view with all open expectations laid over it. Started tasks are there as ECS answered them. The free
     * resources of their instances are less by what they take, as are those of instances with reservations. Stopping
     * tasks have the desired status {@code STOPPED}. Every query works on it.
     *
     * <p>The cost grows with the number of open expectations and of the tasks on their instances. The result is kept
     * until the view or an expectation changes. Without expectations, it is the view's own snapshot.
     *
     * @return a snapshot at the view's revision; a task that only an answer has shown has the origin
     *     {@link Origin#DESCRIBE}
     * @throws NotReadyException as {@link ClusterStateView#snapshot()}
     */
    Snapshot snapshot();

    /**
     * Notes the tasks that a call has started; its failures start nothing. For a call without a reservation.
     *
     * @param response ECS's answer
     */
    void launched(RunTaskResponse response);

    /**
     * Notes the tasks that a call has started, as {@link #launched(RunTaskResponse)} does.
     *
     * @param response ECS's answer
     */
    void launched(StartTaskResponse response);

    /**
     * Notes that ECS has accepted to stop a task. If the answer to StopTask was lost, repeat that call, which may be
     * repeated safely.
     *
     * @param taskArn the task's ARN
     * @throws IllegalArgumentException if it is not the ARN of a task
     */
    void stopping(String taskArn);

    /**
     * Reserves room on an instance for one task, before the call that starts it. The room counts as taken until the
     * reservation is concluded.
     *
     * @param instanceArn the ARN of an instance in the view
     * @param needs the resources that the task takes, such as {@link Requirement#of}; of ports and GPUs, only this says
     *     what ECS's answer does not show yet
     * @return the reservation, which the caller concludes
     * @throws IllegalArgumentException if the view has no such instance
     * @throws IllegalStateException if {@link #MOST} expectations are open
     * @throws NotReadyException as {@link ClusterStateView#snapshot()}
     */
    Reservation reserve(String instanceArn, Requirement... needs);

    /**
     * Reserves room as {@link #reserve(String, Requirement...)} does.
     *
     * @param instanceArn the ARN of an instance in the view
     * @param needs the resources that the task takes
     * @return the reservation, which the caller concludes
     */
    default Reservation reserve(String instanceArn, List<Requirement> needs) {
        return reserve(instanceArn, needs.toArray(Requirement[]::new));
    }

    /**
     * Notes that a RunTask call without a reservation has lost its answer. The mirror lists the tasks with this
     * {@code startedBy} within seconds, and brings those it finds into the view.
     *
     * <p>A call with a {@code clientToken} may be repeated instead: ECS then answers with the tasks of the first call.
     * Source: the ECS API reference, "Ensuring idempotency".
     *
     * @param cluster the name or ARN of the cluster
     * @param startedBy a mark that no earlier call used
     */
    void unknown(String cluster, String startedBy);

    /**
     * The open expectations, for people and tests.
     *
     * @return the expectations that the view does not show yet, in no particular order
     */
    List<Expectation> open();

    /**
     * The number of expectations that were dropped although the view never showed them.
     *
     * @return a count since the beginning
     */
    long dropped();

    /**
     * Waits until no expectation is open.
     *
     * <p>Blocks: up to {@code limit}; on a fake not at all.
     *
     * @param limit the longest wait
     * @return the view's snapshot, which shows the outcomes
     * @throws TimeoutException if some are open by then; the message names them
     * @throws NotReadyException if the mirror was closed
     * @throws InterruptedException if the thread was interrupted
     */
    Snapshot awaitSettled(Duration limit) throws TimeoutException, InterruptedException;
}
