package io.clusterstate.memory;

import io.clusterstate.Freshness;
import io.clusterstate.NotReadyException;
import io.clusterstate.StoreLink;
import io.clusterstate.spi.ViewHost;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The host of a fake's view: it decides whether the view is ready, and how fresh it is.
 *
 * <p>Thread: safe for any thread.
 */
final class FakeHost implements ViewHost {

    private enum Phase {
        LOADING,
        READY,
        OVER
    }

    private record State(Phase phase, @Nullable Throwable failure) {}

    private final InstantSource clock;
    private final Callbacks callbacks;
    private final Set<String> clusters = new ConcurrentSkipListSet<>();
    private volatile State state = new State(Phase.READY, null);
    private volatile Function<Instant, Optional<Instant>> freshUpTo = Optional::of;

    /** The recipient of the view's calls about subscribers. */
    interface Callbacks {

        /** A subscriber was added or has requested more. */
        void asked();

        /** A subscriber has thrown. */
        void failed(String subscription, Throwable failure);
    }

    FakeHost(InstantSource clock, Callbacks callbacks) {
        this.clock = clock;
        this.callbacks = callbacks;
        addCluster(FakeArns.clusterArn(FakeArns.DEFAULT_CLUSTER));
    }

    /** Adds a cluster, which is as fresh as the others. */
    void addCluster(String clusterArn) {
        clusters.add(clusterArn);
    }

    void ready() {
        enter(Phase.READY);
    }

    void loading() {
        enter(Phase.LOADING);
    }

    private synchronized void enter(Phase phase) {
        if (isOver()) {
            throw notReady(); // its message names the end
        }
        state = new State(phase, null);
    }

    /** Ends the view for good, unless it has ended. */
    synchronized void end(@Nullable Throwable failure) {
        if (!isOver()) {
            state = new State(Phase.OVER, failure);
        }
    }

    /** Sets the freshness, as a function of the clock's time. */
    void freshUpTo(Function<Instant, Optional<Instant>> ofTime) {
        freshUpTo = ofTime;
    }

    @Override
    public boolean isReady() {
        return state.phase() == Phase.READY;
    }

    @Override
    public boolean isOver() {
        return state.phase() == Phase.OVER;
    }

    @Override
    public NotReadyException notReady() {
        Throwable failure = state.failure();
        String now = failure != null ? "failed: " + failure : isOver() ? "closed" : "not ready";
        return new NotReadyException("fake: " + now + " (expected: " + (isOver() ? "open" : "ready") + ")", failure);
    }

    @Override
    public String waitsFor() {
        return "the fake waits for ready()";
    }

    @Override
    public Freshness freshness() {
        Optional<Instant> upTo = isReady() ? freshUpTo.apply(clock.instant()) : Optional.empty();
        return new Freshness(upTo, ofClusters(upTo), Optional.empty(), Optional.empty(), StoreLink.LOCAL);
    }

    private Map<String, Instant> ofClusters(Optional<Instant> upTo) {
        return upTo.map(moment -> clusters.stream().collect(Collectors.toUnmodifiableMap(arn -> arn, arn -> moment)))
                .orElse(Map.of());
    }

    @Override
    public void subscriberAsked() {
        callbacks.asked();
    }

    @Override
    public void subscriberFailed(String subscription, Throwable failure) {
        callbacks.failed(subscription, failure);
    }
}
