package io.clusterstate.examples.soak;

import static io.clusterstate.examples.soak.Account.pick;

import io.clusterstate.examples.soak.SoakFault.Ending;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The faults of hosts and processes: clocks, kills, pauses, deployments, and listeners that stall. */
final class ProcessFaults {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessFaults.class);
    private static final String CHILD = "child";
    private static final Duration READY_WITHIN = Duration.ofSeconds(30);
    private static final List<Duration> ERRORS = List.of(
            Duration.ofMinutes(10), Duration.ofMinutes(-10), Duration.ofSeconds(30), Duration.ofSeconds(-30));

    private ProcessFaults() {}

    static List<SoakFault> all() {
        return List.of(
                SoakFault.of("clock_step", 4, 8, ProcessFaults::stepClock),
                SoakFault.inLane(CHILD, "mirror_kill", 1, 8, ProcessFaults::killMirror),
                SoakFault.inLane(CHILD, "mirror_pause", 2, 10, ProcessFaults::pauseMirror),
                SoakFault.of("rolling_deployment", 1, 4, ProcessFaults::replaceAll),
                SoakFault.of("slow_listener", 3, 10, ProcessFaults::stallListener));
    }

    private static Ending stepClock(World world, int where) {
        SteppedClock clock = pick(where, world.clocks());
        clock.step(pick(where / 3, ERRORS));
        return () -> clock.step(Duration.ZERO);
    }

    private static Ending killMirror(World world, int where) throws InterruptedException {
        world.child().kill();
        return world.child()::start;
    }

    private static Ending pauseMirror(World world, int where) throws Exception {
        world.child().pause();
        return world.child()::resume;
    }

    /** Replaces each process of this JVM by a successor that is started first. The last former one ends with the fault. */
    private static Ending replaceAll(World world, int where) throws InterruptedException {
        Runnable retire = () -> {};
        for (Seat seat : world.seats()) {
            retire.run();
            retire = seat.succeed();
            awaitReady(seat);
        }
        return retire::run;
    }

    /** Other faults may hold readiness up for longer; a deployment then goes on as well. */
    private static void awaitReady(Seat seat) throws InterruptedException {
        try {
            seat.view().awaitReady(READY_WITHIN);
        } catch (TimeoutException e) {
            LOG.warn("{}: not ready within {}: {}", seat.name(), READY_WITHIN, e.getMessage());
        }
    }

    private static Ending stallListener(World world, int where) {
        Watch watch = pick(where, world.seats()).watch();
        watch.stall(true);
        return () -> watch.stall(false);
    }
}
