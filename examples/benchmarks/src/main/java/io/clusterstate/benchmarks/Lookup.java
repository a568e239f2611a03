package io.clusterstate.benchmarks;

import io.clusterstate.ClusterStateView;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.impl.cache.CacheImpl;
import io.kubernetes.client.informer.cache.Cache;
import io.kubernetes.client.openapi.models.V1Pod;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Measures a lookup of one of 100,000 tasks by ARN, in the view of a real mirror and in a snapshot. The baselines are a
 * bare map and the informer caches of two Kubernetes clients. All hold the same tasks under the same keys in one heap.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 20)
@Measurement(iterations = 25)
public class Lookup {

    private static final int TASKS = 100_000;
    private static final int LOOKUPS = 100_000;

    /** Nanoseconds of the lookups, and bytes of those in the view. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Costs {
        /** The view, which checks each time that it is ready. */
        public long view;
        /** A snapshot that the caller took once. */
        public long snapshot;
        /** A {@code ConcurrentHashMap}. */
        public long map;
        /** The informer cache of fabric8's client. */
        public long fabric8;
        /** The informer cache of the official client. */
        public long official;
        /** The allocation of lookups in the view. */
        public long viewBytes;
    }

    private final ConcurrentHashMap<String, Task> map = new ConcurrentHashMap<>();
    private final CacheImpl<TaskPod> fabric8 = new CacheImpl<>("cluster", pod -> List.of(), pod -> pod.task.taskArn());
    private final Cache<TaskV1Pod> official = new Cache<>("cluster", pod -> List.of(), pod -> pod.task.taskArn());
    private final Turns turns = new Turns();
    private ReadyMirror mirror;
    private ClusterStateView view;
    private LookupKeys keys;

    /** Fills the mirror, and all others from it. */
    @Setup
    public void fill() throws InterruptedException, TimeoutException {
        TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");
        mirror = ReadyMirror.of(TASKS, i -> samples.event(i, TaskStatus.RUNNING));
        view = mirror.view();
        view.snapshot().tasks().stream().forEach(task -> {
            map.put(task.taskArn(), task);
            fabric8.put(new TaskPod(task));
            official.add(new TaskV1Pod(task));
        });
        keys = new LookupKeys(TASKS, samples::arn);
    }

    /** Closes the mirror. */
    @TearDown
    public void close() {
        mirror.close();
    }

    /** Looks up in all of them. */
    @Benchmark
    @OperationsPerInvocation(LOOKUPS)
    public void compare(Costs costs, Blackhole sink) {
        turns.take(
                () -> {
                    Cost cost = Cost.of(() -> inView(sink));
                    costs.view = cost.nanos();
                    costs.viewBytes = cost.bytes();
                },
                () -> costs.snapshot = Cost.of(() -> inSnapshot(sink)).nanos(),
                () -> costs.map = Cost.of(() -> inMap(sink)).nanos(),
                () -> costs.fabric8 = Cost.of(() -> inFabric8(sink)).nanos(),
                () -> costs.official = Cost.of(() -> inOfficial(sink)).nanos());
    }

    private void inView(Blackhole sink) {
        for (int i = 0; i < LOOKUPS; i++) {
            sink.consume(view.task(keys.next()));
        }
    }

    private void inSnapshot(Blackhole sink) {
        var snapshot = view.snapshot();
        for (int i = 0; i < LOOKUPS; i++) {
            sink.consume(snapshot.task(keys.next()));
        }
    }

    private void inMap(Blackhole sink) {
        for (int i = 0; i < LOOKUPS; i++) {
            sink.consume(map.get(keys.next()));
        }
    }

    private void inFabric8(Blackhole sink) {
        for (int i = 0; i < LOOKUPS; i++) {
            sink.consume(fabric8.getByKey(keys.next()));
        }
    }

    private void inOfficial(Blackhole sink) {
        for (int i = 0; i < LOOKUPS; i++) {
            sink.consume(official.getByKey(keys.next()));
        }
    }

    /** An object that fabric8's cache accepts. */
    @SuppressWarnings("serial")
    private static final class TaskPod extends Pod {
        private final Task task;

        TaskPod(Task task) {
            this.task = task;
        }
    }

    /** An object that the official client's cache accepts. */
    private static final class TaskV1Pod extends V1Pod {
        private final Task task;

        TaskV1Pod(Task task) {
            this.task = task;
        }
    }
}
