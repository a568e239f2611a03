package io.clusterstate.mirror;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is reconciled from time to time: a cluster, or the list of clusters.
 *
 * <p>Thread: when it is due and who waits for it belong to {@link ReconcileQueue}; the rest to the one thread that has
 * taken it, but for the last report, which anyone may read.
 */
final class WorkItem {

    private final String name;
    private volatile AbsenceTracker absences = new AbsenceTracker();
    private int failures;
    private boolean wasComplete;
    private volatile boolean isLoaded;
    private volatile @Nullable Instant deletedAt;
    private volatile @Nullable ReconcileReport lastReport;

    long dueAt;
    long takenAt;
    boolean isTaken;
    boolean isHurried;
    List<ReconcileQueue.Waiter> requests = new ArrayList<>();
    List<ReconcileQueue.Waiter> inWork = new ArrayList<>();

    WorkItem(String name, long dueAt) {
        this.name = name;
        this.dueAt = dueAt;
        this.takenAt = dueAt - ReconcileQueue.LEAST_GAP.toNanos();
    }

    /** The cluster's ARN, or what else it is. */
    String name() {
        return name;
    }

    AbsenceTracker absences() {
        return absences;
    }

    /** Another may have listed anything until now, and held nothing back. */
    void forgetAbsences(long now) {
        absences = new AbsenceTracker(now);
    }

    /** When ECS was requests and said that the cluster is no more; empty while it is there. */
    Optional<Instant> deletedAt() {
        return Optional.ofNullable(deletedAt);
    }

    void deletedAt(@Nullable Instant asked) {
        deletedAt = asked;
    }

    Optional<ReconcileReport> lastReport() {
        return Optional.ofNullable(lastReport);
    }

    void report(ReconcileReport report) {
        lastReport = report;
    }

    /** Whether all that ECS lists of it has been taken in once. */
    boolean isLoaded() {
        return isLoaded;
    }

    void loaded() {
        isLoaded = true;
    }

    boolean wasComplete() {
        return wasComplete;
    }

    void complete() {
        wasComplete = true;
        failures = 0;
    }

    /** Counts a failure; returns how many that makes in a row. */
    int failed() {
        failures++;
        return failures;
    }
}
