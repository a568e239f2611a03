package io.clusterstate.internal.ecs;

import io.clusterstate.internal.loop.Backoff;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.internal.loop.Loop.Heartbeat;
import io.clusterstate.internal.shape.AwsSdk;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * The door to the ECS API. Every call waits for the budget, has a deadline, is counted, and is retried where that may
 * help. The SDK's own retries are turned off for these calls, since they would draw on the budget unseen.
 *
 * <p>Thread: safe for any thread. Blocks: for the budget, the call and the pauses between attempts.
 */
public final class EcsApi {

    /** The deadline of an attempt, well within the ten seconds of a close, which cannot abort an attempt. */
    private static final Duration ATTEMPT = Duration.ofSeconds(8);
    /** The number of attempts, enough to outlast a failure by chance. */
    private static final int ATTEMPTS = 4;
    /**
     * The number of attempts if ECS throttles. Each halves the pace, so an emptied bucket has filled again before the
     * last.
     */
    private static final int THROTTLED_ATTEMPTS = 8;

    private static final int SERVER_FAULT = 500;

    private static final AwsRequestOverrideConfiguration ONCE = AwsRequestOverrideConfiguration.builder()
            .apiCallAttemptTimeout(ATTEMPT)
            .apiCallTimeout(ATTEMPT)
            .addPlugin(AwsSdk::withoutRetries)
            .build();

    private static final Logger LOG = LoggerFactory.getLogger(EcsApi.class);

    private final EcsClient ecs;
    private final ApiBudget budget;
    private final ApiCounters counters;
    private final Environment environment;
    private final StrictClock stamps;
    private final EcsClock clock;
    private final EcsReach reach;
    private final ServiceEvents serviceEvents;

    /**
     * An answer of ECS with its stamp.
     *
     * @param value the answer
     * @param askedAt the stamp of the answered attempt, taken before it began
     */
    record Stamped<R>(R value, Instant askedAt) {}

    /**
     * Creates the door.
     *
     * @param ecs the host's client; stays open
     * @param budget the budget that paces every call
     * @param counters the counters of every call
     * @param environment clock, time and randomness
     * @param serviceEvents the number of events to keep of each service
     */
    public EcsApi(
            EcsClient ecs,
            ApiBudget budget,
            ApiCounters counters,
            Environment environment,
            ServiceEvents serviceEvents) {
        this.ecs = ecs;
        this.budget = budget;
        this.counters = counters;
        this.environment = environment;
        this.stamps = new StrictClock(environment.clock());
        this.clock = new EcsClock(environment);
        this.reach = new EcsReach(environment);
        this.serviceEvents = serviceEvents;
    }

    /**
     * The configuration of a request that the SDK sends once, with a deadline.
     *
     * @return always the same configuration
     */
    public static AwsRequestOverrideConfiguration once() {
        return ONCE;
    }

    /** The limit on the events of each service. */
    ServiceEvents serviceEvents() {
        return serviceEvents;
    }

    /**
     * ECS's clock, read from the dates of its answers.
     *
     * @return the clock of this door
     */
    public EcsClock clock() {
        return clock;
    }

    /**
     * The time for which ECS has answered none of the calls.
     *
     * @return the measure of this door
     */
    public EcsReach reach() {
        return reach;
    }

    /**
     * Makes the stamps of later answers later than this one.
     *
     * @param stamp a stamp of another process, or of this one before its clock was set back
     */
    public void observe(Instant stamp) {
        stamps.observe(stamp);
    }

    /** Calls ECS. The door's counters and {@code meter} count each attempt; {@code heartbeat} beats before each. */
    <R> Stamped<R> call(
            String operation,
            ApiBudget.Category category,
            ApiCounters meter,
            Heartbeat heartbeat,
            Function<EcsClient, R> call)
            throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            heartbeat.beat();
            budget.await(category);
            heartbeat.beat();
            counters.called(operation);
            meter.called(operation);
            try {
                Instant askedAt = stamps.instant();
                R answer = reach.attempt(() -> interruptibly(() -> call.apply(ecs)));
                clock.answered(answer);
                return new Stamped<>(answer, askedAt);
            } catch (SdkException e) {
                boolean isThrottled = isThrottled(e);
                if (isThrottled) {
                    counters.throttled(operation);
                    meter.throttled(operation);
                    budget.throttled(category);
                }
                if (attempt >= attemptsFor(e, isThrottled)) {
                    throw e;
                }
                LOG.debug("{}: attempt {} failed: {}", operation, attempt, e.toString());
                environment.time().pause(Backoff.pause(attempt, environment.random()));
            }
        }
    }

    private static <R> R interruptibly(Supplier<R> call) throws InterruptedException {
        try {
            return call.get();
        } catch (SdkException e) { // without an interrupt, an AbortedException is a failure like any other
            if (Thread.interrupted()) {
                throw (InterruptedException) new InterruptedException("call of the ECS API").initCause(e);
            }
            throw e;
        }
    }

    /**
     * Whether ECS throttled the call.
     *
     * @param failure the exception of a call
     * @return true if the bucket of the operation is empty
     */
    public static boolean isThrottled(SdkException failure) {
        return failure instanceof AwsServiceException answer && answer.isThrottlingException();
    }

    /**
     * Whether ECS denied access because the caller lacks a right. Expired credentials do not count.
     *
     * @param failure the exception of a call
     * @return true for AccessDenied and its variants
     */
    public static boolean isDenied(Throwable failure) {
        return failure instanceof AwsServiceException refusal
                && refusal.awsErrorDetails() != null
                && refusal.awsErrorDetails().errorCode() != null
                && refusal.awsErrorDetails().errorCode().startsWith("AccessDenied");
    }

    /**
     * Whether a failure may pass by itself: an outage, a broken connection, a throttle.
     *
     * @param failure the exception of a call
     * @return true if another attempt may succeed
     */
    public static boolean mayPass(SdkException failure) {
        return isThrottled(failure)
                || failure instanceof SdkClientException
                || failure.retryable()
                || (failure instanceof AwsServiceException answer && answer.statusCode() >= SERVER_FAULT);
    }

    private static int attemptsFor(SdkException failure, boolean isThrottled) {
        if (isThrottled) {
            return THROTTLED_ATTEMPTS;
        }
        return mayPass(failure) ? ATTEMPTS : 1;
    }
}
