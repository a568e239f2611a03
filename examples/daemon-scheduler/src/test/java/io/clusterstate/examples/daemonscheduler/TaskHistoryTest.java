package io.clusterstate.examples.daemonscheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.simulator.EventCounts;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.Truth;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** The judge itself. */
class TaskHistoryTest {

    private final TaskHistory history = new TaskHistory(task -> true);

    @Test
    void twoThatLiveAtOneMomentAreADouble() {
        look(9, task("a", 1, 5), task("b", 4, 9));

        assertEquals(1, history.doubles().size());
    }

    @Test
    void oneThatBeginsWhenTheOtherEndsIsNone() {
        look(9, task("a", 1, 5), task("b", 5, 9));
        look(9, task("a", 1, 5), task("b", 5, 9), task("c", 9, 0));

        assertEquals(List.of(), history.doubles());
        assertEquals(3, history.launches());
    }

    @Test
    void oneThatHasNotEndedLivesOn() {
        look(9, task("a", 1, 0), task("b", 9, 0));

        assertEquals(1, history.doubles().size());
    }

    @Test
    void oneThatTheTruthLacksLivedUntilThen() {
        look(3, task("a", 1, 0));
        look(5);
        look(7, task("b", 6, 0));
        assertEquals(List.of(), history.doubles());

        look(8, task("b", 6, 0), task("c", 4, 0));
        assertEquals(2, history.doubles().size());
    }

    private void look(long at, Task... tasks) {
        try (Simulator any = Simulator.builder().build()) {
            EventCounts none = any.truth().events();
            history.add(new Truth(
                    Instant.ofEpochSecond(at), List.of(), List.of(tasks), List.of(), List.of(), Map.of(), none));
        }
    }

    private static Task task(String arn, long from, long to) {
        Task.Builder task =
                Task.builder().taskArn(arn).containerInstanceArn("i").createdAt(Instant.ofEpochSecond(from));
        return (to == 0 ? task : task.stoppedAt(Instant.ofEpochSecond(to))).build();
    }
}
