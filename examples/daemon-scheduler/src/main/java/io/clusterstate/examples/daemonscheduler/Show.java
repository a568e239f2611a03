package io.clusterstate.examples.daemonscheduler;

import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.simulator.Fault;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/**
 * A run on the simulator: two processes share an etcd, the one that leads is killed in the middle, and a new one takes
 * its place. The simulator's truth judges.
 *
 * <p>Thread: one thread at a time.
 */
final class Show {

    private static final Daemon DAEMON =
            new Daemon("logs", "default", "logs:1", "attribute:ecs.instance-type != g4dn.12xlarge");
    private static final int PROCESSES = 2;
    private static final Duration SETTLES_WITHIN = Duration.ofSeconds(90);
    private static final Duration LINE_EVERY = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final PrintStream out;
    private final long seed;
    private final int instances;
    private final List<ChildScheduler> processes = new ArrayList<>();

    Show(PrintStream out, long seed, int instances) {
        this.out = out;
        this.seed = seed;
        this.instances = instances;
    }

    static boolean matches(ContainerInstance instance) {
        return instance.attributes().stream().noneMatch(each -> "g4dn.12xlarge".equals(each.value()));
    }

    /** Runs, and prints the result as the last line; returns whether it is right. */
    boolean run(Duration time, double rate, Set<Fault> faults) throws InterruptedException, IOException {
        try (EtcdServer etcd = EtcdServer.launch();
                SimulatedRun run = new SimulatedRun(DAEMON, Show::matches, seed, instances)) {
            for (int i = 0; i < PROCESSES; i++) {
                add(run, etcd);
            }
            run.drive(rate, faults);
            awaitLaunches(run);
            follow(run, time.dividedBy(2));
            ChildScheduler killed =
                    processes.stream().filter(ChildScheduler::leads).findFirst().orElse(processes.get(0));
            killed.kill();
            out.println(killed + ": killed");
            add(run, etcd);
            follow(run, time.dividedBy(2));
            run.calm();
            return judge(run);
        } finally {
            processes.forEach(ChildScheduler::close);
        }
    }

    private void add(SimulatedRun run, EtcdServer etcd) throws IOException {
        processes.add(ChildScheduler.start("process " + (processes.size() + 1), DAEMON, run.simulator(), etcd));
    }

    private static void awaitLaunches(SimulatedRun run) throws InterruptedException {
        long deadline = System.nanoTime() + SETTLES_WITHIN.toNanos();
        while (run.history().launches() == 0 && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        }
    }

    private void follow(SimulatedRun run, Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.sleep(Math.min(left, LINE_EVERY.toNanos()));
            String leader = processes.stream()
                    .filter(ChildScheduler::leads)
                    .map(ChildScheduler::toString)
                    .findFirst()
                    .orElse("nobody");
            out.printf(
                    "instances=%d launches=%d leader: %s%n",
                    run.instances(), run.history().launches(), leader);
        }
    }

    private boolean judge(SimulatedRun run) throws InterruptedException {
        List<String> wrong = run.awaitOnePerInstance(SETTLES_WITHIN);
        List<String> doubles = run.history().doubles();
        wrong.forEach(each -> out.println("wrong: " + each));
        doubles.forEach(each -> out.println("double: " + each));
        out.printf(
                "one task per instance: instances=%d launches=%d doubles=%d%n",
                run.instances(), run.history().launches(), doubles.size());
        return wrong.isEmpty() && doubles.isEmpty() && run.instances() > 0;
    }
}
