package io.clusterstate;

import io.clusterstate.spi.ViewHost;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A host of a view that a test controls. */
class TestHost implements ViewHost {

    /** The calls about subscribers. */
    final List<String> heard = new CopyOnWriteArrayList<>();

    private volatile boolean isReady = true;
    private volatile boolean isOver;
    private volatile @Nullable Throwable failure;
    private volatile Optional<Instant> freshUpTo = Optional.empty();

    /** The limits of the calls for the revision of the store. */
    final List<Duration> limits = new CopyOnWriteArrayList<>();

    private volatile long storeRevision;
    private volatile Runnable moved = () -> {};

    /** Sets what the host calls once its readiness has changed, as every host has to. */
    void onMove(Runnable told) {
        moved = told;
    }

    void ready(boolean ready) {
        isReady = ready;
        moved.run();
    }

    void over(@Nullable Throwable why) {
        failure = why;
        isReady = false;
        isOver = true;
        moved.run();
    }

    void freshUpTo(Instant moment) {
        freshUpTo = Optional.of(moment);
        moved.run();
    }

    /** Sets the revision that the store is at, although the view may not have it yet. */
    void storeIsAt(long revision) {
        storeRevision = revision;
    }

    @Override
    public long currentRevision(Duration limit) {
        limits.add(limit);
        return storeRevision;
    }

    @Override
    public boolean isReady() {
        return isReady;
    }

    @Override
    public boolean isOver() {
        return isOver;
    }

    @Override
    public NotReadyException notReady() {
        return new NotReadyException(isOver ? "over" : "not ready yet", failure);
    }

    @Override
    public String waitsFor() {
        return "the test";
    }

    @Override
    public Freshness freshness() {
        return new Freshness(freshUpTo, Map.of(), Optional.empty(), Optional.empty(), StoreLink.LOCAL);
    }

    @Override
    public void subscriberAsked() {
        heard.add("asked");
    }

    @Override
    public void subscriberFailed(String subscription, Throwable thrown) {
        heard.add(subscription + ": " + thrown.getMessage());
    }
}
