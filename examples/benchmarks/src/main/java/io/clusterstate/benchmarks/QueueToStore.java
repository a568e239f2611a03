package io.clusterstate.benchmarks;

import io.clusterstate.etcdserver.EtcdServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures a mirror on its whole way, from a queue full of events into its store, beside a bare loop that only receives
 * and deletes. Mirror and loop are processes of their own, which alternate and stay. The queue server and etcd use the
 * same cores.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 6)
@Measurement(iterations = 5)
@Fork(jvmArgsAppend = "-XX:+BackgroundCompilation") // this process is the queue server
public class QueueToStore {

    private static final int EVENTS = 8_000;

    /** The stores of a mirror. */
    public enum Store {
        /** In the memory of the process. */
        MEMORY,
        /** In etcd on this machine. */
        ETCD
    }

    /** Nanoseconds of an event. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Costs {
        /** Time of the bare loop, warm. */
        public long bare;
        /** Time of the mirror, warm. */
        public long mirror;
        /** Processor time of the bare loop, warm. */
        public long bareCpu;
        /** Processor time of the mirror, warm. */
        public long mirrorCpu;
        /** Time of the bare loop for its first events. */
        public long freshBare;
        /** Time of the mirror for its first events. */
        public long freshMirror;
        /** Processor time of the mirror for its first events. */
        public long freshMirrorCpu;
    }

    /** The store of the mirror. */
    @Param
    public Store store;

    private final Turns turns = new Turns();
    private @Nullable EtcdServer etcd;
    private FilledQueue bareQueue;
    private FilledQueue mirrorQueue;
    private ChildJvm bare;
    private ChildJvm mirror;
    private ChildJvm.@Nullable Cost freshBare;
    private ChildJvm.@Nullable Cost freshMirror;

    /** Starts all processes. */
    @Setup
    public void start() throws IOException, InterruptedException {
        bareQueue = new FilledQueue();
        mirrorQueue = new FilledQueue();
        List<String> arguments = new ArrayList<>(List.of(mirrorQueue.sqs(), mirrorQueue.url(), mirrorQueue.ecs()));
        if (store == Store.ETCD) {
            EtcdServer server = EtcdServer.launch();
            etcd = server;
            arguments.add(server.endpoint().toString());
        }
        bare = ChildJvm.start(BareDrain.class, List.of(bareQueue.sqs(), bareQueue.url()));
        mirror = ChildJvm.start(MirrorDrain.class, arguments);
    }

    /** Ends all processes. */
    @TearDown
    public void stop() throws IOException, InterruptedException {
        bare.end();
        mirror.end();
        bareQueue.close();
        mirrorQueue.close();
        if (etcd != null) {
            etcd.close();
        }
    }

    /** Fills both queues, and has one after the other emptied. */
    @Benchmark
    public void compare(Costs costs) {
        long forBare = bareQueue.fill(EVENTS);
        long forMirror = mirrorQueue.fill(EVENTS);
        turns.take(
                () -> {
                    ChildJvm.Cost cost = bare.take(forBare);
                    costs.bare = cost.wall();
                    costs.bareCpu = cost.cpu();
                    freshBare = freshBare == null ? cost : freshBare;
                    costs.freshBare = freshBare.wall();
                },
                () -> {
                    ChildJvm.Cost cost = mirror.take(forMirror);
                    costs.mirror = cost.wall();
                    costs.mirrorCpu = cost.cpu();
                    freshMirror = freshMirror == null ? cost : freshMirror;
                    costs.freshMirror = freshMirror.wall();
                    costs.freshMirrorCpu = freshMirror.cpu();
                });
    }
}
