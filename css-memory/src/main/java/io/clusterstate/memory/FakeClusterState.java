package io.clusterstate.memory;

import io.clusterstate.ChangeListener;
import io.clusterstate.ClusterStateView;
import io.clusterstate.EntityKind;
import io.clusterstate.Freshness;
import io.clusterstate.NotReadyException;
import io.clusterstate.ServiceNotice;
import io.clusterstate.StoreView;
import io.clusterstate.SubscriptionStatus;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * A fake for the unit tests of those who read a {@link ClusterStateView}: it gives one that holds what the test puts
 * into it. Nothing in it moves by itself. It has no thread, no network and no clock but its own, which begins at
 * {@link #START} and stands until it is turned; the same calls give the same result.
 *
 * <p>It begins empty, ready and fresh. What is behind the view is a {@link MemoryStateStore}, with its rule of
 * versions, its snapshots and its queries; so the view does what it does on a mirror, but for time and threads:
 *
 * <ul>
 *   <li>Subscribers are told at once, on the thread that makes the change or subscribes, and before that call returns,
 *       unless they are held ({@link #hold}). A listener may itself change the fake; that is told after what is being
 *       told.
 *   <li>A wait for what is not there fails at once with a {@link TimeoutException}, whatever its limit.
 *   <li>If a listener throws, so does the call that told it, with an {@link AssertionError}, after all others were
 *       told: the test fails where it made the change. A test of failing listeners says {@link #expectFailures}.
 *   <li>A change that is to be told again ({@link io.clusterstate.ErrorAction#RETRY}) is told again at the next call
 *       that tells anything, such as {@link #advance}.
 * </ul>
 *
 * <p>What it does not do: one entity does not move another. A task that is put on an instance leaves the instance's
 * free resources and a service's counts as they are, since ECS tells of them by themselves; and putting tasks makes no
 * cluster.
 *
 * <p>Thread: safe for any thread. Blocks: while listeners are told.
 */
public final class FakeClusterState implements AutoCloseable {

    /** What its clock shows at first: the first of January 2026, at midnight UTC. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final FakeTime time = new FakeTime(START);
    private final ListenerFailures failures = new ListenerFailures();
    private final MemoryStateStore store;
    private final FakeHost host;
    private final FakeWriter writer;
    private final StoreView view;
    private final FakeTeller teller;

    /** A fake that keeps what has ended for an hour, as a mirror does by default. */
    public FakeClusterState() {
        store = new MemoryStateStore(
                MemoryStateStore.DEFAULT_KEEP_ENDED,
                MemoryStateStore.DEFAULT_KEEP_TOMBSTONES,
                time,
                new ChangeJournal(),
                time::nanos);
        host = new FakeHost(time, subscribers());
        writer = new FakeWriter(store, time, host::meet);
        view = StoreView.byHand(store.journal(), host, time);
        teller = new FakeTeller(view, failures);
    }

    private FakeHost.Subscribers subscribers() {
        return new FakeHost.Subscribers() {
            @Override
            public void asked() {
                teller.tell();
            }

            @Override
            public void failed(String subscription, Throwable failure) {
                failures.add(subscription, failure);
            }
        };
    }

    /**
     * What the code under test reads.
     *
     * @return the view, always the same
     */
    public ClusterStateView view() {
        return view;
    }

    /**
     * Its clock, for code under test that has to have the same.
     *
     * @return shows {@link #START}, plus what it was turned by
     */
    public InstantSource clock() {
        return time;
    }

    /**
     * Puts a task, a container instance or a service, as ECS would tell of it now. If it is there, that is a change of
     * it.
     *
     * <p>Tasks and instances are at version 1 when they are first put, and then one above what was last told of them,
     * also after a removal. A version that the value has counts if it is higher. The times of a task's creation, start
     * and stop are now, where they are not given and have come to pass.
     *
     * @param entity such as {@code task("web-1").on("box-1")}
     * @param <T> the AWS SDK's type of the entity
     * @return the entity as it is kept
     * @throws IllegalStateException if a task that has stopped were to run again, or the fake is closed
     */
    public <T> T put(FakeEntity<T> entity) {
        return put(entity.kind(), entity.clusterArn(), entity.build());
    }

    /**
     * Puts a task, as {@link #put(FakeEntity)} does.
     *
     * @param task with its ARN and that of its cluster
     * @return the task as it is kept
     * @throws IllegalArgumentException if it has no ARN, or no cluster
     */
    public Task put(Task task) {
        return put(EntityKind.TASK, clusterOf(task.clusterArn()), task);
    }

    /**
     * Puts a container instance, as {@link #put(FakeEntity)} does.
     *
     * @param instance with its ARN
     * @param cluster its cluster, which ECS's own container instances do not name: a name or an ARN
     * @return the instance as it is kept
     * @throws IllegalArgumentException if it has no ARN
     */
    public ContainerInstance put(ContainerInstance instance, String cluster) {
        return put(EntityKind.INSTANCE, FakeArns.clusterArn(cluster), instance);
    }

    /**
     * Puts a service. If it is there, that is a change of it. Services have no version.
     *
     * @param service with its ARN and that of its cluster
     * @return the service as it is kept
     * @throws IllegalArgumentException if it has no ARN, or no cluster
     */
    public Service put(Service service) {
        return put(EntityKind.SERVICE, clusterOf(service.clusterArn()), service);
    }

    /**
     * Puts a cluster. If it is there, that is a change of it. Clusters have no version.
     *
     * @param cluster with its ARN
     * @return the cluster as it is kept
     * @throws IllegalArgumentException if it has no ARN
     */
    public Cluster put(Cluster cluster) {
        return put(EntityKind.CLUSTER, EntityKind.CLUSTER.arnOf(cluster), cluster);
    }

    private <T> T put(EntityKind<T> kind, String clusterArn, T value) {
        T kept = writer.put(kind, clusterArn, value);
        teller.tell();
        return kept;
    }

    /**
     * Changes a task: its next version is like the present one, but for this.
     *
     * @param arn the task's ARN, such as {@link FakeArns#taskArn(String)} gives
     * @param change what is to be otherwise
     * @return the task as it is kept
     * @throws IllegalArgumentException if there is no such task
     * @throws IllegalStateException if a task that has stopped were to run again
     */
    public Task changeTask(String arn, Consumer<Task.Builder> change) {
        return told(writer.change(EntityKind.TASK, arn, task -> task.copy(change)));
    }

    /**
     * Changes a container instance: its next version is like the present one, but for this.
     *
     * @param arn the instance's ARN, such as {@link FakeArns#instanceArn(String)} gives
     * @param change what is to be otherwise
     * @return the instance as it is kept
     * @throws IllegalArgumentException if there is no such instance
     */
    public ContainerInstance changeInstance(String arn, Consumer<ContainerInstance.Builder> change) {
        return told(writer.change(EntityKind.INSTANCE, arn, instance -> instance.copy(change)));
    }

    /**
     * Changes a service.
     *
     * @param arn the service's ARN, such as {@link FakeArns#serviceArn(String)} gives
     * @param change what is to be otherwise
     * @return the service as it is kept
     * @throws IllegalArgumentException if there is no such service
     */
    public Service changeService(String arn, Consumer<Service.Builder> change) {
        return told(writer.change(EntityKind.SERVICE, arn, service -> service.copy(change)));
    }

    private <T> T told(T kept) {
        teller.tell();
        return kept;
    }

    /**
     * Removes an entity, as when ECS answers that it is missing.
     *
     * @param arn the entity's ARN
     * @throws IllegalArgumentException if there is nothing by this ARN
     */
    public void remove(String arn) {
        writer.remove(arn);
        teller.tell();
    }

    /**
     * Delivers an event of a task at the version that it has, which may be late or known. What ECS's events leave out,
     * such as tags, health and the task counts of an instance, is left out here, too: it stays as it was put last.
     *
     * @param task with a version
     * @return what it came to, such as {@link Outcome#OUTDATED} or {@link Outcome#DUPLICATE}
     * @throws IllegalArgumentException if it has no version
     */
    public Outcome deliver(FakeTask task) {
        return deliver(task.build());
    }

    /**
     * Delivers an event of a task at the version that it has, which may be late or known. What ECS's events leave out,
     * such as tags, health and the task counts of an instance, is left out here, too: it stays as it was put last.
     *
     * @param task with its ARN, that of its cluster, and a version
     * @return what it came to, such as {@link Outcome#OUTDATED} or {@link Outcome#DUPLICATE}
     * @throws IllegalArgumentException if it has no ARN, no cluster or no version
     */
    public Outcome deliver(Task task) {
        return told(writer.deliver(EntityKind.TASK, clusterOf(task.clusterArn()), task));
    }

    /**
     * Delivers an event of a container instance at the version that it has, which may be late or known. What ECS's
     * events leave out, such as tags, health and the task counts of an instance, is left out here, too: it stays as it
     * was put last.
     *
     * @param instance with a version
     * @return what it came to, such as {@link Outcome#OUTDATED} or {@link Outcome#DUPLICATE}
     * @throws IllegalArgumentException if it has no version
     */
    public Outcome deliver(FakeInstance instance) {
        return deliver(instance.build(), instance.clusterArn());
    }

    /**
     * Delivers an event of a container instance at the version that it has, which may be late or known. What ECS's
     * events leave out, such as tags, health and the task counts of an instance, is left out here, too: it stays as it
     * was put last.
     *
     * @param instance with its ARN and a version
     * @param cluster its cluster: a name or an ARN
     * @return what it came to, such as {@link Outcome#OUTDATED} or {@link Outcome#DUPLICATE}
     * @throws IllegalArgumentException if it has no ARN or no version
     */
    public Outcome deliver(ContainerInstance instance, String cluster) {
        return told(writer.deliver(EntityKind.INSTANCE, FakeArns.clusterArn(cluster), instance));
    }

    /**
     * Tells those who listen for it that something happened to a service. The service itself stays as it is.
     *
     * @param notice what happened
     */
    public void notice(ServiceNotice notice) {
        view.noticed(notice);
        teller.tell();
    }

    private static String clusterOf(@Nullable String clusterArn) {
        if (clusterArn == null) {
            throw new IllegalArgumentException("clusterArn: null (expected: the ARN of its cluster)");
        }
        return clusterArn;
    }

    /**
     * Is as before the first complete load: no question is answered, nobody is told anything, and freshness is unknown.
     * What is put meanwhile is there once it is ready.
     *
     * @throws NotReadyException if it has failed or was closed
     */
    public void notReady() {
        host.loading();
    }

    /**
     * Answers questions, as it does from the start. Subscribers are told what there is.
     *
     * @throws NotReadyException if it has failed or was closed
     */
    public void ready() {
        host.ready();
        teller.tell();
    }

    /**
     * Fails for good, as a mirror does: questions are answered by {@link NotReadyException} with this cause, and
     * subscriptions end with it.
     *
     * @param cause what failed
     */
    public void fail(Throwable cause) {
        end(cause);
    }

    /** Is fresh up to now, and stays so when its clock is turned; as it is from the start. */
    public void fresh() {
        host.freshUpTo(Optional::of);
    }

    /**
     * Is fresh up to so long ago, and stays at that moment: all clusters alike, which are
     * {@value FakeArns#DEFAULT_CLUSTER} and those of whatever was put. Turning the clock makes it staler.
     *
     * @param by how long ago ECS last confirmed it
     * @throws IllegalArgumentException if that is negative
     */
    public void stale(Duration by) {
        freshUpTo(time.instant().minus(by));
    }

    /**
     * Is fresh up to a moment, and stays there; see {@link #stale}.
     *
     * @param moment up to which ECS has confirmed it
     * @throws IllegalArgumentException if that is after now, by its clock
     */
    public void freshUpTo(Instant moment) {
        if (moment.isAfter(time.instant())) {
            throw new IllegalArgumentException("moment: " + moment + " (expected: at most " + time.instant() + ")");
        }
        host.freshUpTo(now -> Optional.of(moment));
    }

    /** Was never confirmed by ECS: {@link Freshness} knows no moment, of no cluster. */
    public void neverConfirmed() {
        host.freshUpTo(now -> Optional.empty());
    }

    /**
     * Turns its clock. What ended longer ago than an hour is removed, and subscribers are told; an end may be seen up
     * to two seconds late.
     *
     * @param by how far
     * @throws IllegalArgumentException if that is negative
     */
    public void advance(Duration by) {
        time.advance(by);
        writer.expire();
        teller.tell();
    }

    /**
     * From now on subscribers are told nothing, as if they were slow, until {@link #release} or {@link #close}. To one
     * that subscribes meanwhile, what is there at the release is its beginning; one that is live only begins where it
     * subscribes.
     */
    public void hold() {
        teller.hold();
    }

    /** Subscribers are told what was held, change by change, and from now on everything at once. */
    public void release() {
        teller.release();
    }

    /**
     * Makes every subscriber's next batch a reset, and tells it unless they are held: as if they had fallen too far
     * behind, so that they are told the difference between what they know and what is now.
     */
    public void overflow() {
        view.reset();
        teller.tell();
    }

    /**
     * How the subscriptions to its view are doing.
     *
     * @return those that are told of changes
     */
    public List<SubscriptionStatus> subscriptions() {
        return view.subscriptions();
    }

    /** From now on nothing is thrown at the test when a {@link ChangeListener} throws; see {@link #failures}. */
    public void expectFailures() {
        failures.expect();
    }

    /**
     * What listeners threw, expected or not.
     *
     * @return the failures, in the order in which they came
     */
    public List<Throwable> failures() {
        return failures.all();
    }

    /**
     * Fails the test if a listener has failed, for tests in which the code under test may have caught the first
     * {@link AssertionError}. The JUnit extension calls it after each test.
     *
     * @throws AssertionError if a listener threw and it was not said that this is expected
     */
    public void assertNoFailures() {
        failures.throwAll();
    }

    /** Ends the view and its subscriptions; what is held is not told any more. Idempotent. */
    @Override
    public void close() {
        end(null);
        view.close();
        store.close();
    }

    private void end(@Nullable Throwable cause) {
        host.end(cause);
        teller.release();
    }

    @Override
    public String toString() {
        return "fake cluster state, " + store;
    }
}
