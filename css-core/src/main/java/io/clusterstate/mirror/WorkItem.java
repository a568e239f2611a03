package io.clusterstate.mirror;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A unit of reconciling: a cluster, or the list of clusters.
 *
 * <p>Thread: the {@link ReconcileQueue} guards due time, requests and waiters. The rest belongs to the thread that has
 * taken the item, except the last report, which any thread may read.
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

    /** The ARN of the cluster, or {@link ReconcileQueue#LIST}. */
    String name() {
        return name;
    }

    AbsenceTracker absences() {
        return absences;
    }

    /** Starts anew after another mirror, which may have listed any entity until now. */
    void forgetAbsences(long now) {
        absences = new AbsenceTracker(now);
    }

    /** The stamp of the answer by which the cluster is deleted; empty while it exists. */
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

    /**
     * Whether the first load has ended: the view has had everything that ECS listed, or the mirror leaves the cluster
     * out.
     */
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

    /** Counts a failure; returns the number of failures in a row. */
    int failed() {
        failures++;
        return failures;
    }
}
