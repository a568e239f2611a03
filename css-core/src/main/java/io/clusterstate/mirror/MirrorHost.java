package io.clusterstate.mirror;

import io.clusterstate.Freshness;
import io.clusterstate.NotReadyException;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.ConfirmedFreshness;
import io.clusterstate.spi.Coordination;
import io.clusterstate.spi.ViewHost;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A mirror, as its view asks it. */
final class MirrorHost implements ViewHost {

    private final Lifecycle lifecycle;
    private final Coordination coordination;
    private final EventCounters counters;
    private final Selection selection;
    private final Supplier<String> progress;
    private final ConfirmedFreshness confirmed;

    MirrorHost(
            Lifecycle lifecycle,
            Coordination coordination,
            EventCounters counters,
            Selection selection,
            Supplier<String> progress,
            Environment environment) {
        this.lifecycle = lifecycle;
        this.coordination = coordination;
        this.counters = counters;
        this.selection = selection;
        this.progress = progress;
        this.confirmed = new ConfirmedFreshness(environment.clock(), environment.time());
    }

    /** To be called when what is confirmed has moved. */
    void moved() {
        confirmed.moved(coordination.confirmation());
    }

    /** Up to when a cluster may be confirmed at the latest: an event that is older is out of date. */
    Optional<Instant> confirmedAtTheLatest(String clusterArn) {
        return confirmed.latest(coordination.confirmation()).of(clusterArn);
    }

    @Override
    public boolean isReady() {
        return lifecycle.isReady();
    }

    @Override
    public boolean isOver() {
        return lifecycle.isOver();
    }

    @Override
    public NotReadyException notReady() {
        return lifecycle.notReady();
    }

    @Override
    public String waitsFor() {
        return lifecycle.phase() + ", waiting for " + progress.get();
    }

    @Override
    public Freshness freshness() {
        Confirmation now = confirmed.now(coordination.confirmation());
        return new Freshness(
                now.whole(),
                now.clusters(),
                selection.leftOut().keySet(),
                counters.lag(),
                counters.lastAt(),
                coordination.link());
    }

    @Override
    public long currentRevision(Duration limit) throws TimeoutException, InterruptedException {
        return coordination.currentRevision(limit);
    }
}
