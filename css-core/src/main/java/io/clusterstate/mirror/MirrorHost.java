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

/** Supplies a view with the readiness and the freshness of its mirror. */
final class MirrorHost implements ViewHost {

    private final Lifecycle lifecycle;
    private final Coordination coordination;
    private final Selection selection;
    private final EventCounters counters;
    private final Supplier<String> progress;
    private final ConfirmedFreshness confirmed;

    /**
     * A host of one mirror.
     *
     * @param progress the progress of the first load, for people
     */
    MirrorHost(Lifecycle lifecycle, ReconcileContext context, EventCounters counters, Supplier<String> progress) {
        this.lifecycle = lifecycle;
        this.coordination = context.coordination();
        this.selection = context.selection();
        this.counters = counters;
        this.progress = progress;
        Environment environment = context.environment();
        this.confirmed = new ConfirmedFreshness(environment.clock(), environment.time()::nanos);
    }

    /** Reads the new confirmation. */
    void moved() {
        confirmed.moved(coordination.confirmation());
    }

    /**
     * The latest time up to which a cluster may be confirmed, allowing for steps of the clock; an older event is of the
     * past.
     */
    Optional<Instant> confirmedAtTheLatest(String clusterArn) {
        return confirmed.latest(coordination.confirmation()).of(clusterArn);
    }

    @Override
    public boolean isReady() {
        return lifecycle.isReady();
    }

    @Override
    public boolean isOver() {
        return lifecycle.isClosed();
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
                confirmed.whole(now),
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
