package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class FaultTest {
    @Test
    void namesAreReadFromACommaList() {
        assertEquals(Set.of(Fault.DUPLICATES, Fault.REORDER), Fault.parse("duplicates,reorder"));
        assertEquals(Set.of(Fault.STALE_LISTS, Fault.LOSS), Fault.parse(" Stale-Lists , LOSS "));
    }

    @Test
    void allNoneAndTheEmptyTextAreUnderstood() {
        assertEquals(EnumSet.allOf(Fault.class), Fault.parse("all"));
        assertTrue(Fault.parse("none").isEmpty());
        assertTrue(Fault.parse("").isEmpty());
    }

    @Test
    void anUnknownNameIsRefusedWithTheKnownOnes() {
        var error = assertThrows(IllegalArgumentException.class, () -> Fault.parse("loss,flood"));

        assertEquals(
                "fault: flood (expected: loss, duplicates, reorder, delay, stale_lists, throttling, vanish, errors,"
                        + " foreign, all or none)",
                error.getMessage());
    }

    @Test
    void settingsOutOfRangeAreRefusedWithWhatIsExpected() {
        var builder = Simulator.builder();

        assertEquals(
                "clusters: 0 (expected: at least 1)",
                assertThrows(IllegalArgumentException.class, () -> builder.clusters(0))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> builder.tasks(-1));
        assertThrows(IllegalArgumentException.class, () -> builder.instancesPerCluster(-1));
        assertThrows(IllegalArgumentException.class, () -> builder.shortArnShare(1.1));
        assertThrows(IllegalArgumentException.class, () -> builder.shortArnShare(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> builder.timePerStatus(Duration.ofMillis(-1)));
        assertThrows(IllegalArgumentException.class, () -> builder.keepEndedFor(Duration.ofMillis(-1)));
        assertThrows(IllegalArgumentException.class, () -> builder.account("12"));
        assertThrows(IllegalArgumentException.class, () -> builder.region("here"));
        assertThrows(IllegalArgumentException.class, () -> builder.queueName("a b"));
        assertThrows(IllegalArgumentException.class, () -> builder.ecsPort(65_536));
        assertThrows(IllegalArgumentException.class, () -> builder.sqsPort(-1));
        try (var simulator = builder.withoutSqs().build()) {
            assertThrows(IllegalArgumentException.class, () -> simulator.drive(-1));
            assertThrows(
                    IllegalArgumentException.class, () -> simulator.faults().failNext("ListTasks", 0));
            assertThrows(
                    IllegalArgumentException.class, () -> simulator.faults().emptyNext("ListTasks", 0));
            assertThrows(
                    IllegalArgumentException.class, () -> simulator.faults().failAbout("abc", "ServerException"));
            assertThrows(
                    IllegalArgumentException.class, () -> simulator.faults().refuseAbout("abc", "UNKNOWN"));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> simulator.faults().failIn("default", "ListTasks", "ServerException"));
            assertEquals(
                    "operation: DescribeClusters (expected: an operation that works in a cluster)",
                    assertThrows(IllegalArgumentException.class, () -> simulator
                                    .faults()
                                    .failIn("arn:aws:ecs:a:1:cluster/b", "DescribeClusters", "ServerException"))
                            .getMessage());
            assertEquals(
                    "operation: ListAttributes (expected: one of"
                            + " [ListClusters, ListContainerInstances, ListServices, ListTasks])",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> simulator.faults().emptyNext("ListAttributes", 1))
                            .getMessage());
            assertThrows(
                    IllegalArgumentException.class, () -> simulator.faults().delayResponses(Duration.ofMillis(-1)));
        }
    }

    @Test
    void aMisspeltOperationIsRefused() {
        try (var simulator = Simulator.builder().tasks(0).build()) {
            var faults = simulator.faults();
            assertMisspelt("listTasks", () -> faults.failNext("listTasks", 1));
            assertMisspelt("ListTask", () -> faults.loseCalls("ListTask", 1));
            assertMisspelt("ListTask", () -> faults.loseAnswers("ListTask", 1));
            assertMisspelt("", () -> faults.failIn("arn:aws:ecs:a:1:cluster/b", "", "ServerException"));
            faults.failNext("CreateTaskSet", 1);
        }
    }

    private static void assertMisspelt(String name, Executable action) {
        assertEquals(
                "operation: " + name + " (expected: an operation of ECS, such as ListTasks)",
                assertThrows(IllegalArgumentException.class, action).getMessage());
    }
}
