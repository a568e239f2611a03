package io.clusterstate.memory;

import io.clusterstate.EntityKind;
import io.clusterstate.spi.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.EcsRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/**
 * The ECS behind a {@link FakeClusterState}, for unit tests of code that starts and stops tasks. {@link #client} gives
 * the code under test an {@link EcsClient}; the methods here are for the test.
 *
 * <p>The state of ECS and the view differ as in production. A started task is in ECS at once. Its event reaches the
 * view at once too, or, after {@link #holdEvents}, when the test delivers it. Entities that the test puts into the fake
 * are in both. Every change of a task or an instance is a version and an event of its own.
 *
 * <p><b>Tasks</b> wait where RunTask or StartTask leaves them, PENDING or PROVISIONING, until the test moves them:
 * {@link #run}, {@link #step}, {@link #stop(String)}, {@link #settle}. They take CPU, memory, GPUs and the host ports
 * that their definition fixes, and give them back when they have stopped. A task that the test puts takes nothing.
 *
 * <p><b>RunTask</b> takes the first instance with room in the order of ARNs, whatever strategy the request names. Of
 * constraints the fake knows {@code distinctInstance} among the tasks of a group, and {@code memberOf} an instance by
 * {@code ec2InstanceId == ID}; any other expression fails with an {@link UnsupportedOperationException}. A client token
 * repeats the answer of its first request, within its cluster and for 24 hours.
 *
 * <p><b>Services</b> keep what a caller wants of them, and their deployments; the fake starts and stops no task for
 * them. {@link #completeRollout} ends one well, and {@link FakeClusterState#changeService} in any other way.
 *
 * <p>Operations: RunTask, StartTask, StopTask, DescribeTasks, ListTasks; DescribeContainerInstances,
 * ListContainerInstances, UpdateContainerInstancesState; CreateService, UpdateService, DescribeServices, ListServices;
 * DescribeClusters, ListClusters; RegisterTaskDefinition, DescribeTaskDefinition; and their paginators. Each different
 * operation, and {@code waiter()}, fails with an {@link UnsupportedOperationException} that names it.
 *
 * <p>There is no thread, network, sleep or chance: ids count up, and time is the fake's clock. The limits and errors
 * are those of the ECS API reference, as 100 ARNs a describe and 10 instances a start.
 *
 * <p>Thread: safe for any thread. Blocks: while listeners run.
 */
public final class FakeEcs {

    private final Object lock;
    private final FakeEcsState state;
    private final FakeEcsLife life;
    private final FakeEcsApi api;
    private final Runnable tell;
    private final EcsClient client;

    /** An ECS whose state a lock guards; {@code tell} tells the subscribers of the view. */
    FakeEcs(Object lock, FakeEcsState state, Runnable tell) {
        this.lock = lock;
        this.state = state;
        this.tell = tell;
        this.life = new FakeEcsLife(state);
        this.api = new FakeEcsApi(state, life);
        this.client = FakeEcsClient.of(
                api.operations(), (operation, request) -> thenTell(() -> api.answer(operation, request)));
    }

    /**
     * The client for the code under test. Closing it has no effect.
     *
     * @return the client, the same object at every call
     */
    public EcsClient client() {
        return client;
    }

    /**
     * Registers the next revision of a task definition with one container and the network mode bridge.
     * {@link EcsClient#registerTaskDefinition(RegisterTaskDefinitionRequest)} registers any other. The view shows a
     * definition once the test puts it: {@code fake.put(ecs.define("web", 256, 512))}.
     *
     * @param family the name of the family, and of the container
     * @param cpu the CPU units
     * @param memory the memory in MiB
     * @return the definition
     */
    public TaskDefinition define(String family, int cpu, int memory) {
        synchronized (lock) {
            return state.definitions().register(family, cpu, memory, state.now());
        }
    }

    /**
     * The tasks that ECS has, stopped ones included for an hour, whatever the view shows.
     *
     * @return the tasks in the order in which they came into being
     */
    public List<Task> tasks() {
        synchronized (lock) {
            return state.all(EntityKind.TASK).stream()
                    .map(FakeEcsState.Held::value)
                    .toList();
        }
    }

    /**
     * Moves a task to RUNNING, by each status between.
     *
     * @param taskArn the ARN of a task in ECS
     * @return the task
     * @throws IllegalArgumentException if there is no such task
     * @throws IllegalStateException if the task is to stop, or has stopped
     */
    public Task run(String taskArn) {
        return change(taskArn, task -> {
            if (FakeEcsLife.isToStop(task)) {
                throw new IllegalStateException(
                        "task: " + taskArn + " with desired status STOPPED (expected: RUNNING)");
            }
            return settled(task);
        });
    }

    /**
     * Moves a task to its next status: up to RUNNING, or down to STOPPED once it is to stop. A task at the end of its
     * way stays as it is.
     *
     * @param taskArn the ARN of a task in ECS
     * @return the task
     * @throws IllegalArgumentException if there is no such task
     */
    public Task step(String taskArn) {
        return change(taskArn, life::step);
    }

    /**
     * Lets a task stop by SIGTERM. Its code is {@code UserInitiated}, as after StopTask, unless it was to stop already.
     *
     * @param taskArn the ARN of a task in ECS
     * @return the stopped task
     * @throws IllegalArgumentException if there is no such task
     */
    public Task stop(String taskArn) {
        return change(
                taskArn,
                task -> life.end(
                        life.wantStopped(task, TaskStopCode.USER_INITIATED, "Task stopped by user"),
                        FakeEcsLife.EXIT_OF_SIGTERM));
    }

    /**
     * Lets a task end by itself: an essential container exits. If the task was to stop already, the code and reason
     * stay those of that request.
     *
     * @param taskArn the ARN of a task in ECS
     * @param reason the reason, as {@code Essential container in task exited}
     * @param exitCode the exit code of each container
     * @return the stopped task
     * @throws IllegalArgumentException if there is no such task
     */
    public Task stop(String taskArn, String reason, int exitCode) {
        return change(
                taskArn,
                task -> life.end(life.wantStopped(task, TaskStopCode.ESSENTIAL_CONTAINER_EXITED, reason), exitCode));
    }

    /**
     * Lets a task fail before its containers run, as if an image could not be pulled. It has no exit code, unless it
     * ran.
     *
     * @param taskArn the ARN of a task in ECS
     * @param reason the reason, as {@code CannotPullContainerError: not found}
     * @return the stopped task
     * @throws IllegalArgumentException if there is no such task
     */
    public Task failToStart(String taskArn, String reason) {
        return change(
                taskArn,
                task -> life.end(
                        life.wantStopped(task, TaskStopCode.TASK_FAILED_TO_START, reason),
                        FakeEcsLife.EXIT_OF_SIGTERM));
    }

    /** Removes what the test has removed from the view. */
    void removed(String arn) {
        state.find(EntityKind.TASK, arn).ifPresent(life::free);
        state.remove(arn);
        state.events().flush();
    }

    /**
     * Ends a service's rollout well: the counts are as desired, and earlier deployments are gone. No task changes.
     *
     * @param serviceArn the ARN of a service in ECS
     * @return the service
     * @throws IllegalArgumentException if there is no such service
     */
    public Service completeRollout(String serviceArn) {
        return thenTell(() -> FakeEcsDeployments.complete(state, serviceArn));
    }

    /** Moves every task to where it is to be: RUNNING, or STOPPED if it is to stop. */
    public void settle() {
        thenTell(() -> {
            tasks().forEach(this::settled);
            state.events().flush();
        });
    }

    private Task settled(Task task) {
        Task now = task;
        for (Task next = life.step(now); !next.equals(now); next = life.step(now)) {
            now = next;
        }
        return now;
    }

    private Task change(String taskArn, UnaryOperator<Task> change) {
        return thenTell(() -> {
            Task task = state.find(EntityKind.TASK, taskArn)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "taskArn: " + taskArn + " (expected: the ARN of a task in the fake ECS)"));
            Task changed = change.apply(task);
            state.events().flush();
            return changed;
        });
    }

    /** Holds back the events of all changes from now on. ECS has them; the view does not show them. */
    public void holdEvents() {
        synchronized (lock) {
            state.events().hold(true);
        }
    }

    /** Delivers the held events in the order of their changes, and from now on each event at once. */
    public void releaseEvents() {
        thenTell(() -> {
            state.events().hold(false);
            state.events().flush();
        });
    }

    /**
     * The events that are held back.
     *
     * @return the events in the order of their changes
     */
    public List<FakeEvent<?>> held() {
        synchronized (lock) {
            return state.events().held();
        }
    }

    /**
     * All events since the beginning, delivered or not.
     *
     * @return the events in the order of their changes
     */
    public List<FakeEvent<?>> events() {
        synchronized (lock) {
            return state.events().all();
        }
    }

    /** Delivers the held events in the order of their changes; later events are held back as before. */
    public void deliver() {
        thenTell(state.events()::deliverHeld);
    }

    /**
     * Delivers an event: a held one out of order, or a delivered one again. The newest event of an entity brings the
     * fields that only the API reports with it, as tags and an instance's task counts.
     *
     * @param event an event of this ECS
     * @return the outcome, as {@link Outcome#OUTDATED} or {@link Outcome#DUPLICATE}
     */
    public Outcome deliver(FakeEvent<?> event) {
        return thenTell(() -> state.events().deliver(event));
    }

    /**
     * Delivers the held events in a random order, each third of them twice on average.
     *
     * @param random the source of the order, with the seed of the test
     */
    public void deliverShuffled(Random random) {
        List<FakeEvent<?>> events = new ArrayList<>();
        for (FakeEvent<?> event : held()) {
            events.addAll(Collections.nCopies(random.nextInt(3) == 0 ? 2 : 1, event));
        }
        Collections.shuffle(events, random);
        events.forEach(this::deliver);
    }

    /** Loses the held events: the view does not show these changes until a later event or {@link #reconcile}. */
    public void dropHeld() {
        synchronized (lock) {
            state.events().dropHeld();
        }
    }

    /** Shows the view all that ECS has, as a mirror's reconcile does. Held events stay held. */
    public void reconcile() {
        thenTell(state::reconcile);
    }

    /**
     * Lets the next call of an operation answer with a failure for each entity that it is about; RunTask answers for
     * each instance of the cluster. The call changes nothing.
     *
     * @param operation the name of an operation whose answer has failures, as {@code RunTask}
     * @param reason ECS's reason, as {@code RESOURCE:MEMORY}
     * @throws IllegalArgumentException if the fake has no such operation
     */
    public void refuseNext(String operation, String reason) {
        plan(operation, new FakeEcsFaults.Refusal(reason));
    }

    /**
     * Lets the next call of an operation throw an exception. The call changes nothing.
     *
     * @param operation the name of an operation, as {@code RunTask}
     * @param failure the exception, as an {@link software.amazon.awssdk.services.ecs.model.EcsException}
     * @throws IllegalArgumentException if the fake has no such operation
     */
    public void failNext(String operation, RuntimeException failure) {
        plan(operation, new FakeEcsFaults.Failing(failure));
    }

    /**
     * Lets the next call of an operation take effect, and its answer get lost: the caller sees the SDK's timeout, as
     * after {@link #loseCall}.
     *
     * @param operation the name of an operation, as {@code RunTask}
     * @throws IllegalArgumentException if the fake has no such operation
     */
    public void loseAnswerOf(String operation) {
        plan(operation, new FakeEcsFaults.LostAnswer());
    }

    /**
     * Lets the next call of an operation get lost: it takes no effect, and the caller sees the SDK's timeout, as after
     * {@link #loseAnswerOf}.
     *
     * @param operation the name of an operation, as {@code RunTask}
     * @throws IllegalArgumentException if the fake has no such operation
     */
    public void loseCall(String operation) {
        plan(operation, new FakeEcsFaults.LostCall());
    }

    private void plan(String operation, FakeEcsFaults.Fault fault) {
        synchronized (lock) {
            api.faults().plan(operation, fault);
        }
    }

    /**
     * The number of calls by operation, failed and lost calls included.
     *
     * @return the counts by name, as {@code RunTask}; operations never called are absent
     */
    public Map<String, Integer> calls() {
        synchronized (lock) {
            return api.counts();
        }
    }

    /**
     * The requests of an operation, failed and lost calls included.
     *
     * @param type the type of the requests, as {@code RunTaskRequest.class}
     * @param <R> the type of the requests
     * @return the requests in the order of the calls
     */
    public <R extends EcsRequest> List<R> requests(Class<R> type) {
        synchronized (lock) {
            return api.requests(type);
        }
    }

    private void thenTell(Runnable work) {
        thenTell(() -> {
            work.run();
            return lock;
        });
    }

    private <T> T thenTell(Supplier<T> work) {
        try {
            synchronized (lock) {
                return work.get();
            }
        } finally {
            tell.run();
        }
    }
}
