package io.clusterstate.mirror;

import io.clusterstate.internal.loop.Counts;
import io.clusterstate.spi.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts deliveries by outcome, and measures their lag. */
final class EventCounters {

    private static final Logger LOG = LoggerFactory.getLogger(EventCounters.class);

    private final InstantSource clock;
    private final Counts<DeliveryOutcome> counts = new Counts<>(DeliveryOutcome.values());
    private final LongAdder waited = new LongAdder();
    private final LongAdder waitedNanos = new LongAdder();
    private final CopyOnWriteArrayList<Consumer<Duration>> observers = new CopyOnWriteArrayList<>();
    private volatile @Nullable Arrival last;

    private record Arrival(Instant at, @Nullable Duration lag) {}

    EventCounters(InstantSource clock) {
        this.clock = clock;
    }

    void count(DeliveryOutcome outcome, long deliveries) {
        counts.add(outcome, deliveries);
    }

    /** Notes that the store has taken in a delivery. */
    void arrived(Delivery delivery) {
        Instant now = clock.instant();
        Duration lag = delivery.sentAt()
                .map(sent -> Duration.between(sent, now))
                .map(waited -> waited.isNegative() ? Duration.ZERO : waited)
                .orElse(null);
        if (lag != null) {
            waited.increment();
            waitedNanos.add(lag.toNanos());
            for (Consumer<Duration> observer : observers) {
                pass(lag, observer);
            }
        }
        last = new Arrival(now, lag);
    }

    /** Passes each lag on from now on; once to observers that are equal. */
    void onLag(Consumer<Duration> observer) {
        observers.addIfAbsent(observer);
    }

    /** Drops an observer that throws, since it would throw again at each event. */
    private void pass(Duration lag, Consumer<Duration> observer) {
        try {
            observer.accept(lag);
        } catch (RuntimeException e) {
            observers.remove(observer);
            LOG.warn("an observer of the event lag failed, and is not called again", e);
        }
    }

    /** The sum of all lags. */
    EventLag lags() {
        return new EventLag(waited.sum(), Duration.ofNanos(waitedNanos.sum()));
    }

    Map<DeliveryOutcome, Long> counts() {
        return counts.sums();
    }

    Optional<Duration> lag() {
        Arrival arrival = last;
        return arrival == null ? Optional.empty() : Optional.ofNullable(arrival.lag());
    }

    Optional<Instant> lastAt() {
        Arrival arrival = last;
        return arrival == null ? Optional.empty() : Optional.of(arrival.at());
    }
}
