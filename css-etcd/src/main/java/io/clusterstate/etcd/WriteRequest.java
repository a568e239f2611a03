package io.clusterstate.etcd;

import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.StateStoreException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The changes that a caller wants written, and their outcomes so far.
 *
 * <p>Thread: only the thread that writes touches the outcomes; the writer's lock hands them over.
 */
final class WriteRequest {

    private final List<? extends Change<?>> changes;
    private final List<Applied> applied = new ArrayList<>();
    private @Nullable StateStoreException failure;

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
    }

    void fail(StateStoreException why) {
        failure = why;
    }

    boolean isDone() {
        return failure != null || applied.size() == changes.size();
    }

    /** The outcomes of all changes, or the failure. */
    List<Applied> result() {
        if (failure != null) {
            throw new StateStoreException(String.valueOf(failure.getMessage()), failure);
        }
        return List.copyOf(applied);
    }
}
