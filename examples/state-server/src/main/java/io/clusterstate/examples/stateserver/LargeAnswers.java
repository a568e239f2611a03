package io.clusterstate.examples.stateserver;

import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Writes answers that may be larger than a client's network takes at once. Each holds a thread until the client has
 * read it, so there are few at once, and a client that reads too slowly is cut.
 *
 * <p>Thread: safe for any thread.
 */
final class LargeAnswers {

    private final ScheduledExecutorService timer;
    private final String what;
    private final int most;
    private final Duration within;
    private final Semaphore writing;

    /** Writes a body. */
    @FunctionalInterface
    interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Makes a limit for a kind of answers.
     *
     * @param timer cuts slow clients
     * @param what the plural for clients
     * @param most the number at once
     * @param within the limit for reading an answer
     */
    LargeAnswers(ScheduledExecutorService timer, String what, int most, Duration within) {
        this.timer = timer;
        this.what = what;
        this.most = most;
        this.within = within;
        this.writing = new Semaphore(most);
    }

    /** Answers, or refuses with a 503 if there are too many. */
    void write(Context call, Body body) throws IOException {
        if (!writing.tryAcquire()) {
            call.header("Retry-After", "1");
            throw new HttpError(503, "Too many " + what + " are being read (at most " + most + ")");
        }
        HttpServletRequest request = call.req();
        try {
            Future<?> end = timer.schedule(() -> Connections.cut(request), within.toMillis(), TimeUnit.MILLISECONDS);
            try {
                body.writeTo(call.outputStream());
            } finally {
                end.cancel(false);
            }
        } finally {
            writing.release();
        }
    }
}
