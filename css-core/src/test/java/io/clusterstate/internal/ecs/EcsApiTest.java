package io.clusterstate.internal.ecs;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.internal.loop.Environment;
import io.clusterstate.internal.loop.MonotonicTime;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;

class EcsApiTest {

    private static final String LIST = "ListClusters";

    private final Simulator simulator = started();
    private final EcsClient retrying = EcsClient.builder()
            .endpointOverride(simulator.ecsEndpoint())
            .region(Region.US_EAST_1)
            .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("simulated", "simulated")))
            .httpClientBuilder(Apache5HttpClient.builder())
            .build();
    private final TestTime time = new TestTime();
    private final ApiCounters counters = new ApiCounters();
    private final ApiCounters meter = new ApiCounters();

    @AfterEach
    void end() {
        retrying.close();
        simulator.close();
    }

    @Test
    void aCallThatIsAnsweredIsCountedOnce() throws InterruptedException {
        assertEquals(1, list().clusterArns().size());

        assertCalls(1, 0);
    }

    @Test
    void aThrottledCallIsTriedAgainHereAndNotUnseenByTheSdk() throws InterruptedException {
        simulator.faults().failNext(LIST, 1, "ThrottlingException");

        assertEquals(1, list().clusterArns().size());

        assertCalls(2, 1);
    }

    @Test
    void aThrottledCallSlowsTheBudget() throws InterruptedException {
        simulator.faults().failNext(LIST, 1, "ThrottlingException");
        ApiBudget budget = new ApiBudget(1, time);

        list(api(budget, time));

        assertTrue(time.nanos() > 0);
        assertTrue(!budget.hasSpare(ApiBudget.Category.CLUSTER));
        assertTrue(budget.hasSpare(ApiBudget.Category.SERVICE));
    }

    @Test
    void throttlingIsBorneLongerThanOtherFailures() {
        simulator.faults().failNext(LIST, 100, "ThrottlingException");

        EcsException failure = assertThrows(EcsException.class, this::list);

        assertTrue(failure.isThrottlingException());
        assertCalls(8, 8);
    }

    @Test
    void aRefusalIsNotTriedAgain() {
        simulator.faults().failNext(LIST, 1, "AccessDeniedException");

        assertThrows(EcsException.class, this::list);

        assertCalls(1, 0);
    }

    @Test
    void aFailureOfTheServerIsTriedUpToFourTimes() {
        simulator.faults().failNext(LIST, 100);

        EcsException failure = assertThrows(EcsException.class, this::list);

        assertEquals(500, failure.statusCode());
        assertCalls(4, 0);
    }

    @Test
    void theFourthAttemptMaySucceed() throws InterruptedException {
        simulator.faults().failNext(LIST, 3);

        assertEquals(1, list().clusterArns().size());

        assertCalls(4, 0);
    }

    @Test
    void anAnswerIsStampedWithTheAttemptThatItAnswers() throws InterruptedException {
        simulator.faults().failNext(LIST, 2, "ThrottlingException");
        AtomicReference<Instant> lastPauseOver = new AtomicReference<>();
        MonotonicTime pausing = new MonotonicTime() {
            @Override
            public long nanos() {
                return time.nanos();
            }

            @Override
            public void pause(Duration pause) throws InterruptedException {
                time.pause(pause.plusSeconds(1));
                lastPauseOver.set(time.instant());
            }
        };

        Instant askedAt = stamped(api(new ApiBudget(1, pausing), pausing)).askedAt();

        assertEquals(lastPauseOver.get(), askedAt);
        assertTrue(askedAt.isAfter(TestTime.START.plusSeconds(1)));
    }

    @Test
    void laterStampsAreLaterThanAnyThatWasSeen() throws InterruptedException {
        EcsApi api = api(new ApiBudget(1, time), time);
        Instant ofAHostAhead = time.instant().plus(Duration.ofHours(6));

        api.observe(ofAHostAhead);

        assertTrue(stamped(api).askedAt().isAfter(ofAHostAhead));
    }

    @Test
    void anInterruptEndsACallUnderWay() throws InterruptedException {
        simulator.faults().delayResponses(Duration.ofSeconds(5));
        FutureTask<ListClustersResponse> call = new FutureTask<>(this::list);
        Thread caller = new Thread(call);
        caller.start();
        await(() -> simulator.calls().containsKey(LIST));

        caller.interrupt();
        simulator.faults().delayResponses(Duration.ZERO); // since a read from a socket heeds no interrupt

        ExecutionException failure = assertThrows(ExecutionException.class, call::get);
        assertEquals(InterruptedException.class, failure.getCause().getClass());
        assertEquals(1, counters.allCalls());
    }

    @Test
    void anInterruptEndsAPauseBetweenAttempts() {
        simulator.faults().failNext(LIST, 1);
        MonotonicTime interrupting = new MonotonicTime() {
            @Override
            public long nanos() {
                return time.nanos();
            }

            @Override
            public void pause(Duration pause) throws InterruptedException {
                Thread.currentThread().interrupt();
                time.pause(pause);
            }
        };

        assertThrows(InterruptedException.class, () -> list(api(new ApiBudget(1, interrupting), interrupting)));

        assertCalls(1, 0);
    }

    @Test
    void anAbortWithoutAnInterruptIsAFailureLikeAnyOther() {
        AtomicInteger calls = new AtomicInteger();
        EcsApi api = api(aborting(calls));

        assertThrows(AbortedException.class, () -> list(api));

        assertEquals(4, calls.get());
        assertTrue(time.nanos() > 0, "pauses between the attempts");
    }

    @Test
    void anAbortByAnInterruptEndsTheCall() {
        AtomicInteger calls = new AtomicInteger();
        EcsApi api = api(aborting(calls));
        Thread.currentThread().interrupt();

        assertThrows(InterruptedException.class, () -> list(api));

        assertEquals(1, calls.get());
        assertFalse(Thread.interrupted());
    }

    /** A client as a host may bring it: another's HTTP client, or an interceptor. */
    private static EcsClient aborting(AtomicInteger calls) {
        return new EcsClient() {
            @Override
            public ListClustersResponse listClusters(ListClustersRequest request) {
                calls.incrementAndGet();
                throw AbortedException.create("aborted");
            }

            @Override
            public String serviceName() {
                return "ecs";
            }

            @Override
            public void close() {}
        };
    }

    private EcsApi api(EcsClient client) {
        return new EcsApi(
                client,
                new ApiBudget(1, new TestTime()),
                counters,
                new Environment(time, time, Thread::new, new Random(1)),
                new ServiceEvents(10));
    }

    private ListClustersResponse list() throws InterruptedException {
        return list(api(new ApiBudget(1, time), time));
    }

    private ListClustersResponse list(EcsApi api) throws InterruptedException {
        return stamped(api).value();
    }

    private EcsApi.Stamped<ListClustersResponse> stamped(EcsApi api) throws InterruptedException {
        return api.call(
                LIST,
                ApiBudget.Category.CLUSTER,
                meter,
                () -> {},
                ecs -> ecs.listClusters(request -> request.overrideConfiguration(EcsApi.once())));
    }

    private EcsApi api(ApiBudget budget, MonotonicTime monotonic) {
        return new EcsApi(
                retrying,
                budget,
                counters,
                new Environment(time, monotonic, Thread::new, new Random(1)),
                new ServiceEvents(10));
    }

    private void assertCalls(long calls, long throttled) {
        assertEquals(Map.of(LIST, calls), simulator.calls());
        assertEquals(Map.of(LIST, calls), counters.calls());
        assertEquals(Map.of(LIST, calls), meter.calls());
        assertEquals(throttled, counters.allThrottled());
        assertEquals(throttled, meter.allThrottled());
        assertEquals(throttled, simulator.throttled().getOrDefault(LIST, 0L));
    }

    private static Simulator started() {
        Simulator simulator =
                Simulator.builder().seed(1).clusters(1).tasks(0).withoutSqs().build();
        simulator.start();
        return simulator;
    }
}
