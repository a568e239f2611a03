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
     * A publisher without reports.
     *
     * @param isClosed whether the mirror is closed; then the listener receives no more calls
     */
    ReconcileReports(Consumer<ReconcileReport> listener, BooleanSupplier isClosed) {
        this.listener = listener;
        this.isClosed = isClosed;
    }

    /** The sum of the drift of all passes, without the first of each cluster. */
    Drift allDrift() {
        return allDrift;
    }

    /** Publishes a report. {@link #logIncomplete} logs an incomplete pass, together with the next pause. */
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

    /** Logs an incomplete pass: at INFO if it is the first in a row and the API's lag may explain it, else at WARN. */
    static void logIncomplete(ReconcileReport report, boolean isOnlyLag, int inARow, Duration pause) {
        if (!isOnlyLag || inARow > 1) {
            LOG.warn("{}; incomplete {} times in a row, next pass in {} ms", report, inARow, pause.toMillis());
        } else {
            LOG.info("{}; next pass in {} ms", report, pause.toMillis());
        }
    }

    private void callListener(ReconcileReport report) {
        try {
            listener.accept(report);
        } catch (RuntimeException | Error e) {
            LOG.warn("{}: the listener of reports failed", report.clusterArn(), e);
        }
    }

    private synchronized void add(Drift found) {
        allDrift = allDrift.plus(found);
    }
}
