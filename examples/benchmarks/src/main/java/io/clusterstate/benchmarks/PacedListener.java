package io.clusterstate.benchmarks;

import io.clusterstate.ChangeBatch;
import io.clusterstate.ChangeListener;
import io.clusterstate.StoreView;
import io.clusterstate.Subscription;
import java.util.concurrent.CountDownLatch;

/** A listener that notes when it has each of a number of changes, which have consecutive revisions. */
final class PacedListener implements AutoCloseable {

    private final long base;
    private final long[] heardAt;
    private final CountDownLatch left;
    private final Subscription subscription;
    private int heard;

    /** Subscribes, and calls the latch down once the listener has all changes. */
    PacedListener(StoreView view, int changes, CountDownLatch left) {
        this.base = view.snapshot().revision();
        this.heardAt = new long[changes];
        this.left = left;
        this.subscription = view.subscribe(
                ChangeListener.builder().liveOnly().onBatch(this::hear).build());
    }

    /** Runs on the thread of the subscription alone. */
    private void hear(ChangeBatch batch) {
        long now = System.nanoTime();
        while (heard < heardAt.length && base + heard < batch.revision()) {
            heardAt[heard++] = now;
            if (heard == heardAt.length) {
                left.countDown();
            }
        }
    }

    /** The time at which the listener had a change. To be called once the latch is down. */
    long heardAt(int change) {
        return heardAt[change];
    }

    @Override
    public void close() {
        subscription.cancel();
    }
}
