package io.clusterstate.examples.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javalin.Javalin;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The parts of the load trial, against a server that misbehaves as told. */
@Timeout(300)
class LoadTest {

    /** So many requests a second in these tests; a fifth of them for lists. */
    private static final int ALL = 50;

    private static final String ARN = "arn:aws:ecs:eu-west-1:123456789012:task/prod/t1";

    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch allAsked = new CountDownLatch(ALL);
    private final AtomicInteger heldInVain = new AtomicInteger();
    private volatile int status = 200;
    private volatile boolean holds;
    private final Javalin server = Javalin.create(config -> {
                config.startup.showJavalinBanner = false;
                config.startup.startupWatcherEnabled = false;
                config.routes.before("/v1/tasks*", call -> {
                    asked.incrementAndGet();
                    allAsked.countDown();
                });
                config.routes.get("/v1/tasks", call -> {
                    if (holds && !allAsked.await(15, TimeUnit.SECONDS)) {
                        heldInVain.incrementAndGet();
                    }
                    call.status(status);
                });
                config.routes.get("/v1/tasks/<id>", call -> call.status(status));
                config.routes.get("/v1/stream/tasks", call -> call.result("{}\n"));
                config.routes.get("/v1/events", call -> call.result("event: reset\ndata: {}\n\n"));
                config.routes.get("/full/v1/stream/tasks", call -> call.status(503));
            })
            .start("127.0.0.1", 0);
    private final String url = "http://127.0.0.1:" + server.port();

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void timesAreToldByTheirPercentiles() {
        Latencies times = new Latencies();
        for (int i = 1_000; i > 0; i--) {
            times.add(TimeUnit.MILLISECONDS.toNanos(i));
        }

        assertEquals("1,000 answers, p50 500.0 ms, p99 990.0 ms, p99.9 999.0 ms, most 1000.0 ms", times.words());
    }

    @Test
    void allRequestsAreSentAndAnswered() throws Exception {
        RequestLoad load = new RequestLoad(url, List.of(ARN), ALL);

        RequestLoad.Answers answers = load.run(Duration.ofSeconds(1));

        assertEquals(ALL, asked.get());
        assertTrue(answers.one().words().startsWith("40 answers"), answers.one().words());
        assertTrue(
                answers.list().words().startsWith("10 answers"), answers.list().words());
        assertEquals(List.of(), load.failures());
    }

    /** A server that answers some requests only when it has got all is asked all the same. */
    @Test
    void requestsDoNotWaitForThoseBefore() throws Exception {
        holds = true;
        RequestLoad load = new RequestLoad(url, List.of(ARN), ALL);

        load.run(Duration.ofSeconds(1));

        assertEquals(ALL, asked.get());
        assertEquals(0, heldInVain.get());
        assertEquals(List.of(), load.failures());
    }

    @Test
    void whatIsNotAnsweredAsItShouldBeIsAFailureAndHasNoTime() throws Exception {
        status = 404;
        RequestLoad load = new RequestLoad(url, List.of(ARN), 10);

        RequestLoad.Answers answers = load.run(Duration.ofSeconds(1));

        assertEquals(10, load.failures().size());
        assertTrue(load.failures().get(0).contains(": 404 "), load.failures().get(0));
        assertTrue(answers.one().words().startsWith("0 answers"), answers.one().words());
    }

    @Test
    void aStreamThatEndsOrIsResetIsAFailure() throws Exception {
        try (StreamReaders readers = new StreamReaders(url, 2)) {
            awaitFailures(readers, 2);

            assertEquals(
                    List.of(url + "/v1/events: reset or ended", url + "/v1/stream/tasks: ended"),
                    readers.failures().stream().sorted().toList());
        }
    }

    @Test
    void aStreamThatIsRefusedIsAFailureAndNotOpen() throws Exception {
        try (StreamReaders readers = new StreamReaders(url + "/full", 1)) {
            awaitFailures(readers, 1);

            assertTrue(
                    readers.failures().get(0).contains("503 (expected: 200)"),
                    readers.failures().get(0));
            assertEquals(0, readers.open());
        }
    }

    private static void awaitFailures(StreamReaders readers, int count) throws InterruptedException {
        while (readers.failures().size() < count) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Test
    void processorTimeIsAShareOfTheTimeThatPassed() {
        Duration second = Duration.ofSeconds(1);
        ServerUnderLoad.Spent before = new ServerUnderLoad.Spent(0, second, second, second);
        ServerUnderLoad.Spent after = new ServerUnderLoad.Spent(
                Duration.ofSeconds(10).toNanos(), Duration.ofSeconds(6), Duration.ofSeconds(2), second);

        assertEquals("server 50 %, simulated ECS 10 %, this load 0 %", after.since(before));
    }

    @Test
    void theHeapIsToldByTheLeastOfEachTenth() {
        HeapUse curve = new HeapUse(url);
        for (int i = 0; i < 20; i++) {
            curve.add((100 + 10 * i) * (double) (1 << 20));
        }

        assertEquals("100 120 140 160 180 200 220 240 260 280 MB; highest at any time: 290 MB", curve.words());
    }

    @Test
    void anOptionWithoutSenseIsRefused() {
        StringWriter err = new StringWriter();

        int code = LoadTool.commandLine().setErr(new PrintWriter(err, true)).execute("--rate=0");

        assertEquals(2, code);
        assertTrue(err.toString().startsWith("load: --rate: 0 (expected: at least 1)"), err.toString());
    }

    @Test
    void theHeapIsTheSumOfItsPools() {
        String metrics =
                """
                jvm_memory_used_bytes{area="heap",id="G1 Eden Space"} 1.5E8
                jvm_memory_used_bytes{area="heap",id="G1 Old Gen"} 5.0E7
                jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 9.0E7
                """;

        assertEquals(2.0e8, HeapUse.sumIn(metrics));
    }
}
