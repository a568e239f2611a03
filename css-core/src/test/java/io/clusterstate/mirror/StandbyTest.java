package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.Truth;
import io.clusterstate.testing.Child;
import io.clusterstate.testing.SimulatorFixture;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Processes with stores of their own that follow each other on one queue, while events go on. */
@Order(1) // since it takes the longest
class StandbyTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration AFTER_A_CRASH = Duration.ofSeconds(60);
    /** For a JVM to start and to end, on a machine that does much else. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int EVENTS_A_SECOND = 30;

    private int dumps;

    @Test
    void aRollingDeploymentGoesOnAndTheSuccessorOfAKilledProcessReceivesEventsAgain() throws Exception {
        try (SimulatorFixture world =
                new SimulatorFixture(Simulator.builder().seed(17).clusters(2).tasks(200))) {
            world.simulator().drive(EVENTS_A_SECOND);
            try (Child first = start(world)) {
                await(first, StandbyProcess.RECEIVES, PATIENCE);
                try (Child second = start(world)) {
                    replace(first, second);
                    second.kill();
                    try (Child third = start(world)) {
                        succeed(third);
                        assertShowsTheTruth(world, third);
                    }
                }
            }
        }
    }

    /** The new one is ready before the old one is asked to end. */
    private static void replace(Child old, Child next) {
        await(next, StandbyProcess.STARTED, PATIENCE);
        Duration ready = await(next, StandbyProcess.READY, SOON);
        await(next, StandbyProcess.STANDBY, SOON);
        assertFalse(next.hasPrinted(StandbyProcess.RECEIVES), "while another holds the queue");

        old.terminate();
        Duration receives = await(next, StandbyProcess.RECEIVES, SOON);

        await(() -> !old.isAlive(), "the end of the old one", PATIENCE);
        print(
                "rolling deployment: ready %d ms after its start, in standby; events %d ms after SIGTERM to the old one",
                ready, receives);
    }

    private static void succeed(Child successor) {
        await(successor, StandbyProcess.STARTED, PATIENCE);
        Duration ready = await(successor, StandbyProcess.READY, SOON);
        Duration receives = await(successor, StandbyProcess.RECEIVES, AFTER_A_CRASH.minus(ready));
        print("after SIGKILL: ready %d ms after its start, events %d ms after that", ready, receives);
    }

    private void assertShowsTheTruth(SimulatorFixture world, Child child) throws Exception {
        world.simulator().settle(Duration.ofSeconds(30));
        await(() -> world.messagesLeft() == 0, "an empty queue", PATIENCE);
        Set<String> truth = outlines(world.simulator().truth());
        long end = System.nanoTime() + SOON.toNanos();
        Set<String> shown = shown(child);
        while (!shown.equals(truth) && System.nanoTime() < end) {
            shown = shown(child);
        }
        assertEquals(String.join("\n", truth), String.join("\n", shown));
        assertTrue(truth.size() >= 200, () -> "entities: " + truth.size());
    }

    private Set<String> shown(Child child) throws Exception {
        dumps++;
        String mark = "view " + dumps + " ";
        child.say(mark);
        await(() -> child.hasPrinted(mark + StandbyProcess.END_OF_VIEW), mark, PATIENCE);
        return child.lines().stream()
                .filter(line -> line.startsWith(mark + "arn:"))
                .map(line -> line.substring(mark.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> outlines(Truth truth) {
        return StandbyProcess.outlines(truth.tasks(), truth.instances(), truth.services())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Child start(SimulatorFixture world) throws Exception {
        Simulator simulator = world.simulator();
        return Child.start(
                StandbyProcess.class,
                List.of(
                        simulator.ecsEndpoint().toString(),
                        simulator.sqsEndpoint().toString(),
                        simulator.queueUrl()));
    }

    /** How long it took. */
    private static Duration await(Child child, String word, Duration limit) {
        return await(() -> child.hasPrinted(word), word, limit);
    }

    private static Duration await(BooleanSupplier condition, String what, Duration limit) {
        long from = System.nanoTime();
        while (!condition.getAsBoolean()) {
            Duration waited = Duration.ofNanos(System.nanoTime() - from);
            assertTrue(waited.compareTo(limit) < 0, () -> what + ": not within " + limit);
            LockSupport.parkNanos(5_000_000);
        }
        return Duration.ofNanos(System.nanoTime() - from);
    }

    @SuppressWarnings("SystemOut") // the figures are wanted
    private static void print(String figures, Duration one, Duration other) {
        System.out.printf(figures + "%n", one.toMillis(), other.toMillis());
    }
}
