package io.clusterstate.memory;

import io.clusterstate.ClusterStateView;
import io.clusterstate.EntityKind;
import io.clusterstate.Expectations;
import io.clusterstate.Freshness;
import io.clusterstate.NotReadyException;
import io.clusterstate.Observed;
import io.clusterstate.ServiceNotice;
import io.clusterstate.StoreView;
import io.clusterstate.internal.expect.OpenExpectations;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * A fake for unit tests of code that reads a {@link ClusterStateView}. Its view shows the entities that the test puts
 * in. It uses no thread and no network. Its clock begins at {@link #START} and stands still until {@link #advance}, so
 * that the same calls give equal results.
 *
 * <p>A new fake is empty, ready and fresh. Its view reads a {@link MemoryStateStore}, with the version rule, snapshots
 * and queries of a mirror. Only time and threads differ:
 *
 * <ul>
 *   <li>A change and a new subscription tell subscribers on the calling thread, before the call returns, unless
 *       subscribers are {@linkplain FakeSubscribers#pause paused}. A listener may itself change the fake; subscribers
 *       are told of that afterwards.
 *   <li>A wait for a state that is not reached fails at once with a {@link TimeoutException}, whatever its limit.
 *   <li>If a listener throws, the call that told it throws an {@link AssertionError} after all other listeners were
 *       told, so that the test fails where it made the change. A test of failing listeners calls
 *       {@link FakeSubscribers#expectFailures}.
 *   <li>A listener that asks for {@link io.clusterstate.ErrorAction#RETRY} is told again at the next call that tells
 *       anything, such as {@link #advance}.
 * </ul>
 *
 * <p>An entity does not change another. A task on an instance leaves the instance's free resources and the service's
 * counts as they are, since ECS reports those in events of their own. Putting a task creates no cluster.
 *
 * <p>Thread: safe for any thread. Blocks: while listeners run.
 */
public final class FakeClusterState implements AutoCloseable {

    /** The first time of the clock: January 1, 2026, at midnight UTC. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final FakeTime time = new FakeTime(START);
    private final ListenerFailures failures = new ListenerFailures();
    private final MemoryStateStore store;
    private final FakeHost host;
    private final FakeWriter writer;
    private final StoreView view;
    private final FakeSubscribers subscribers;
    private final FakeEcs ecs;
    private final Expectations expectations;

    /** Makes a fake that keeps ended entities for an hour, as a mirror does by default. */
    public FakeClusterState() {
        store = new MemoryStateStore(
                MemoryStateStore.DEFAULT_KEEP_ENDED,
                MemoryStateStore.DEFAULT_KEEP_TOMBSTONES,
                time,
                new ChangeJournal(),
                time::nanos);
        host = new FakeHost(time, callbacks());
        writer = new FakeWriter(store, time, host::addCluster);
        view = StoreView.byHand(store.journal(), host, time);
        subscribers = new FakeSubscribers(view, failures);
        ecs = new FakeEcs(writer, writer.ecs(), subscribers::tell);
        expectations = new OpenExpectations(view, time, time::nanos, view::moved, false);
    }

    private FakeHost.Callbacks callbacks() {
        return new FakeHost.Callbacks() {
            @Override
            public void asked() {
                subscribers.tell();
            }

            @Override
            public void failed(String subscription, Throwable failure) {
                failures.add(subscription, failure);
            }
        };
    }

    /**
     * The view for the code under test.
     *
     * @return the view, the same object at every call
     */
    public ClusterStateView view() {
        return view;
    }

    /**
     * Expectations over the view, by the clock of the fake. Nobody describes: an event that the test puts or delivers
     * ends an expectation, and so does its time.
     *
     * @return the expectations, the same object at every call
     */
    public Expectations expectations() {
        return expectations;
    }

    /**
     * The subscribers to the view, for tests of slow and failing listeners.
     *
     * @return the subscribers, the same object at every call
     */
    public FakeSubscribers subscribers() {
        return subscribers;
    }

    /**
     * The ECS behind the view, for tests of code that starts and stops tasks. It has all that the test puts here.
     *
     * @return the ECS, the same object at every call
     */
    public FakeEcs ecs() {
        return ecs;
    }

    /**
     * The clock of the fake, for code under test that needs the same time.
     *
     * @return a clock that shows {@link #START} plus every {@link #advance}
     */
    public InstantSource clock() {
        return time;
    }

    /**
     * Puts a task, a container instance or a service, as if ECS reported it now. An entity with that ARN changes.
     *
     * <p>A task or instance has version 1 when it is first put, and the next version at each further put, also after a
     * removal. A version that the test set counts if it is higher. A task's missing times of creation, start and stop
     * are set to now once its status has reached them.
     *
     * @param entity the entity, as {@code task("web-1").on("box-1")}
     * @param <T> the AWS SDK's type of the entity
     * @return the entity as the view shows it
     * @throws IllegalStateException if a stopped task were to run again, or the fake is closed
     */
    public <T> T put(FakeEntity<T> entity) {
        return put(entity.kind(), entity.clusterArn(), entity.build());
    }

    /**
     * Puts a task, as {@link #put(FakeEntity)} does.
     *
     * @param task a task with its ARN and the ARN of its cluster
     * @return the task as the view shows it
     * @throws IllegalArgumentException if an ARN is missing
     */
    public Task put(Task task) {
        return put(EntityKind.TASK, clusterOf(task.clusterArn()), task);
    }

    /**
     * Puts a container instance, as {@link #put(FakeEntity)} does.
     *
     * @param instance an instance with its ARN
     * @param cluster the name or ARN of the cluster, which ECS's container instances do not carry
     * @return the instance as the view shows it
     * @throws IllegalArgumentException if the ARN is missing
     */
    public ContainerInstance put(ContainerInstance instance, String cluster) {
        return put(EntityKind.INSTANCE, FakeArns.clusterArn(cluster), instance);
    }

    /**
     * Puts a service, as {@link #put(FakeEntity)} does. Services have no version.
     *
     * @param service a service with its ARN and the ARN of its cluster
     * @return the service as the view shows it
     * @throws IllegalArgumentException if an ARN is missing
     */
    public Service put(Service service) {
        return put(EntityKind.SERVICE, clusterOf(service.clusterArn()), service);
    }

    /**
     * Puts a cluster, as {@link #put(FakeEntity)} does. Clusters have no version.
     *
     * @param cluster a cluster with its ARN
     * @return the cluster as the view shows it
     * @throws IllegalArgumentException if the ARN is missing
     */
    public Cluster put(Cluster cluster) {
        return put(EntityKind.CLUSTER, EntityKind.CLUSTER.arnOf(cluster), cluster);
    }

    /**
     * Puts a task definition, as {@link #put(FakeEntity)} does. Task definitions have no version and no cluster.
     *
     * @param definition a definition with its ARN, as {@link FakeArns#taskDefinitionArn(String)} gives
     * @return the definition as the view shows it
     * @throws IllegalArgumentException if the ARN is missing, or has no revision
     */
    public TaskDefinition put(TaskDefinition definition) {
        FakeEcsDefinitions.requireRevision(EntityKind.TASK_DEFINITION.arnOf(definition));
        return put(EntityKind.TASK_DEFINITION, Observed.NO_CLUSTER, definition);
    }

    private <T> T put(EntityKind<T> kind, String clusterArn, T value) {
        return thenTell(writer.put(kind, clusterArn, value));
    }

    /**
     * Changes a task: puts its present state, with these changes, as the next version.
     *
     * @param arn the ARN of the task, as {@link FakeArns#taskArn(String)} gives
     * @param change a function that changes the AWS SDK's builder
     * @return the task as the view shows it
     * @throws IllegalArgumentException if there is no such task
     * @throws IllegalStateException if a stopped task were to run again
     */
    public Task changeTask(String arn, Consumer<Task.Builder> change) {
        return thenTell(writer.change(EntityKind.TASK, arn, task -> task.copy(change)));
    }

    /**
     * Changes a container instance, as {@link #changeTask} does.
     *
     * @param arn the ARN of the instance, as {@link FakeArns#instanceArn(String)} gives
     * @param change a function that changes the AWS SDK's builder
     * @return the instance as the view shows it
     * @throws IllegalArgumentException if there is no such instance
     */
    public ContainerInstance changeInstance(String arn, Consumer<ContainerInstance.Builder> change) {
        return thenTell(writer.change(EntityKind.INSTANCE, arn, instance -> instance.copy(change)));
    }

    /**
     * Changes a service, as {@link #changeTask} does.
     *
     * @param arn the ARN of the service, as {@link FakeArns#serviceArn(String)} gives
     * @param change a function that changes the AWS SDK's builder
     * @return the service as the view shows it
     * @throws IllegalArgumentException if there is no such service
     */
    public Service changeService(String arn, Consumer<Service.Builder> change) {
        return thenTell(writer.change(EntityKind.SERVICE, arn, service -> service.copy(change)));
    }

    private <T> T thenTell(T result) {
        subscribers.tell();
        return result;
    }

    /**
     * Removes an entity, as if ECS reported it missing. A task that {@link #ecs} started gives back what it holds.
     *
     * @param arn the ARN of the entity
     * @throws IllegalArgumentException if there is no such entity
     */
    public void remove(String arn) {
        synchronized (writer) {
            ecs.removed(writer.remove(arn));
        }
        subscribers.tell();
    }

    /**
     * Delivers an event of a task at the version that the test set, which may be late or a duplicate. Fields that ECS's
     * events lack, such as tags, health and the task counts of an instance, keep the values of the last put.
     *
     * @param task a task with a version
     * @return the outcome, as {@link Outcome#OUTDATED} or {@link Outcome#DUPLICATE}
     * @throws IllegalArgumentException if the version is missing
     */
    public Outcome deliver(FakeTask task) {
        return deliver(task.build());
    }

    /**
     * Delivers an event of a task, as {@link #deliver(FakeTask)} does.
     *
     * @param task a task with its ARN, the ARN of its cluster, and a version
     * @return the outcome, as {@link Outcome#OUTDATED} or {@link Outcome#DUPLICATE}
     * @throws IllegalArgumentException if an ARN or the version is missing
     */
    public Outcome deliver(Task task) {
        return thenTell(writer.deliver(EntityKind.TASK, clusterOf(task.clusterArn()), task));
    }

    /**
     * Delivers an event of a container instance, as {@link #deliver(FakeTask)} does.
     *
     * @param instance an instance with a version
     * @return the outcome, as {@link Outcome#OUTDATED} or {@link Outcome#DUPLICATE}
     * @throws IllegalArgumentException if the version is missing
     */
    public Outcome deliver(FakeInstance instance) {
        return deliver(instance.build(), instance.clusterArn());
    }

    /**
     * Delivers an event of a container instance, as {@link #deliver(FakeTask)} does.
     *
     * @param instance an instance with its ARN and a version
     * @param cluster the name or ARN of the cluster
     * @return the outcome, as {@link Outcome#OUTDATED} or {@link Outcome#DUPLICATE}
     * @throws IllegalArgumentException if the ARN or the version is missing
     */
    public Outcome deliver(ContainerInstance instance, String cluster) {
        return thenTell(writer.deliver(EntityKind.INSTANCE, FakeArns.clusterArn(cluster), instance));
    }

    /**
     * Delivers an event about a service to the listeners of such notices. The service itself stays as it is.
     *
     * @param notice the content of the event
     */
    public void deliver(ServiceNotice notice) {
        view.noticed(notice);
        subscribers.tell();
    }

    private static String clusterOf(@Nullable String clusterArn) {
        if (clusterArn == null) {
            throw new IllegalArgumentException("clusterArn: null (expected: the ARN of its cluster)");
        }
        return clusterArn;
    }

    /**
     * Makes the view not ready, as before the first complete load: queries throw {@link NotReadyException}, subscribers
     * are told nothing, and the freshness is unknown. Entities that the test puts meanwhile show once the view is
     * ready.
     *
     * @throws NotReadyException if the fake has failed or is closed
     */
    public void notReady() {
        host.loading();
        view.moved();
    }

    /**
     * Makes the view ready, as it is at first, and tells subscribers the present state.
     *
     * @throws NotReadyException if the fake has failed or is closed
     */
    public void ready() {
        host.ready();
        view.moved();
        subscribers.tell();
    }

    /**
     * Makes the view fail for good, as that of a failed mirror: queries throw {@link NotReadyException} with this
     * cause, and subscriptions end with it.
     *
     * @param cause the failure
     */
    public void fail(Throwable cause) {
        end(cause);
    }

    /** Makes the view fresh up to the clock's time, also when the clock advances; it is so at first. */
    public void fresh() {
        freshUpTo(Optional::of);
    }

    /**
     * Makes the view fresh up to a time ago, and keeps it at that moment, so that it ages with the clock. This holds
     * for {@value FakeArns#DEFAULT_CLUSTER} and for the clusters of all entities that the test has put.
     *
     * @param by the time since ECS last confirmed the state
     * @throws IllegalArgumentException if it is negative
     */
    public void stale(Duration by) {
        freshUpTo(time.instant().minus(by));
    }

    /**
     * Makes the view fresh up to a moment, and keeps it there, as {@link #stale} does.
     *
     * @param moment the moment up to which ECS has confirmed the state
     * @throws IllegalArgumentException if it is after the clock's time
     */
    public void freshUpTo(Instant moment) {
        if (moment.isAfter(time.instant())) {
            throw new IllegalArgumentException("moment: " + moment + " (expected: at most " + time.instant() + ")");
        }
        freshUpTo(now -> Optional.of(moment));
    }

    private void freshUpTo(Function<Instant, Optional<Instant>> ofTime) {
        host.freshUpTo(ofTime);
        view.moved();
    }

    /** Makes the {@link Freshness} unknown for every cluster, as if ECS had never confirmed the state. */
    public void neverConfirmed() {
        freshUpTo(now -> Optional.empty());
    }

    /**
     * Advances the clock. Entities that ended more than an hour ago are removed, up to two seconds late, and
     * subscribers are told.
     *
     * @param by the time by which the clock advances
     * @throws IllegalArgumentException if it is negative
     */
    public void advance(Duration by) {
        time.advance(by);
        view.moved();
        writer.expire();
        subscribers.tell();
    }

    /** Ends the view and its subscriptions; changes since a pause are not told any more. Idempotent. */
    @Override
    public void close() {
        end(null);
        view.close();
        store.close();
    }

    private void end(@Nullable Throwable cause) {
        host.end(cause);
        view.moved();
        subscribers.resume();
    }

    @Override
    public String toString() {
        return "fake cluster state, " + store;
    }
}
