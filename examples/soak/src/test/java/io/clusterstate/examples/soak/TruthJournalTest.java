package io.clusterstate.examples.soak;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.simulator.EventCounts;
import io.clusterstate.simulator.Truth;
import io.clusterstate.testing.Entities;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** The memory of a journal in a run of many hours. */
class TruthJournalTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private Instant now = Entities.NOW;
    private List<Task> tasks = List.of();
    private List<Task> stays = List.of();
    private final TruthJournal journal = new TruthJournal(this::truth);

    @Test
    void whatEcsHadAtFirstAndLatelyIsKnown() {
        sampleOf(List.of(Entities.task("prod", "first", 1)));
        sampleOf(List.of(Entities.task("prod", "later", 1)));
        passADay();
        sampleOf(List.of(Entities.task("prod", "lately", 1)));
        sampleOf(List.of());

        assertTrue(journal.hasBeen(Entities.taskArn("prod", "first")));
        assertTrue(journal.hasBeen(Entities.taskArn("prod", "lately")));
        assertFalse(journal.hasBeen(Entities.taskArn("prod", "later")));
        assertFalse(journal.hasBeen(Entities.taskArn("prod", "never")));
    }

    @Test
    void whatIsThereAgainIsKnownAsLongAsItStays() {
        Task task = Entities.task("prod", "service-like", 1);
        sampleOf(List.of());
        sampleOf(List.of(task));
        sampleOf(List.of());
        for (int minute = 0; minute < 10; minute++) {
            sampleOf(List.of()); // until it is of the past
        }
        stays = List.of(task);

        passADay();

        assertTrue(journal.hasBeen(task.taskArn()));
    }

    @Test
    void aDayOfTasksThatLiveForAMinuteIsForgotten() {
        passADay();

        assertTrue(journal.held() < 21_000, () -> "ARNs: " + journal.held());
    }

    private void passADay() {
        for (int minute = 0; minute < 24 * 60; minute++) {
            List<Task> present = new ArrayList<>(stays);
            for (int i = 0; i < 30; i++) {
                present.add(Entities.task("prod", "task-" + minute + "-" + i, 1));
            }
            sampleOf(present);
        }
    }

    private void sampleOf(List<Task> present) {
        now = now.plus(MINUTE);
        tasks = present;
        journal.sample();
    }

    private Truth truth() {
        return new Truth(now, List.of(), tasks, List.of(), List.of(), Map.of(), new EventCounts(0, 0, 0, 0, 0, 0));
    }
}
