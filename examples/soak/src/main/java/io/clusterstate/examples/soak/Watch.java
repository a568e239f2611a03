package io.clusterstate.examples.soak;

import io.clusterstate.ChangeBatch;
import io.clusterstate.ChangeListener;
import io.clusterstate.ClusterStateView;
import io.clusterstate.ErrorAction;
import io.clusterstate.NotReadyException;
import io.clusterstate.Snapshot;
import io.clusterstate.Subscription;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The laws that hold in one view: a subscription for its batches, and a reader of its snapshots. */
final class Watch implements AutoCloseable {

    private final String name;
    private final ClusterStateView view;
    private final NeverEmpty neverEmpty;
    private final List<Law> laws;
    private final Subscription subscription;
    private final AtomicLong changes = new AtomicLong();
    private final AtomicLong resets = new AtomicLong();
    private boolean wasReady;
    private boolean isStalled;
    private volatile boolean isClosed;

    /**
     * Begins to watch.
     *
     * @param name the name of the view, for people
     * @param view the view, which need not be ready
     * @param findings the results
     * @param laws the laws of this view
     */
    Watch(String name, ClusterStateView view, Findings findings, List<Law> laws) {
        this.name = name;
        this.view = view;
        this.neverEmpty = new NeverEmpty(name, findings);
        this.laws = laws;
        this.subscription = view.subscribe(ChangeListener.builder()
                .named(name)
                .onBatch(this::told)
                .onError(failure -> {
                    findings.broken("Listener", name, failure.error().toString());
                    return ErrorAction.SKIP;
                })
                .build());
    }

    private void told(ChangeBatch batch) throws InterruptedException {
        awaitFlow();
        changes.addAndGet(batch.changes().size());
        resets.addAndGet(batch.type() == ChangeBatch.Type.RESET ? 1 : 0);
        laws.forEach(law -> law.batch(batch));
    }

    private synchronized void awaitFlow() throws InterruptedException {
        while (isStalled && !isClosed) {
            wait();
        }
    }

    /** Stalls the listener, or lets it go on. */
    synchronized void stall(boolean stalled) {
        isStalled = stalled;
        notifyAll();
    }

    /** Reads a snapshot and checks it. Thread: one thread. */
    void look() {
        wasReady |= view.isReady();
        if (!wasReady || isClosed) {
            return;
        }
        try {
            Snapshot snapshot = view.snapshot();
            neverEmpty.seen(snapshot);
            laws.forEach(law -> law.seen(snapshot));
        } catch (NotReadyException e) {
            if (!isClosed) {
                neverEmpty.refused(e);
            }
        }
    }

    String name() {
        return name;
    }

    ClusterStateView view() {
        return view;
    }

    /** The number of changes that the listener received. */
    long changes() {
        return changes.get();
    }

    /** The number of resets that the listener received. */
    long resets() {
        return resets.get();
    }

    @Override
    public void close() {
        isClosed = true;
        stall(false);
        subscription.cancel();
    }
}
