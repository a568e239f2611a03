package io.clusterstate;

import io.clusterstate.spi.ViewHost;
import java.util.function.Supplier;

/** A mirror, as its view asks it. */
final class MirrorHost implements ViewHost {

    private final Life life;
    private final FreshnessBook book;
    private final EventTally tally;
    private final Supplier<String> progress;

    MirrorHost(Life life, FreshnessBook book, EventTally tally, Supplier<String> progress) {
        this.life = life;
        this.book = book;
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
        return new Freshness(book.whole(), book.clusters(), tally.lag(), tally.lastAt());
    }
}
