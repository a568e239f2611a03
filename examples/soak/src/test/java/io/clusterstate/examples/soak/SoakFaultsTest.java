package io.clusterstate.examples.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.simulator.Fault;
import io.clusterstate.simulator.Faults;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SoakFaultsTest {

    /** The kinds that a soak was asked for, and the faults here that make them. */
    private static final Map<String, List<String>> ASKED = Map.ofEntries(
            Map.entry("loss", List.of("loss")),
            Map.entry("duplicates", List.of("duplicates")),
            Map.entry("reorder", List.of("reorder")),
            Map.entry("delay", List.of("delay")),
            Map.entry("replays and foreign events", List.of("foreign")),
            Map.entry("stale lists", List.of("stale_lists", "empty_lists")),
            Map.entry("throttling", List.of("throttling")),
            Map.entry("denials", List.of("denial", "unclear_answers")),
            Map.entry("clock steps", List.of("clock_step")),
            Map.entry("process kills", List.of("mirror_kill", "mirror_pause", "member_kill")),
            Map.entry("member pauses", List.of("member_pause")),
            Map.entry("compactions", List.of("compaction")),
            Map.entry("restores", List.of("restore")),
            Map.entry("rolling deployments", List.of("rolling_deployment")),
            Map.entry("TLS rotation", List.of("tls_rotation")),
            Map.entry("what the proxy knows", List.of("link_cut", "link_silence", "link_refusal")));

    /** The fault of the soak that uses each switch of the simulator. */
    private static final Map<String, List<String>> SWITCHES = Map.ofEntries(
            Map.entry("failNext", List.of("failed_calls")),
            Map.entry("emptyNext", List.of("empty_lists")),
            Map.entry("loseCalls", List.of("lost_calls")),
            Map.entry("loseAnswers", List.of()), // of writes, which no mirror makes; for reads it equals loseCalls
            Map.entry("failAbout", List.of("failing_describes")),
            Map.entry("refuseAbout", List.of("unclear_answers")),
            Map.entry("failIn", List.of("denial")),
            Map.entry("failStarts", List.of("failing_starts")),
            Map.entry("shortFailureArns", List.of("short_arns")),
            Map.entry("delayResponses", List.of("slow_answers")),
            Map.entry("ecsOutage", List.of("ecs_outage")),
            Map.entry("sqsOutage", List.of("sqs_outage")));

    private static final Set<String> NO_SWITCHES = Set.of("use", "inUse", "forgive");

    private final Set<String> names =
            SoakFaults.all().stream().map(SoakFault::name).collect(Collectors.toSet());

    @Test
    void eachFaultOfTheSimulatorIsThere() {
        for (Fault fault : Fault.values()) {
            assertTrue(names.contains(EventFaults.nameOf(fault)), fault::name);
        }
    }

    @Test
    void eachSwitchOfTheSimulatorIsUsed() {
        Set<String> switches = Arrays.stream(Faults.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(Method::getName)
                .filter(name -> !NO_SWITCHES.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(new TreeSet<>(SWITCHES.keySet()), switches);
        SWITCHES.values().forEach(used -> assertTrue(names.containsAll(used), used::toString));
    }

    @Test
    void eachKindThatASoakWasAskedForIsThere() {
        ASKED.forEach((kind, faults) -> assertTrue(names.containsAll(faults), kind));
    }

    @Test
    void namesAreUnique() {
        assertEquals(SoakFaults.all().size(), new HashSet<>(names).size());
    }

    @Test
    void aListNamesSomeAllOrNone() {
        assertEquals(List.of(), SoakFaults.parse("none"));
        assertEquals(names.size(), SoakFaults.parse("all").size());
        assertEquals(
                List.of("restore", "loss"),
                SoakFaults.parse("restore, loss").stream().map(SoakFault::name).toList());
        assertThrows(IllegalArgumentException.class, () -> SoakFaults.parse("loss,rain"));
    }
}
