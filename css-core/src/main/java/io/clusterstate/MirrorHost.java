package io.clusterstate;

import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Sharing;
import io.clusterstate.spi.ViewHost;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A mirror, as its view asks it. */
final class MirrorHost implements ViewHost {

    private final Life life;
    private final Sharing sharing;
    private final EventTally tally;
    private final Supplier<String> progress;

    MirrorHost(Life life, Sharing sharing, EventTally tally, Supplier<String> progress) {
        this.life = life;
        this.sharing = sharing;
        this.tally = tally;
        this.progress = progress;
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
        Confirmation confirmed = sharing.confirmation();
        return new Freshness(confirmed.whole(), confirmed.clusters(), tally.lag(), tally.lastAt(), sharing.link());
    }

    @Override
    public long currentRevision(Duration limit) throws TimeoutException, InterruptedException {
        return sharing.currentRevision(limit);
    }
}
