package io.clusterstate.internal.ecs;

import io.clusterstate.internal.loop.Environment;
import io.clusterstate.internal.loop.FailureText;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Measures for how long ECS has left calls unanswered. The measure starts with a call and ends with any successful
 * answer, so neither a mirror without work nor a failure among successes counts.
 *
 * <p>A throttle counts as an answer: ECS was reached, and throttles every mirror of the account alike.
 *
 * <p>Thread: safe for any thread. Blocks: never, except {@link #attempt} for the call.
 */
public final class EcsReach {

    /**
     * An attempt of a call.
     *
     * @param <R> the type of the answer
     */
    @FunctionalInterface
    public interface Attempt<R> {

        /**
         * Calls ECS once.
         *
         * @return the answer
         * @throws InterruptedException if the thread was interrupted
         */
        R call() throws InterruptedException;
    }

    private static final String NONE_FAILED = "none, calls hang";

    private record Start(long nanos, Instant wall) {}

    private final Environment environment;
    private int inFlight;
    /** The first call since the last answer; null if there is none. */
    private @Nullable Start unanswered;

    private String lastFailure = NONE_FAILED;

    /**
     * Creates a measure without calls.
     *
     * @param environment clock and time
     */
    public EcsReach(Environment environment) {
        this.environment = environment;
    }

    /**
     * Makes an attempt of a call, and measures it.
     *
     * @param attempt the attempt
     * @param <R> the answer
     * @return the answer
     * @throws InterruptedException if the thread was interrupted
     */
    public <R> R attempt(Attempt<R> attempt) throws InterruptedException {
        begin();
        boolean isAnswered = false;
        try {
            R answer = attempt.call();
            isAnswered = true;
            return answer;
        } catch (SdkException e) {
            isAnswered = EcsApi.isThrottled(e);
            note(FailureText.of(e));
            throw e;
        } finally {
            end(isAnswered);
        }
    }

    private synchronized void begin() {
        inFlight++;
        if (unanswered == null) {
            unanswered = now();
        }
    }

    private synchronized void note(String failure) {
        lastFailure = failure;
    }

    private synchronized void end(boolean isAnswered) {
        inFlight--;
        if (isAnswered) {
            unanswered = inFlight > 0 ? now() : null;
            lastFailure = NONE_FAILED;
        }
    }

    private Start now() {
        return new Start(environment.time().nanos(), environment.clock().instant());
    }

    /**
     * The time for which ECS has answered no call.
     *
     * @return the time since the first call after the last answer; zero if every call was answered
     */
    public synchronized Duration silence() {
        Start first = unanswered;
        long nanos = first == null ? 0 : environment.time().nanos() - first.nanos();
        return Duration.ofNanos(Math.max(0, nanos));
    }

    /** The silence in words, for people. */
    @Override
    public synchronized String toString() {
        Start first = unanswered;
        return first == null
                ? "ecs client: answered"
                : "ecs client: no answer since " + first.wall().truncatedTo(ChronoUnit.SECONDS) + ", last failure: "
                        + lastFailure;
    }
}
