package io.clusterstate.internal.sqs;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wait of each poll. A client whose socket times out before the queue answers fails at every empty poll, and
 * messages handed to the abandoned poll come only after their visibility timeout. The wait therefore shrinks below the
 * socket timeout, and stays there.
 *
 * <p>Thread: safe for any thread.
 */
public final class PollWait {

    /** The time that a request and its answer spend on the network. */
    private static final Duration ROUND_TRIP = Duration.ofMillis(400);

    private static final Logger LOG = LoggerFactory.getLogger(PollWait.class);

    private final String source;
    private final Duration asked;
    private Duration wait;
    private @Nullable String problem;

    /**
     * Creates a wait of the requested length.
     *
     * @param source the source of the polls, for messages
     * @param asked the wait, in whole seconds
     */
    public PollWait(String source, Duration asked) {
        this.source = source;
        this.asked = asked;
        this.wait = asked;
    }

    /**
     * The wait of the next poll.
     *
     * @return whole seconds
     */
    public synchronized Duration next() {
        return wait;
    }

    /**
     * The reason why polls wait less than requested.
     *
     * @return one sentence; empty if they do not
     */
    public synchronized Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /**
     * Notes that a poll failed.
     *
     * @param failure the client's exception
     * @param waited the wait of the poll
     * @param after the time from the poll's start to its failure
     */
    public synchronized void failed(RuntimeException failure, Duration waited, Duration after) {
        boolean isTooSoon = after.compareTo(waited.plus(ROUND_TRIP)) < 0;
        if (isTooSoon && waited.equals(wait) && !wait.isZero() && gaveUpReading(failure)) {
            Duration borne = after.minus(ROUND_TRIP);
            wait = Duration.ofSeconds(Math.min(Math.max(0, borne.toSeconds()), wait.toSeconds() - 1));
            problem = source + ": the SQS client's socket timeout (about " + Math.round(after.toMillis() / 1e3)
                    + " s) is shorter than the poll's wait of " + asked.toSeconds() + " s, so that polls wait "
                    + wait.toSeconds() + " s (expected: a socketTimeout of the HTTP client well above "
                    + asked.toSeconds() + " s, or a shorter wait)";
            LOG.warn("{}", problem);
        }
    }

    /**
     * Whether the socket timed out while the client waited for the answer. A timeout while connecting does not count.
     *
     * @param failure the client's exception
     * @return true if the answer came too late for the client
     */
    public static boolean gaveUpReading(Throwable failure) {
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
