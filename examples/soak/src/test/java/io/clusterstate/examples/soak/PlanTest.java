package io.clusterstate.examples.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.testing.Seeds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanTest {

    private static final double RATE = 40;

    private final Map<String, SoakFault> kinds =
            SoakFaults.all().stream().collect(Collectors.toMap(SoakFault::name, Function.identity()));

    @TempDir
    private Path folder;

    private static Plan plan(long seed, double minutes) {
        return Plan.random(seed, minutes, RATE, SoakFaults.all());
    }

    @Test
    void aSeedGivesOnePlan() {
        assertEquals(plan(7, 2), plan(7, 2));
        assertNotEquals(plan(7, 2).faults(), plan(8, 2).faults());
    }

    @Test
    void eachTwoMinutesHaveEachKind() {
        Seeds.forEach(50, random -> {
            Plan plan = plan(random.nextLong(), 6);
            for (int period = 0; period < 3; period++) {
                long from = period * 120_000L;
                Set<String> there = plan.faults().stream()
                        .filter(each -> each.atMillis() >= from && each.atMillis() < from + 120_000)
                        .map(PlannedFault::fault)
                        .collect(Collectors.toSet());
                assertEquals(kinds.keySet(), there);
            }
        });
    }

    @Test
    void faultsOfALaneDoNotOverlapAndAllEndWithinTheRun() {
        Seeds.forEach(50, random -> {
            Plan plan = plan(random.nextLong(), 2);
            Map<String, Long> ends = new HashMap<>();
            plan.faults().forEach(each -> {
                String lane = kinds.get(each.fault()).lane();
                assertTrue(each.atMillis() >= ends.getOrDefault(lane, 0L), each::toString);
                ends.put(lane, each.atMillis() + each.forMillis());
                assertTrue(ends.get(lane) <= 120_000, each::toString);
            });
        });
    }

    @Test
    void faultsOfDifferentLanesAreThereAtOnce() {
        Plan plan = plan(1, 2);
        long most = plan.faults().stream()
                .mapToLong(each -> plan.faults().stream()
                        .filter(other -> other.atMillis() <= each.atMillis()
                                && each.atMillis() < other.atMillis() + other.forMillis())
                        .count())
                .max()
                .orElse(0);
        assertTrue(most >= 5, () -> "at once: " + most);
    }

    @Test
    void aHistoryIsReadAsItWasWritten() throws Exception {
        Path file = folder.resolve("history.jsonl");
        History.write(plan(3, 2), file);

        assertEquals(plan(3, 2), History.read(file));
    }

    @Test
    void aFileThatIsNoHistoryIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("other.jsonl"), "{\"other\":1}\n");

        assertThrows(IllegalArgumentException.class, () -> History.read(file));
        assertThrows(IllegalArgumentException.class, () -> History.read(folder.resolve("absent")));
        Files.writeString(file, "{\"seed\":1}\n{\"fault\":\"rain\"}\n");
        assertThrows(IllegalArgumentException.class, () -> History.read(file));
    }
}
