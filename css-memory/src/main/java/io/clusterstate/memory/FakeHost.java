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
 * What a fake tells its view: whether it is ready, and how fresh it is.
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
    private final Subscribers subscribers;
    private final Set<String> clusters = new ConcurrentSkipListSet<>();
    private volatile State state = new State(Phase.READY, null);
    private volatile Function<Instant, Optional<Instant>> freshUpTo = Optional::of;

    /** Those who are to be told what becomes of subscribers. */
    interface Subscribers {
        void asked();

        void failed(String subscription, Throwable failure);
    }

    FakeHost(InstantSource clock, Subscribers subscribers) {
        this.clock = clock;
        this.subscribers = subscribers;
        meet(FakeArns.clusterArn(FakeArns.DEFAULT_CLUSTER));
    }

    /** From now on this cluster is as fresh as the others. */
    void meet(String clusterArn) {
        clusters.add(clusterArn);
    }

    void ready() {
        turnInto(Phase.READY);
    }

    void loading() {
        turnInto(Phase.LOADING);
    }

    private synchronized void turnInto(Phase phase) {
        if (isOver()) {
            throw notReady(); // says how it ended
        }
        state = new State(phase, null);
    }

    /** Ends it, unless it has ended. */
    synchronized void end(@Nullable Throwable failure) {
        if (!isOver()) {
            state = new State(Phase.OVER, failure);
        }
    }

    /** From now on, how fresh it is goes by this: from the clock's time to that up to which it is. */
    void freshUpTo(Function<Instant, Optional<Instant>> byTime) {
        freshUpTo = byTime;
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
        String what = failure != null ? "failed: " + failure : isOver() ? "closed" : "not ready";
        return new NotReadyException("fake: " + what + " (expected: " + (isOver() ? "open" : "ready") + ")", failure);
    }

    @Override
    public String waitsFor() {
        return "the fake is not ready, waiting for ready()";
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
        subscribers.asked();
    }

    @Override
    public void subscriberFailed(String subscription, Throwable failure) {
        subscribers.failed(subscription, failure);
    }
}
