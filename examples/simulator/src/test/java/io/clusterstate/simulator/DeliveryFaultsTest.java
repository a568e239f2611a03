package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeliveryFaultsTest {
    private final TurnableClock clock = new TurnableClock();

    @Test
    void withoutFaultsEachEventComesOnceAndInOrder() {
        try (var run = new Run(EnumSet.noneOf(Fault.class))) {
            var ids = run.ids();

            assertEquals(run.counts().emitted(), ids.size());
            assertEquals(ids.size(), new HashSet<>(ids).size());
            assertEquals(0, run.counts().lost());
            assertEquals(0, run.counts().duplicated());
            assertEquals(0, run.outOfOrder());
        }
    }

    @Test
    void lossLosesTwoInAHundred() {
        try (var run = new Run(EnumSet.of(Fault.LOSS))) {
            var counts = run.counts();

            assertShare(0.02, counts.lost(), counts.emitted());
            assertEquals(counts.emitted() - counts.lost(), run.ids().size());
            assertEquals(counts.sent(), run.ids().size());
            assertEquals(0, run.outOfOrder());
        }
    }

    @Test
    void duplicatesComeAgainSomeMuchLater() {
        try (var run = new Run(EnumSet.of(Fault.DUPLICATES))) {
            var ids = run.ids();
            var counts = run.counts();

            assertShare(0.1, counts.duplicated(), counts.emitted());
            assertEquals(counts.emitted(), new HashSet<>(ids).size());
            assertEquals(counts.emitted() + counts.duplicated(), ids.size());
            assertEquals(counts.sent(), ids.size());
            assertTrue(farthestApart(ids) > 100);
        }
    }

    @Test
    void reorderLetsOlderEventsComeAfterNewerOnes() {
        try (var run = new Run(EnumSet.of(Fault.REORDER))) {
            assertEquals(run.counts().emitted(), run.ids().size());
            assertTrue(run.outOfOrder() > 5, () -> "out of order: " + run.outOfOrder());
        }
    }

    @Test
    void delayHoldsEventsBackForSecondsAndKeepsTheirOrder() {
        try (var run = new Run(EnumSet.of(Fault.DELAY))) {
            assertTrue(run.sentBeforeSettling() < run.counts().emitted());
            assertEquals(run.counts().emitted(), run.ids().size());
            assertEquals(0, run.outOfOrder());
        }
    }

    @Test
    void heldEventsComeByThemselvesWhenTheirTimeComes() {
        try (var simulator = simulator(EnumSet.of(Fault.REORDER, Fault.DELAY))) {
            simulator.start();
            SimulatedTime.steps(simulator, clock, 20);
            clock.turn(Duration.ofSeconds(10));

            Await.until(
                    "all events sent",
                    () -> simulator.truth().events().sent()
                            == simulator.truth().events().emitted());
        }
    }

    @Test
    void theSameSeedMakesTheSameEvents() {
        assertEquals(
                bodies(EnumSet.allOf(Fault.class), new TurnableClock()),
                bodies(EnumSet.allOf(Fault.class), new TurnableClock()));
    }

    @Test
    void faultsOfDeliveryDoNotChangeWhatHappens() {
        var calm = bodies(EnumSet.noneOf(Fault.class), new TurnableClock());
        var lossy = bodies(EnumSet.of(Fault.LOSS), new TurnableClock());

        assertTrue(lossy.size() < calm.size());
        assertTrue(new HashSet<>(calm).containsAll(lossy));
    }

    @Test
    void faultsOfTheApiDoNotChangeTheEvents() {
        var calm = bodies(EnumSet.noneOf(Fault.class), new TurnableClock());
        var others = bodies(EnumSet.of(Fault.STALE_LISTS, Fault.THROTTLING, Fault.ERRORS), new TurnableClock());

        assertEquals(calm, others);
    }

    @Test
    void anotherSeedMakesOtherEvents() {
        try (var one = Simulator.builder().seed(1).clock(clock).withoutSqs().build();
                var other =
                        Simulator.builder().seed(2).clock(clock).withoutSqs().build()) {
            assertFalse(one.truth().tasks().equals(other.truth().tasks()));
        }
    }

    private static List<String> bodies(Set<Fault> faults, TurnableClock clock) {
        try (var simulator = Simulator.builder()
                        .seed(5)
                        .clock(clock)
                        .tasks(100)
                        .faults(faults)
                        .build();
                var clients = new Clients(simulator)) {
            SimulatedTime.steps(simulator, clock, 60);
            simulator.start();
            return clients.events().stream().map(it -> it.json().toString()).toList();
        }
    }

    private Simulator simulator(Set<Fault> faults) {
        return Simulator.builder()
                .seed(3)
                .clock(clock)
                .tasks(300)
                .faults(faults)
                .build();
    }

    private static int farthestApart(List<String> ids) {
        var first = new HashMap<String, Integer>();
        int farthest = 0;
        for (int i = 0; i < ids.size(); i++) {
            var before = first.putIfAbsent(ids.get(i), i);
            farthest = before == null ? farthest : Math.max(farthest, i - before);
        }
        return farthest;
    }

    private static void assertShare(double expected, long count, long total) {
        double share = (double) count / total;
        assertTrue(share > expected / 2 && share < expected * 2, () -> count + " of " + total);
    }

    /** What became of the events of a lively world. */
    private final class Run implements AutoCloseable {
        private final Simulator simulator;
        private final Clients clients;
        private final List<Event> events;
        private final long sentBeforeSettling;

        Run(Set<Fault> faults) {
            simulator = simulator(faults);
            clients = new Clients(simulator);
            simulator.start();
            SimulatedTime.steps(simulator, clock, 70);
            sentBeforeSettling = simulator.truth().events().sent();
            events = clients.events();
        }

        List<String> ids() {
            return events.stream().map(Event::id).toList();
        }

        EventCounts counts() {
            return simulator.truth().events();
        }

        long sentBeforeSettling() {
            return sentBeforeSettling;
        }

        /** How many events of a task came after one of a later version. */
        int outOfOrder() {
            var newest = new HashMap<String, Long>();
            var late = new ArrayList<Event>();
            for (var event : events) {
                if (event.isOfTask()) {
                    long best = newest.merge(event.resource(), event.version(), Math::max);
                    if (event.version() < best) {
                        late.add(event);
                    }
                }
            }
            return late.size();
        }

        @Override
        public void close() {
            clients.close();
            simulator.close();
        }
    }
}
