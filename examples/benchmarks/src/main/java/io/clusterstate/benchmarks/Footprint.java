package io.clusterstate.benchmarks;

import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.spi.Upsert;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jol.info.GraphStats;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Counts the bytes of heap that a task of two containers takes. The baseline is the same task as the AWS SDK parses it.
 * It measures no time: it counts reachable objects once.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(jvmArgsAppend = {"-Djol.magicFieldOffset=true", "-Djdk.attach.allowAttachSelf=true"})
public class Footprint {

    private static final int TASKS = 2_000;
    private static final int DEFINITIONS = 1_000;

    /** Bytes of heap for each task, or each task definition. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Bytes {
        /** Tasks as the SDK parsed them. */
        public long parsed;
        /** The same tasks in the library's canonical shape. */
        public long described;
        /** The same tasks, decoded from events. */
        public long fromEvents;
        /** A store that holds the tasks, with its indexes, less an empty store. */
        public long stored;
        /** A store that holds task definitions of two containers without values, less an empty store. */
        public long definition;
    }

    /** Counts the reachable bytes. */
    @Benchmark
    public void count(Bytes bytes) {
        TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");
        List<Task> parsed = DescribedTasks.tasks(samples, TASKS);
        List<Upsert<?>> described = DescribedTasks.upserts(samples, TASKS);
        List<Upsert<?>> decoded = SampleChanges.of(TASKS, i -> samples.event(i, TaskStatus.RUNNING));
        MemoryStateStore store = new MemoryStateStore();
        SampleChanges.apply(store, described);

        bytes.parsed = sizeOf(parsed.toArray()) / TASKS;
        bytes.described = sizeOf(values(described)) / TASKS;
        bytes.fromEvents = sizeOf(values(decoded)) / TASKS;
        bytes.stored = (sizeOf(store) - sizeOf(new MemoryStateStore())) / TASKS;
        MemoryStateStore definitions = new MemoryStateStore();
        SampleChanges.apply(definitions, SampleDefinitions.upserts(DEFINITIONS));
        bytes.definition = (sizeOf(definitions) - sizeOf(new MemoryStateStore())) / DEFINITIONS;
    }

    private static Object[] values(List<Upsert<?>> upserts) {
        return upserts.stream().map(upsert -> upsert.observed().value()).toArray();
    }

    private static long sizeOf(Object... roots) {
        return GraphStats.parseInstance(Arrays.copyOf(roots, roots.length)).totalSize();
    }
}
