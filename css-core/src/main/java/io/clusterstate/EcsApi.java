package io.clusterstate;

import io.clusterstate.internal.loop.Backoff;
import io.clusterstate.internal.loop.Loop.Heart;
import io.clusterstate.internal.loop.Surroundings;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkServiceClientConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * The one door to the ECS API: every call waits for the budget, has a deadline, is counted, and is tried again where that
 * may help. The SDK's own retries are turned off for these calls, since they would draw on the budget unseen.
 *
 * <p>Thread: safe for any thread. Blocks: for the budget, the call and the pauses between attempts.
 */
final class EcsApi {

    /** Well within the ten seconds that close may take: an answer under way cannot be given up from outside. */
    private static final Duration ATTEMPT = Duration.ofSeconds(8);
    /** A failure that chance explains is gone by then. */
    private static final int ATTEMPTS = 4;
    /** Each halves the pace, so that the last comes when an emptied bucket has filled again. */
    private static final int THROTTLED_ATTEMPTS = 8;

    private static final int SERVER_FAULT = 500;

    private static final AwsRequestOverrideConfiguration ONCE = AwsRequestOverrideConfiguration.builder()
            .apiCallAttemptTimeout(ATTEMPT)
            .apiCallTimeout(ATTEMPT)
            .addPlugin(EcsApi::withoutRetries)
            .build();

    private static final Logger LOG = LoggerFactory.getLogger(EcsApi.class);

    private final EcsClient ecs;
    private final ApiBudget budget;
    private final ApiTally tally;
    private final Surroundings surroundings;
    private final StrictClock stamps;
    private final EcsClock clock;
    private final ServiceEvents serviceEvents;

    /**
     * An answer of ECS.
     *
     * @param value the answer
     * @param askedAt the stamp of the attempt that was answered, taken before it began
     */
    record Stamped<R>(R value, Instant askedAt) {}

    EcsApi(EcsClient ecs, ApiBudget budget, ApiTally tally, Surroundings surroundings, ServiceEvents serviceEvents) {
        this.ecs = ecs;
        this.budget = budget;
        this.tally = tally;
        this.surroundings = surroundings;
        this.stamps = new StrictClock(surroundings.clock());
        this.clock = new EcsClock(surroundings);
        this.serviceEvents = serviceEvents;
    }

    /** What a request has to carry, so that it is sent once and for a limited time. */
    static AwsRequestOverrideConfiguration once() {
        return ONCE;
    }

    ApiBudget budget() {
        return budget;
    }

    /** How much is taken of what ECS reports of services. */
    ServiceEvents serviceEvents() {
        return serviceEvents;
    }

    /** By what ECS's own clock is told from this host's. */
    EcsClock clock() {
        return clock;
    }

    /** Makes the stamps of later answers later than this one. */
    void observe(Instant stamp) {
        stamps.observe(stamp);
    }

    /** Counts all calls, and {@code meter} those that it is given with; {@code heart} beats before each attempt. */
    <R> Stamped<R> call(
            String operation, ApiBudget.Category category, ApiTally meter, Heart heart, Function<EcsClient, R> call)
            throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            heart.beat();
            budget.await(category);
            heart.beat();
            tally.called(operation);
            meter.called(operation);
            try {
                Instant askedAt = stamps.instant();
                R answer = interruptibly(() -> call.apply(ecs));
                clock.answered(answer);
                return new Stamped<>(answer, askedAt);
            } catch (SdkException e) {
                boolean isThrottled = isThrottled(e);
                if (isThrottled) {
                    tally.throttled(operation);
                    meter.throttled(operation);
                    budget.throttled(category);
                }
                if (attempt >= attemptsFor(e, isThrottled)) {
                    throw e;
                }
                LOG.debug("{}: attempt {} failed: {}", operation, attempt, e.toString());
                surroundings.time().pause(Backoff.pause(attempt, surroundings.random()));
            }
        }
    }

    private static <R> R interruptibly(Supplier<R> call) throws InterruptedException {
        try {
            return call.get();
        } catch (SdkException e) { // an AbortedException without an interrupt is a failure like any other
            if (Thread.interrupted()) {
                throw (InterruptedException) new InterruptedException("call of ECS").initCause(e);
            }
            throw e;
        }
    }

    private static boolean isThrottled(SdkException failure) {
        return failure instanceof AwsServiceException answer && answer.isThrottlingException();
    }

    /** Whether a failure is ECS's word that the caller lacks a right; expired credentials are no such thing. */
    static boolean isDenied(Throwable failure) {
        return failure instanceof AwsServiceException refusal
                && refusal.awsErrorDetails() != null
                && refusal.awsErrorDetails().errorCode() != null
                && refusal.awsErrorDetails().errorCode().startsWith("AccessDenied");
    }

    /** Whether a failure may pass by itself: an outage, a broken connection, a throttle. */
    static boolean mayPass(SdkException failure) {
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

    /** Turns off the SDK's retries for the request that carries this. */
    static void withoutRetries(SdkServiceClientConfiguration.Builder client) {
        client.overrideConfiguration(
                client.overrideConfiguration().copy(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry())));
    }
}
