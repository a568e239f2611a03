package io.clusterstate.mirror;

import io.clusterstate.ClusterStateView;
import io.clusterstate.Snapshot;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.SimulatorBuilder;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.Await;
import io.clusterstate.testing.SimulatorFixture;
import io.clusterstate.testing.TestTime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * A mirror on a simulated ECS, both on a clock that the test turns: without a turn, nothing is reconciled or expires. A
 * pause ends at once, and turns the clock by its length.
 */
public final class MirroredEcs implements AutoCloseable {

    public static final Duration LIMIT = Duration.ofMinutes(1);
    public static final Duration ALLOWANCE = Duration.ofMinutes(5);
    /** Longer than the allowance, so that what was heard of before is old enough. */
    public static final Duration A_WHILE = ALLOWANCE.plusSeconds(1);

    private final TestTime time;
    private final SimulatorFixture world;
    private final ReferenceStore store;
    private final ClusterMirror mirror;
    private final List<ReconcileReport> reports = new CopyOnWriteArrayList<>();

    private MirroredEcs(TestTime time, SimulatorBuilder simulator, Consumer<ClusterMirrorBuilder> choices) {
        this.time = time;
        world = new SimulatorFixture(simulator.clock(time).timePerStatus(Duration.ZERO));
        store = new ReferenceStore(time, Duration.ofHours(1), Duration.ofDays(1));
        ClusterMirrorBuilder builder = ClusterMirror.builder()
                .ecs(world.ecs())
                .events(unclaimed(world.source().withClock(time)))
                .store(store)
                .clock(time)
                .time(time)
                .reconcileEvery(Duration.ofDays(1))
                .consistencyAllowance(ALLOWANCE)
                .onReconcile(reports::add)
                .closeWithin(Duration.ofSeconds(20));
        choices.accept(builder);
        mirror = builder.build();
    }

    public static MirroredEcs of(SimulatorBuilder simulator) {
        return of(simulator, builder -> {});
    }

    /** A mirror that is built as {@code choices} say; not started yet. */
    public static MirroredEcs of(SimulatorBuilder simulator, Consumer<ClusterMirrorBuilder> choices) {
        return of(new TestTime(), simulator, choices);
    }

    /** The same, on time that does more than stand still. */
    public static MirroredEcs of(TestTime time, SimulatorBuilder simulator, Consumer<ClusterMirrorBuilder> choices) {
        return new MirroredEcs(time, simulator, choices);
    }

    /**
     * A source that is nobody's to claim: a claim is renewed in real time, and would end as soon as a test turns the
     * clock. Its queue's short visibility timeout is no problem.
     */
    public static EventSource unclaimed(EventSource source) {
        return (EventSource) Proxy.newProxyInstance(
                EventSource.class.getClassLoader(), new Class<?>[] {EventSource.class}, (proxy, method, arguments) -> {
                    try {
                        return method.getName().equals("problem") ? Optional.empty() : method.invoke(source, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Starts the mirror, and waits until it is ready and polls. */
    public MirroredEcs ready() throws Exception {
        mirror.start();
        mirror.view().awaitReady(LIMIT);
        Await.await(() ->
                mirror.status().loops().stream().anyMatch(loop -> loop.name().startsWith("poll")));
        return this;
    }

    public TestTime time() {
        return time;
    }

    public SimulatorFixture world() {
        return world;
    }

    public Simulator simulator() {
        return world.simulator();
    }

    public ReferenceStore store() {
        return store;
    }

    public ClusterMirror mirror() {
        return mirror;
    }

    public ClusterStateView view() {
        return mirror.view();
    }

    public Snapshot snapshot() {
        return mirror.view().snapshot();
    }

    /** Every report so far; none if the test has given the mirror a listener of its own. */
    public List<ReconcileReport> reports() {
        return reports;
    }

    /**
     * Lets the allowance pass, and reconciles the cluster. The report is that of the first pass since: the one
     * requested here, or the second look that the mirror takes by itself at what an earlier pass left open.
     */
    public ReconcileReport reconcileAfterAWhile(String cluster) throws Exception {
        Instant from = time.instant().plus(A_WHILE);
        time.advance(A_WHILE);
        reconcile(cluster);
        return reports.stream()
                .filter(report -> EcsArn.isNamed(report.clusterArn(), cluster))
                .filter(report -> !report.startedAt().isBefore(from))
                .findFirst()
                .orElseThrow();
    }

    public ReconcileReport reconcile(String cluster) throws Exception {
        return mirror.reconcileNow(cluster).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    public List<ReconcileReport> reconcileAll() throws Exception {
        return mirror.reconcileNow().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /**
     * Waits for four heartbeats of each loop. A step has at most three, so the step under way has ended then, and a
     * whole step has followed.
     */
    public void awaitRounds(String loops) {
        for (int i = 0; i < 4; i++) {
            time.advance(Duration.ofMillis(1));
            Instant now = time.instant();
            Await.await(() -> mirror.status().loops().stream()
                    .filter(loop -> loop.name().startsWith(loops))
                    .allMatch(loop -> !loop.lastBeat().orElse(Instant.MIN).isBefore(now)));
        }
    }

    /** A running task of a cluster. */
    public Task anyTask(String cluster) {
        return simulator().truth().tasks().stream()
                .filter(task -> EcsArn.isNamed(task.clusterArn(), cluster))
                .filter(task -> "RUNNING".equals(task.lastStatus()))
                .findFirst()
                .orElseThrow();
    }

    public Set<String> taskArns(String cluster) {
        return snapshot().tasks().in(cluster).stream().map(Task::taskArn).collect(Collectors.toSet());
    }

    public Set<String> trueTaskArns(String cluster) {
        return simulator().truth().tasks().stream()
                .filter(task -> EcsArn.isNamed(task.clusterArn(), cluster))
                .map(Task::taskArn)
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {
        mirror.close();
        world.close();
    }
}
