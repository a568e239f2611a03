package io.clusterstate.examples.soak;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ConductorTest {

    private final Findings findings = new Findings();
    private final List<String> steps = new CopyOnWriteArrayList<>();

    /** As a rolling deployment: broken off in the middle, it would leave a mirror behind that nobody closes. */
    @Test
    void aFaultThatHasBegunIsNeitherBrokenOffNorFollowedByAnother() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        SoakFault slow = SoakFault.of("slow", 0, 0, (world, where) -> {
            begun.countDown();
            goesOn.await();
            steps.add("begun " + where);
            return () -> steps.add("ended " + where);
        });
        Plan plan = new Plan(
                1, 2, 0, List.of(new PlannedFault("slow", 0, 60_000, 1), new PlannedFault("slow", 61_000, 0, 2)));
        Thread ending = Thread.currentThread();
        Thread release = new Thread(() -> {
            await(() -> ending.getState() == Thread.State.TIMED_WAITING);
            goesOn.countDown();
        });

        try (Conductor conductor = new Conductor(null, findings, List.of(slow))) {
            conductor.start(plan);
            begun.await();
            release.start();
            conductor.end();
        }

        assertEquals(List.of("begun 1", "ended 1"), steps);
        assertEquals(List.of(), findings.violations());
    }

    @Test
    void aFaultThatFailsIsAViolationAndTheNextOneBegins() throws Exception {
        SoakFault broken = SoakFault.of("broken", 0, 0, (world, where) -> {
            steps.add("begun " + where);
            throw new IllegalStateException("no such cluster");
        });
        Plan plan =
                new Plan(1, 2, 0, List.of(new PlannedFault("broken", 0, 0, 1), new PlannedFault("broken", 0, 0, 2)));

        try (Conductor conductor = new Conductor(null, findings, List.of(broken))) {
            conductor.start(plan);
            await(() -> steps.size() == 2);
            conductor.end();
        }

        assertEquals(List.of("begun 1", "begun 2"), steps);
        assertEquals(
                List.of("Conductor", "Conductor"),
                findings.violations().stream().map(Findings.Violation::law).toList());
        assertEquals("broken", findings.violations().get(0).where());
    }
}
