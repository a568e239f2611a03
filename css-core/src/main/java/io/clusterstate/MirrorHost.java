package io.clusterstate;

import io.clusterstate.internal.loop.Surroundings;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.ConfirmedFreshness;
import io.clusterstate.spi.Sharing;
import io.clusterstate.spi.ViewHost;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A mirror, as its view asks it. */
final class MirrorHost implements ViewHost {

    private final Life life;
    private final Sharing sharing;
    private final EventTally tally;
    private final Selection selection;
    private final Supplier<String> progress;
    private final ConfirmedFreshness confirmed;

    MirrorHost(
            Life life,
            Sharing sharing,
            EventTally tally,
            Selection selection,
            Supplier<String> progress,
            Surroundings surroundings) {
        this.life = life;
        this.sharing = sharing;
        this.tally = tally;
        this.selection = selection;
        this.progress = progress;
        this.confirmed = new ConfirmedFreshness(surroundings.clock(), surroundings.time());
    }

    /** To be called when what is confirmed has moved. */
    void moved() {
        confirmed.moved(sharing.confirmation());
    }

    /** Up to when a cluster may be confirmed at the latest: an event that is older is out of date. */
    Optional<Instant> confirmedAtTheLatest(String clusterArn) {
        return confirmed.latest(sharing.confirmation()).of(clusterArn);
    }

    @Override
    public boolean isReady() {
        return life.isReady();
    }

    @Override
    public boolean isOver() {
        return life.isOver();
    }

    @Override
    public NotReadyException notReady() {
        return life.notReady();
    }

    @Override
    public String waitsFor() {
        return life.phase() + ", waiting for " + progress.get();
    }

    @Override
    public Freshness freshness() {
        Confirmation now = confirmed.now(sharing.confirmation());
        return new Freshness(
                now.whole(), now.clusters(), selection.leftOut().keySet(), tally.lag(), tally.lastAt(), sharing.link());
    }

    @Override
    public long currentRevision(Duration limit) throws TimeoutException, InterruptedException {
        return sharing.currentRevision(limit);
    }
}
