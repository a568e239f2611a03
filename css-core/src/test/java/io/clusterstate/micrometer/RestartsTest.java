package io.clusterstate.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.LoopStatus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestartsTest {

    private final Restarts restarts = new Restarts();

    @Test
    void theLoopsAreSummedAndAStatusSeenTwiceCountsOnce() {
        restarts.observe(List.of(loop("poll-1", 1), loop("describe", 2)));
        restarts.observe(List.of(loop("poll-1", 1), loop("describe", 3)));
        assertEquals(4, restarts.sum());
    }

    @Test
    void theSumDoesNotGoBackWhenALoopLeaves() {
        restarts.observe(List.of(loop("poll-1", 0), loop("poll-2", 2)));
        restarts.observe(List.of(loop("poll-1", 1)));
        assertEquals(3, restarts.sum());
    }

    private static LoopStatus loop(String name, int restarts) {
        return new LoopStatus(name, LoopStatus.State.WORKING, Optional.empty(), 0, Optional.empty(), restarts);
    }
}
