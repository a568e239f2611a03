package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.spi.Delivery;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The lag of events, and who hears of it. */
class EventCountersTest {

    private final TestTime time = new TestTime();
    private final EventCounters counters = new EventCounters(time);

    @Test
    void anObserverThatThrowsIsDroppedAndTheOthersHearOfEachLag() {
        List<Duration> heard = new ArrayList<>();
        List<Duration> before = new ArrayList<>();
        counters.onLag(lag -> {
            before.add(lag);
            throw new IllegalStateException("full");
        });
        counters.onLag(heard::add);

        arrive(2);
        arrive(3);

        assertEquals(List.of(Duration.ofSeconds(2)), before);
        assertEquals(List.of(Duration.ofSeconds(2), Duration.ofSeconds(3)), heard);
        assertEquals(new EventLag(2, Duration.ofSeconds(5)), counters.lags());
    }

    private void arrive(int seconds) {
        Instant sent = time.instant();
        time.advance(Duration.ofSeconds(seconds));
        counters.arrived(new Delivery("m", "", "r", time.instant(), Optional.of(sent), 1));
    }
}
