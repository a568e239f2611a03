package io.clusterstate.examples.daemonscheduler;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.etcdserver.TcpProxy;
import io.clusterstate.simulator.Fault;
import io.clusterstate.sqs.SqsEventSource;
import io.clusterstate.testing.SimulatorFixture;
import io.clusterstate.testing.Soak;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Two processes for one daemon, on the simulator with all its faults; the simulator's truth judges. */
@Execution(ExecutionMode.CONCURRENT)
class OnePerInstanceTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration HALF = Duration.ofSeconds(4);
    private static final int INSTANCES = 8;
    /** The share of lost answers, beside those of the simulator. */
    private static final double LOST = 0.1;

    private static final Daemon DAEMON =
            new Daemon("logs", "default", "logs:1", "attribute:ecs.instance-type != g4dn.12xlarge");

    private static EtcdServer server;

    @BeforeAll
    static void launch() throws Exception {
        server = EtcdServer.launch();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    /** A process, and its ways to ECS and etcd, which its death ends. */
    private record Running(SchedulerProcess process, TroubledEcs ecs, TcpProxy etcd, SqsClient sqs)
            implements AutoCloseable {

        static Running start(SimulatedRun run, String namespace, long seed, double lost) {
            TroubledEcs ecs = new TroubledEcs(
                    SimulatorFixture.at(run.simulator().ecsEndpoint(), EcsClient.builder())
                            .httpClientBuilder(Apache5HttpClient.builder())
                            .build(),
                    seed,
                    lost);
            TcpProxy etcd = TcpProxy.to(server.clientPort());
            SqsClient sqs = SimulatorFixture.sqs(run.simulator().sqsEndpoint());
            SchedulerProcess process = SchedulerProcess.start(
                    DAEMON,
                    ecs.client(),
                    SqsEventSource.of(sqs, run.simulator().queueName()).waitingUpTo(Duration.ofSeconds(1)),
                    Etcd.at(etcd.endpoint().toString()).namespace(namespace),
                    SchedulerProcess.Times.SIMULATED);
            return new Running(process, ecs, etcd, sqs);
        }

        boolean leads() {
            return process.leadership().term() != 0;
        }

        /** Ends it without goodbye: nothing that it does afterwards reaches anybody. */
        void die() {
            ecs.die();
            etcd.silence(true);
            sqs.close();
        }

        @Override
        public void close() {
            process.close();
            etcd.close();
        }
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Soak.size("leaders that die", 4, 10));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @Tag("soak")
    void exactlyOneRunsOnEachInstanceAlsoIfTheLeaderDiesInTheMiddle(long seed) throws Exception {
        List<Running> all = new ArrayList<>();
        String namespace = "seed-" + seed + "/";
        try (SimulatedRun run = new SimulatedRun(DAEMON, Show::matches, seed, INSTANCES)) {
            all.add(Running.start(run, namespace, seed, LOST));
            all.add(Running.start(run, namespace, -seed, LOST));
            run.drive(40, Fault.parse("all"));
            await(() -> all.stream().anyMatch(Running::leads) && run.history().launches() > 0);
            TimeUnit.MILLISECONDS.sleep(HALF.toMillis());
            Running dies = all.stream().filter(Running::leads).findFirst().orElse(all.get(0));
            int before = run.history().launches();
            dies.die();
            all.add(Running.start(run, namespace, seed + 100, LOST));
            await(() -> all.stream().anyMatch(each -> !each.equals(dies) && each.leads()));
            TimeUnit.MILLISECONDS.sleep(HALF.toMillis());
            run.calm();

            List<String> wrong = run.awaitOnePerInstance(LIMIT);

            System.out.printf(
                    "seed %d: instances=%d launches=%d, %d of them before the leader died, doubles=%d%n",
                    seed,
                    run.instances(),
                    run.history().launches(),
                    before,
                    run.history().doubles().size());
            assertEquals(List.of(), run.history().doubles());
            assertEquals(List.of(), wrong);
        } finally {
            for (Running each : all) {
                each.close();
            }
        }
    }

    /** A process is paused between its look at the lead and its call, beyond its lease. */
    @Test
    void aCallThatAFormerLeaderSendsLateStartsNoSecondTask() throws Exception {
        try (SimulatedRun run = new SimulatedRun(DAEMON, Show::matches, 11, INSTANCES);
                Running paused = Running.start(run, "late/", 11, 0)) {
            run.simulator().drive(0);
            paused.ecs().hold();
            paused.ecs().awaitHeld();
            assertEquals(0, run.history().launches());
            paused.etcd().silence(true);
            try (Running next = Running.start(run, "late/", 12, 0)) {
                await(next::leads);
                assertEquals(List.of(), run.awaitOnePerInstance(LIMIT));
                long launches = run.history().launches();

                paused.ecs().releaseLate();

                run.history().add(run.simulator().truth());
                assertEquals(List.of(), run.history().doubles());
                assertEquals(launches, run.history().launches());
            }
        }
    }

    /** Each has an etcd of its own, a lead of its own, and a share of the events: no view is ever current. */
    @Test
    void evenTwoThatBothActStartNoSecondTask() throws Exception {
        try (SimulatedRun run = new SimulatedRun(DAEMON, Show::matches, 12, INSTANCES);
                Running one = Running.start(run, "one/", 13, LOST);
                Running other = Running.start(run, "other/", 14, LOST)) {
            run.drive(40, Fault.parse("all"));
            await(() -> one.leads() && other.leads() && run.history().launches() > 0);
            TimeUnit.MILLISECONDS.sleep(HALF.multipliedBy(2).toMillis());
            run.calm();

            List<String> wrong = run.awaitOnePerInstance(LIMIT);

            System.out.printf(
                    "two that act: instances=%d launches=%d doubles=%d%n",
                    run.instances(),
                    run.history().launches(),
                    run.history().doubles().size());
            assertEquals(List.of(), run.history().doubles());
            assertEquals(List.of(), wrong);
        }
    }
}
