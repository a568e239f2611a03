package io.clusterstate.benchmarks;

import io.clusterstate.spi.ClaimableSource;
import io.clusterstate.spi.Delivery;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A source that holds back polls until it is opened, and closes again after a number of settled messages. */
final class GatedSource implements ClaimableSource {

    private final ClaimableSource source;
    private volatile boolean isOpen;
    private long left;
    private long rest;
    private @Nullable CountDownLatch done;

    GatedSource(ClaimableSource source) {
        this.source = source;
    }

    /** Lets polls through until the messages are settled; calls the latch down when only the rest is left. */
    synchronized void open(long messages, long ofThemRest, CountDownLatch atTheRest) {
        rest = ofThemRest;
        left += messages; // a poll that began before may have taken a few of them
        done = atTheRest;
        isOpen = true;
    }

    @Override
    public List<Delivery> poll() throws InterruptedException {
        if (!isOpen) {
            TimeUnit.MILLISECONDS.sleep(1);
            return List.of();
        }
        return source.poll();
    }

    @Override
    public void settle(Collection<Delivery> deliveries) {
        source.settle(deliveries);
        settled(deliveries.size());
    }

    private synchronized void settled(int count) {
        left -= count;
        isOpen = isOpen && left > 0;
        if (left <= rest && done != null) {
            done.countDown();
        }
    }

    @Override
    public void handBack(Collection<Delivery> deliveries) {
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
