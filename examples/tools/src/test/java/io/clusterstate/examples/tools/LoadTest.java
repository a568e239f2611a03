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

/** The parts of the load trial, against a server that misbehaves as told. */
class LoadTest {

    private static final String ARN = "arn:aws:ecs:eu-west-1:123456789012:task/prod/t1";

    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch isStuck = new CountDownLatch(1);
    private volatile int status = 200;
    private volatile boolean sticks;
    private final Javalin server = Javalin.create(config -> {
                config.startup.showJavalinBanner = false;
                config.startup.startupWatcherEnabled = false;
                config.routes.before(call -> asked.incrementAndGet());
                config.routes.get("/v1/tasks", call -> {
                    if (sticks) {
                        isStuck.await(10, TimeUnit.SECONDS);
                    }
                    call.status(status);
                });
                config.routes.get("/v1/tasks/<id>", call -> call.status(status));
                config.routes.get("/v1/stream/tasks", call -> call.result("{}\n"));
                config.routes.get("/v1/events", call -> call.result("event: reset\ndata: {}\n\n"));
            })
            .start("127.0.0.1", 0);
    private final String url = "http://127.0.0.1:" + server.port();

    @AfterEach
    void stop() {
        isStuck.countDown();
        server.stop();
    }

    @Test
    void timesAreToldByTheirPercentiles() {
        Times times = new Times();
        for (int i = 1_000; i > 0; i--) {
            times.add(TimeUnit.MILLISECONDS.toNanos(i));
        }

        assertEquals("1,000 answers, p50 500.0 ms, p99 990.0 ms, p99.9 999.0 ms, most 1000.0 ms", times.words());
    }

    @Test
    void allRequestsAreSentAndAnswered() throws Exception {
        Requests requests = new Requests(url, List.of(ARN), 50);

        Requests.Answers answers = requests.run(Duration.ofSeconds(1));

        assertEquals(50, asked.get());
        assertTrue(answers.one().words().startsWith("40 answers"), answers.one().words());
        assertTrue(
                answers.list().words().startsWith("10 answers"), answers.list().words());
        assertEquals(List.of(), requests.failures());
    }

    /** A server that stands still is asked all the same. */
    @Test
    void requestsDoNotWaitForThoseBefore() throws Exception {
        sticks = true;
        Requests requests = new Requests(url, List.of(ARN), 50);
        Thread release = new Thread(() -> {
            while (asked.get() < 50) {
                Thread.onSpinWait();
            }
            isStuck.countDown();
        });
        release.start();

        requests.run(Duration.ofSeconds(1));

        release.join();
        assertEquals(List.of(), requests.failures());
    }

    @Test
    void answersOfAServerThatFailsAreFailures() throws Exception {
        status = 500;
        Requests requests = new Requests(url, List.of(ARN), 10);

        requests.run(Duration.ofSeconds(1));

        assertEquals(10, requests.failures().size());
        assertTrue(
                requests.failures().get(0).contains(": 500 "),
                requests.failures().get(0));
    }

    @Test
    void aTaskThatIsGoneIsNoFailure() throws Exception {
        status = 404;
        Requests requests = new Requests(url, List.of(ARN), 10);

        requests.run(Duration.ofSeconds(1));

        assertEquals(List.of(), requests.failures());
    }

    @Test
    void aStreamThatEndsOrIsResetIsAFailure() throws Exception {
        try (Followers followers = new Followers(url, 2)) {
            while (followers.failures().size() < 3) {
                TimeUnit.MILLISECONDS.sleep(5);
            }

            assertEquals(
                    List.of(
                            url + "/v1/events: ended",
                            url + "/v1/events: reset or ended",
                            url + "/v1/stream/tasks: ended"),
                    followers.failures().stream().sorted().toList());
        }
    }

    @Test
    void anOptionWithoutSenseIsRefused() {
        StringWriter err = new StringWriter();

        int code = LoadTrial.commandLine().setErr(new PrintWriter(err, true)).execute("--rate=0");

        assertEquals(2, code);
        assertTrue(err.toString().startsWith("--rate: 0 (expected: at least 1)"), err.toString());
    }

    @Test
    void theHeapIsTheSumOfItsPools() {
        String metrics =
                """
                jvm_memory_used_bytes{area="heap",id="G1 Eden Space"} 1.5E8
                jvm_memory_used_bytes{area="heap",id="G1 Old Gen"} 5.0E7
                jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 9.0E7
                """;

        assertEquals(2.0e8, HeapCurve.sumIn(metrics));
    }
}
