package io.clusterstate.sqs;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.LoopStatus.State;
import io.clusterstate.internal.sqs.PollWait;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.MirroredEcs;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.Delivery;
import io.clusterstate.testing.SimulatorFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Clients whose sockets time out before the queue answers, against a real queue server. */
@Execution(ExecutionMode.CONCURRENT)
class PollWaitTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration WAIT = Duration.ofSeconds(7);

    private final SimulatorFixture world =
            new SimulatorFixture(Simulator.builder().clusters(1).tasks(20));

    @AfterEach
    void end() {
        world.close();
    }

    static Stream<SdkHttpClient.Builder<?>> impatientClients() {
        return Stream.of(
                Apache5HttpClient.builder().socketTimeout(TIMEOUT),
                UrlConnectionHttpClient.builder().socketTimeout(TIMEOUT));
    }

    @ParameterizedTest
    @MethodSource("impatientClients")
    void aSocketThatGivesUpBeforeTheQueueAnswersIsRecognisedAtOnce(SdkHttpClient.Builder<?> http) throws Exception {
        try (SqsClient sqs = client(http, world.simulator().sqsEndpoint())) {
            SqsEventSource source =
                    SqsEventSource.of(sqs, world.simulator().queueName()).waitingUpTo(WAIT);
            assertEquals(Optional.empty(), source.problem());

            SdkClientException gaveUp = assertThrows(SdkClientException.class, source::poll);

            assertTrue(gaveUp.getMessage().contains("Read timed out"), gaveUp.getMessage());
            String problem = source.problem().orElseThrow();
            assertTrue(
                    problem.matches(
                            "queue css_queue: the SQS client's socket timeout \\(about [2-7] s\\) is shorter .*"),
                    problem);
            assertEquals(List.of(), borne(source).deliveries(), "a quiet queue");
            world.send("hello");
            assertEquals("hello", next(source));
        }
    }

    @Test
    void aMirrorOfSuchAClientSaysSoAndTakesEventsInFromThenOn() throws Exception {
        try (SqsClient sqs = client(
                        Apache5HttpClient.builder().socketTimeout(TIMEOUT),
                        world.simulator().sqsEndpoint());
                ClusterMirror mirror = ClusterMirror.builder()
                        .ecs(world.ecs())
                        .events(SqsEventSource.of(sqs, world.simulator().queueName())
                                .waitingUpTo(Duration.ofSeconds(3)))
                        .store(new io.clusterstate.spi.contract.ReferenceStore())
                        .closeWithin(Duration.ofSeconds(20))
                        .build()) {
            mirror.start();
            mirror.view().awaitReady(MirroredEcs.LIMIT);
            await(() -> mirror.status().problems().toString().contains("socket timeout (about "));
            await(() -> mirror.status().loops().stream()
                    .noneMatch(loop -> loop.name().startsWith("poll") && loop.state() == State.FAILING));

            Task task = mirror.view().snapshot().tasks().first().orElseThrow();
            world.ecs().stopTask(request -> request.cluster(task.clusterArn()).task(task.taskArn()));

            await(() -> mirror.view()
                    .task(task.taskArn())
                    .filter(seen -> "STOPPED".equals(seen.desiredStatus()))
                    .isPresent());
            assertEquals(1, mirror.status().problems().size(), () -> mirror.status()
                    .problems()
                    .toString());
        }
    }

    /** A host that asks for so little must not ask all the time. */
    @Test
    void aSocketThatBearsNoWaitAtAllIsAskedWithoutOneNowAndThen() throws Exception {
        try (SqsClient sqs = client(
                Apache5HttpClient.builder().socketTimeout(Duration.ofMillis(900)),
                world.simulator().sqsEndpoint())) {
            SqsEventSource source =
                    SqsEventSource.of(sqs, world.simulator().queueName()).waitingUpTo(WAIT);
            assertThrows(SdkClientException.class, source::poll);

            Borne poll = borne(source);

            assertTrue(source.problem().orElseThrow().contains("so that polls wait 0 s"));
            assertEquals(List.of(), poll.deliveries());
            assertTrue(poll.took().compareTo(Duration.ofSeconds(1)) >= 0, "it paused");
            world.send("hello");
            assertEquals("hello", next(source));
        }
    }

    @Test
    void aServerThatHangsLongerThanTheWaitIsNoShortTimeout() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                SqsClient sqs = client(
                        Apache5HttpClient.builder().socketTimeout(TIMEOUT),
                        URI.create("http://127.0.0.1:" + deaf.getLocalPort()))) {
            SqsEventSource source = SqsEventSource.of(sqs, "http://127.0.0.1:" + deaf.getLocalPort() + "/queue")
                    .waitingUpTo(SimulatorFixture.SHORT_WAIT);

            assertThrows(SdkClientException.class, source::poll);

            assertEquals(Optional.empty(), source.problem());
        }
    }

    /** The socket timeout goes for the handshake, too, where it says nothing about the wait. */
    @ParameterizedTest
    @MethodSource("impatientClients")
    void aHandshakeThatIsNotAnsweredIsNoShortTimeout(SdkHttpClient.Builder<?> http) throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                SqsClient sqs = client(http, URI.create("https://127.0.0.1:" + deaf.getLocalPort()))) {
            SqsEventSource source = SqsEventSource.of(sqs, "https://127.0.0.1:" + deaf.getLocalPort() + "/queue")
                    .waitingUpTo(WAIT);

            assertThrows(SdkClientException.class, source::poll);

            assertEquals(Optional.empty(), source.problem());
        }
    }

    @Test
    void onlyAReadThatEndsBeforeTheWaitShortensIt() {
        Duration soon = Duration.ofMillis(3_050);
        assertEquals(WAIT, waitAfter(SdkClientException.create("reset", new IOException("reset")), WAIT, soon));
        assertEquals(WAIT, waitAfter(timeout("Connect timed out"), WAIT, soon));
        assertEquals(WAIT, waitAfter(timeout("Read timed out"), WAIT, Duration.ofMillis(7_500)), "later than the wait");
        assertEquals(
                WAIT, waitAfter(timeout("Read timed out"), Duration.ofSeconds(9), soon), "an earlier, longer wait");

        assertEquals(Duration.ofSeconds(2), waitAfter(timeout("Read timed out"), WAIT, soon));
        assertEquals(Duration.ofSeconds(6), waitAfter(timeout("Read timed out"), WAIT, Duration.ofMillis(7_020)));
        assertEquals(Duration.ZERO, waitAfter(timeout("Read timed out"), WAIT, Duration.ofMillis(300)));
    }

    @Test
    void aWaitThatIsStillTooLongBecomesShorterAgain() {
        PollWait wait = new PollWait("queue q", WAIT);
        wait.failed(timeout("Read timed out"), WAIT, Duration.ofMillis(5_100));
        assertEquals(Duration.ofSeconds(4), wait.next());
        assertEquals(
                Optional.of(
                        "queue q: the SQS client's socket timeout (about 5 s) is shorter than the poll's wait of 7 s, so that"
                                + " polls wait 4 s (expected: a socketTimeout of the HTTP client well above 7 s, or a"
                                + " shorter wait)"),
                wait.problem());

        wait.failed(timeout("Read timed out"), Duration.ofSeconds(4), Duration.ofMillis(4_390));

        assertEquals(Duration.ofSeconds(3), wait.next());
        assertTrue(
                wait.problem().orElseThrow().contains("shorter than the poll's wait of 7 s, so that polls wait 3 s"));
    }

    /** A poll that the socket timeout did not end. */
    private record Borne(List<Delivery> deliveries, Duration took) {}

    /** The first such poll: on a busy machine a timeout seems longer than it is, and the wait shrinks in steps. */
    private static Borne borne(SqsEventSource source) throws InterruptedException {
        for (int polls = 0; polls < 10; polls++) {
            long begun = System.nanoTime();
            try {
                return new Borne(source.poll(), Duration.ofNanos(System.nanoTime() - begun));
            } catch (SdkClientException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("Read timed out"), e.toString());
            }
        }
        throw new AssertionError("10 polls: the socket timed out (expected: shorter waits)");
    }

    /** The queue may have handed it to the poll that was given up, and it comes again then. */
    private static String next(SqsEventSource source) throws InterruptedException {
        for (int polls = 0; polls < 10; polls++) {
            List<Delivery> deliveries = borne(source).deliveries();
            if (!deliveries.isEmpty()) {
                return deliveries.get(0).body();
            }
        }
        throw new AssertionError("10 polls: nothing (expected: a message)");
    }

    private static Duration waitAfter(RuntimeException failure, Duration waited, Duration after) {
        PollWait wait = new PollWait("queue q", WAIT);
        wait.failed(failure, waited, after);
        assertEquals(!wait.next().equals(WAIT), wait.problem().isPresent());
        return wait.next();
    }

    private static SdkClientException timeout(String words) {
        return SdkClientException.create("Unable to execute HTTP request", new SocketTimeoutException(words));
    }

    /** With the SDK's own retries, as hosts have them. */
    private static SqsClient client(SdkHttpClient.Builder<?> http, URI endpoint) {
        return SqsClient.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(endpoint)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .httpClientBuilder(http)
                .build();
    }

    @Test
    void aLongPollThatHangsPastItsWaitIsGivenUp() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                SqsClient sqs = SimulatorFixture.sqs(URI.create("http://127.0.0.1:" + deaf.getLocalPort()))) {
            SqsEventSource source = SqsEventSource.of(sqs, "http://127.0.0.1:" + deaf.getLocalPort() + "/queue")
                    .waitingUpTo(SimulatorFixture.SHORT_WAIT)
                    .answeringWithin(Duration.ofMillis(100));

            SdkClientException hung = assertThrows(SdkClientException.class, source::poll);
            String limit = "(?s).*\\b(1100|2200) millis.*"; // of the try, or of the whole call on a machine that halts
            assertTrue(hung.getMessage().matches(limit), hung.getMessage());
        }
    }
}
