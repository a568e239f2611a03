package io.clusterstate.examples.soak;

import static io.clusterstate.examples.soak.Account.pick;

import io.clusterstate.examples.soak.SoakFault.Ending;
import java.time.Duration;
import java.util.List;

/** The faults of hosts and processes: clocks, kills, pauses, deployments, and listeners that stall. */
final class ProcessFaults {

    private static final String CHILD = "child";
    private static final Duration READY_WITHIN = Duration.ofSeconds(30);
    private static final List<Duration> ERRORS =
            List.of(Duration.ofMinutes(10), Duration.ofMinutes(-10), Duration.ofSeconds(30), Duration.ofSeconds(-30));

    private ProcessFaults() {}

    static List<SoakFault> all() {
        return List.of(
                SoakFault.of("clock_step", 4, 8, ProcessFaults::stepClock),
                SoakFault.inLane(CHILD, "mirror_kill", 1, 8, ProcessFaults::killMirror),
                SoakFault.inLane(CHILD, "mirror_pause", 2, 10, ProcessFaults::pauseMirror),
                SoakFault.of("rolling_deployment", 0, 0, ProcessFaults::replaceAll),
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

    private static Ending replaceAll(World world, int where) throws InterruptedException {
        for (Seat seat : world.seats()) {
            world.replace(seat, READY_WITHIN);
        }
        return Ending.NOTHING;
    }

    private static Ending stallListener(World world, int where) {
        Watch watch = pick(where, world.allViews()).watch();
        watch.stall(true);
        return () -> watch.stall(false);
    }
}
