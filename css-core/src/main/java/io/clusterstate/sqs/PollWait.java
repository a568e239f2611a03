package io.clusterstate.sqs;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a poll waits. A client whose socket gives up before the queue would answer fails at every poll that finds
 * nothing, and what the queue hands to the abandoned poll comes only after its visibility timeout. So the wait becomes
 * shorter than what the socket bears, and stays so.
 *
 * <p>Thread: safe for any thread.
 */
final class PollWait {

    /** How much later than its wait a poll is answered, on its way there and back. */
    private static final Duration WAY = Duration.ofMillis(400);

    private static final Logger LOG = LoggerFactory.getLogger(PollWait.class);

    private final String source;
    private final Duration asked;
    private Duration wait;
    private @Nullable String problem;

    /** A wait as long as is asked, of the polls of a source. */
    PollWait(String source, Duration asked) {
        this.source = source;
        this.asked = asked;
        this.wait = asked;
    }

    /** For the next poll; in whole seconds. */
    synchronized Duration next() {
        return wait;
    }

    /** Why polls wait less than asked; empty if they do not. */
    synchronized Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** A poll with this wait has failed after so long. */
    synchronized void failed(RuntimeException failure, Duration waited, Duration after) {
        boolean isTooSoon = after.compareTo(waited.plus(WAY)) < 0;
        if (isTooSoon && waited.equals(wait) && !wait.isZero() && gaveUpReading(failure)) {
            Duration borne = after.minus(WAY);
            wait = Duration.ofSeconds(Math.min(Math.max(0, borne.toSeconds()), wait.toSeconds() - 1));
            problem = source + ": the SQS client's socket timeout (about " + Math.round(after.toMillis() / 1e3)
                    + " s) is below the poll's wait of " + asked.toSeconds() + " s, so that polls wait "
                    + wait.toSeconds() + " s (expected: a socketTimeout of the HTTP client well above "
                    + asked.toSeconds() + " s, or a shorter wait)";
            LOG.warn("{}", problem);
        }
    }

    /** Whether the request was sent and its answer not waited for. To give up connecting is another matter. */
    private static boolean gaveUpReading(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof SocketTimeoutException timeout) {
                return !isAboutConnecting(timeout);
            }
        }
        return false;
    }

    private static boolean isAboutConnecting(SocketTimeoutException timeout) {
        return timeout.getClass().getSimpleName().startsWith("Connect")
                || String.valueOf(timeout.getMessage()).contains("onnect timed out")
                || Arrays.stream(timeout.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().contains("andshake"));
    }
}
