package io.clusterstate.etcd;

import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.StateStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The changes that a caller wants written, and their outcomes so far.
 *
 * <p>Thread: only the thread that writes touches the outcomes until the request is done; then only the caller.
 */
final class WriteRequest {

    private final List<? extends Change<?>> changes;
    private final List<Applied> applied = new ArrayList<>();
    private final Semaphore wakes = new Semaphore(0);
    private @Nullable StateStoreException failure;
    private volatile boolean isDone;

    WriteRequest(List<? extends Change<?>> changes) {
        this.changes = List.copyOf(changes);
    }

    int size() {
        return changes.size();
    }

    Change<?> change(int index) {
        return changes.get(index);
    }

    /** Whether any of the changes may only be written by the process that leads. */
    boolean needsLeadership() {
        return changes.stream().anyMatch(TransactionDraft::needsLeadership);
    }

    /** The number of changes that have an outcome. */
    int applied() {
        return applied.size();
    }

    void add(Applied outcome) {
        applied.add(outcome);
        if (applied.size() == changes.size()) {
            done();
        }
    }

    void fail(StateStoreException why) {
        failure = why;
        done();
    }

    private void done() {
        isDone = true; // hands the outcomes over to the caller
        wake();
    }

    boolean isDone() {
        return isDone;
    }

    /** Lets the caller check whether the request is done, or is the next to write. */
    void wake() {
        wakes.release();
    }

    /** Waits until somebody {@linkplain #wake wakes} the caller; it may have nothing to do. */
    void awaitWake() throws InterruptedException {
        wakes.acquire();
        wakes.drainPermits();
    }

    /** The outcomes of all changes, or the failure. */
    List<Applied> result() {
        if (failure != null) {
            throw new StateStoreException(String.valueOf(failure.getMessage()), failure);
        }
        return List.copyOf(applied);
    }
}
