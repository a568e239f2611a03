package io.clusterstate.examples.daemonscheduler;

import static io.clusterstate.memory.FakeInstance.instance;
import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.ReadPolicy;
import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.Leadership;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.memory.FakeClusterState;
import io.clusterstate.memory.FakeEcs;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The loop that reconciles while its process leads. */
@Execution(ExecutionMode.CONCURRENT)
class DaemonSchedulerTest {

    private static final Daemon DAEMON = new Daemon("logs", "default", "logs:1", "");

    @Test
    void noFailureEndsTheLoopOfALeader() throws Exception {
        try (EtcdServer server = EtcdServer.launch();
                FakeClusterState fake = new FakeClusterState();
                Leadership leadership = Leadership.of(Etcd.at(server.endpoint().toString()), DAEMON.name())) {
            FakeEcs ecs = fake.ecs();
            ecs.define("logs", 0, 16);
            fake.put(instance("box"));
            ecs.failNext("RunTask", new IllegalStateException("a failure that nobody foresaw"));
            leadership.start();

            DaemonScheduler scheduler = scheduler(fake, leadership);
            await(() -> ecs.tasks().size() == 1);
            scheduler.close();

            assertEquals(2, ecs.calls().get("RunTask"));
        }
    }

    private static DaemonScheduler scheduler(FakeClusterState fake, Leadership leadership) {
        Pauses pauses = new Pauses(fake.clock(), new Random(1));
        Starts starts = new Starts(
                DAEMON,
                fake.ecs().client(),
                fake.expectations(),
                new Starts.Pace(Duration.ofSeconds(10), Duration.ofMinutes(5)),
                pauses,
                fake.clock());
        DaemonReconciler reconciler =
                new DaemonReconciler(DAEMON, fake.ecs().client(), fake.expectations(), starts, pauses);
        return new DaemonScheduler(
                fake.view(), leadership, reconciler, ReadPolicy.any().in("default"));
    }
}
