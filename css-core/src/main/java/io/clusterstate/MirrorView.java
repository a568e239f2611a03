package io.clusterstate;

import io.clusterstate.spi.StateStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The view of a mirror: its store's snapshots, while the mirror is ready. */
final class MirrorView implements ClusterStateView {

    private final StateStore store;
    private final Life life;
    private final FreshnessBook book;
    private final EventTally tally;
    private final InstantSource clock;
    private final Supplier<String> progress;

    MirrorView(
            StateStore store,
            Life life,
            FreshnessBook book,
            EventTally tally,
            InstantSource clock,
            Supplier<String> progress) {
        this.store = store;
        this.life = life;
        this.book = book;
        this.tally = tally;
        this.clock = clock;
        this.progress = progress;
    }

    @Override
    public Snapshot snapshot() {
        life.requireReady();
        return store.snapshot();
    }

    /** Freshness is read first: what is then in the snapshot is no older than it says. */
    @Override
    public ReadPolicy.Answer read(ReadPolicy policy) {
        Freshness freshness = freshness();
        return policy.judge(snapshot(), freshness, clock.instant());
    }

    @Override
    public boolean isReady() {
        return life.isReady();
    }

    @Override
    public void awaitReady(Duration limit) throws TimeoutException, InterruptedException {
        life.awaitReady(limit, progress);
    }

    @Override
    public Freshness freshness() {
        return new Freshness(book.whole(), book.clusters(), tally.lag(), tally.lastAt());
    }
}
