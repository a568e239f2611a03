package io.clusterstate.mirror;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the report of each pass: one line in the log, the host's listener, and the sum of all drift.
 *
 * <p>Thread: safe for any thread; the listener is called on the thread that publishes.
 */
final class ReconcileReports {

    private static final Logger LOG = LoggerFactory.getLogger(ReconcileReports.class);

    private final Consumer<ReconcileReport> listener;
    private final BooleanSupplier isClosed;
    private volatile Drift allDrift = Drift.NONE;

    /**
     * No reports yet.
     *
     * @param isClosed whether the mirror is closed, so that the listener is not called any more
     */
    ReconcileReports(Consumer<ReconcileReport> listener, BooleanSupplier isClosed) {
        this.listener = listener;
        this.isClosed = isClosed;
    }

    /** The drift that all passes but each cluster's first have found. */
    Drift allDrift() {
        return allDrift;
    }

    /**
     * Publishes a report. The log line of an incomplete pass comes with its next pause, from {@link #logIncomplete}.
     */
    void publish(ReconcileReport report) {
        if (!report.isFirst()) {
            add(report.drift());
        }
        if (report.isComplete()) {
            logComplete(report);
        }
        if (!isClosed.getAsBoolean()) {
            callListener(report);
        }
    }

    private static void logComplete(ReconcileReport report) {
        if (report.isFirst() || report.drift().equals(Drift.NONE)) {
            LOG.debug("{}", report);
        } else {
            LOG.info("{}", report);
        }
    }

    /**
     * Logs a pass that is not complete. The first time in a row that ECS's own delay may explain it is an expected
     * state, and no warning.
     */
    static void logIncomplete(ReconcileReport report, boolean hasFailed, int inARow, Duration pause) {
        if (hasFailed || report.drift().heldBack() > 0 || inARow > 1) {
            LOG.warn("{}; {} in a row, again in {} ms", report, inARow, pause.toMillis());
        } else {
            LOG.info("{}; again in {} ms", report, pause.toMillis());
        }
    }

    private void callListener(ReconcileReport report) {
        try {
            listener.accept(report);
        } catch (RuntimeException | Error e) {
            LOG.warn("{}: the listener for reports failed", report.clusterArn(), e);
        }
    }

    private synchronized void add(Drift found) {
        allDrift = allDrift.plus(found);
    }
}
