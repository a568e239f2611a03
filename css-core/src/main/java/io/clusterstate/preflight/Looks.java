package io.clusterstate.preflight;

import io.clusterstate.internal.loop.Environment;
import io.clusterstate.internal.loop.FailureText;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The threads of a run. A client that ignores its timeouts cannot hold the caller. */
final class Looks {

    private final Findings findings;
    private final Work work;
    private volatile @Nullable Thread beside;
    private volatile @Nullable String failure;

    /** The work of a run. */
    interface Work {
        void run(Looks looks) throws InterruptedException;
    }

    private interface Step {
        void run() throws InterruptedException;
    }

    Looks(Findings findings, Work work) {
        this.findings = findings;
        this.work = work;
    }

    Findings findings() {
        return findings;
    }

    /** The reason why the work ended early; empty if it did not. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    void runWithin(Duration limit) throws InterruptedException {
        Thread main = Environment.daemon(() -> guarded(() -> {
            work.run(this);
            Thread other = beside;
            if (other != null) {
                other.join();
            }
        }));
        main.setName("css-preflight");
        main.start();
        try {
            main.join(Math.max(1, limit.toMillis())); // join(0) would wait for ever
        } finally {
            main.interrupt();
            Thread other = beside;
            if (other != null) {
                other.interrupt();
            }
        }
    }

    /** Runs a look on a thread of its own; the work ends when both have. */
    void meanwhile(Runnable look) {
        Thread thread = Environment.daemon(() -> guarded(look::run));
        thread.setName("css-preflight-poll");
        beside = thread;
        thread.start();
    }

    /** Keeps the failure of a step, so that a report says why checks are unknown. */
    @SuppressWarnings("IllegalCatch") // whatever a client throws, the report shows it
    private void guarded(Step step) {
        try {
            step.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | LinkageError e) {
            failure = FailureText.of(e);
        }
    }
}
