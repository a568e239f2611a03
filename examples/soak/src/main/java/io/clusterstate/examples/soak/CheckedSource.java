package io.clusterstate.examples.soak;

import io.clusterstate.spi.ClaimableSource;
import io.clusterstate.spi.Delivery;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A source whose deliveries are checked before they are settled.
 *
 * @param source the source
 * @param law the check
 */
record CheckedSource(ClaimableSource source, SettledIsSafe law) implements ClaimableSource {

    @Override
    public List<Delivery> poll() throws InterruptedException {
        List<Delivery> deliveries = source.poll();
        deliveries.forEach(law::received);
        return deliveries;
    }

    @Override
    public void settle(Collection<Delivery> deliveries) {
        deliveries.forEach(law::settled);
        source.settle(deliveries);
    }

    @Override
    public void handBack(Collection<Delivery> deliveries) {
        deliveries.forEach(law::returned);
        source.handBack(deliveries);
    }

    @Override
    public void keep(Collection<Delivery> deliveries, Duration time) {
        source.keep(deliveries, time);
    }

    @Override
    public boolean keepsDeadLetters() {
        return source.keepsDeadLetters();
    }

    @Override
    public Optional<String> problem() {
        return source.problem();
    }

    @Override
    public Optional<String> readClaim() {
        return source.readClaim();
    }

    @Override
    public void writeClaim(String note) {
        source.writeClaim(note);
    }

    @Override
    public void removeClaim() {
        source.removeClaim();
    }

    @Override
    public void close() {
        source.close();
    }
}
