package io.clusterstate.examples.daemonscheduler;

import io.clusterstate.ChangeListener;
import io.clusterstate.ClusterStateView;
import io.clusterstate.NotReadyException;
import io.clusterstate.ReadPolicy;
import io.clusterstate.StaleViewException;
import io.clusterstate.Subscription;
import io.clusterstate.etcd.Leadership;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Runs a reconciler while this process leads: at each change of the view, and each second for what depends on time.
 * Changes only wake it; it decides by the whole snapshot, so that a missed change does no harm.
 *
 * <p>Thread: safe for any thread.
 */
final class DaemonScheduler implements AutoCloseable {

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(DaemonScheduler.class);

    private final ClusterStateView view;
    private final Leadership leadership;
    private final DaemonReconciler reconciler;
    private final ReadPolicy policy;
    private final Semaphore wakeUps = new Semaphore(0);
    private final Thread thread = new Thread(this::run, "daemon-scheduler");
    private final Subscription subscription;
    private long caughtUpIn;

    /** A scheduler that has begun; it closes none of its parts. */
    DaemonScheduler(ClusterStateView view, Leadership leadership, DaemonReconciler reconciler, ReadPolicy policy) {
        this.view = view;
        this.leadership = leadership;
        this.reconciler = reconciler;
        this.policy = policy;
        this.subscription = view.subscribe(
                ChangeListener.builder().onBatch(batch -> wakeUps.release()).build());
        leadership.onChange(wakeUps::release);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (!Thread.interrupted()) {
                step();
                wakeUps.tryAcquire(LONGEST_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                wakeUps.drainPermits();
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted: ends");
        }
    }

    private void step() throws InterruptedException {
        long term = leadership.term();
        if (term == 0) {
            return;
        }
        try {
            if (term != caughtUpIn) {
                view.awaitCurrent(LIMIT); // no older than the view by which the former leader has acted
                caughtUpIn = term;
            }
            view.read(policy); // or StaleViewException
            reconciler.reconcile(() -> leadership.term() == term);
        } catch (SdkException | StaleViewException | NotReadyException | TimeoutException e) {
            LOG.info("tries again: {}", e.getMessage());
        } catch (
                RuntimeException
                        e) { // as an UnknownClusterException: the loop outlives it, since nobody else would act
            LOG.error("tries again: {}", e.toString(), e);
        }
    }

    /** Ends the scheduler. Blocks: up to 5 seconds, while a call to ECS ends. */
    @Override
    public void close() {
        subscription.cancel();
        thread.interrupt();
        try {
            thread.join(LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
