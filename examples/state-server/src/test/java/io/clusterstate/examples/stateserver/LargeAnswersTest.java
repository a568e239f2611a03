package io.clusterstate.examples.stateserver;

import static io.clusterstate.testing.Entities.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.Task;

/** Clients that read a large answer slowly keep others waiting for a limited time. */
@Timeout(300)
class LargeAnswersTest {

    private static final int TASKS = 2_000;
    private static final int SMALL_BUFFER = 4_096;

    private final Held held = new Held();

    @AfterEach
    void stop() {
        held.close();
    }

    @ParameterizedTest
    @CsvSource({"/v1/tasks, 32, lists", "/v1/prometheus-sd?port=80, 4, lists of targets"})
    void clientsThatDoNotReadAreCut(String path, int most, String what) throws Exception {
        putTasks();
        List<Socket> idle = new ArrayList<>();
        try (Rest rest = Rest.of(held, options -> options.answersWithin = Duration.ofSeconds(12))) {
            for (int i = 0; i < most; i++) {
                idle.add(beginTo(rest, path));
            }
            HttpResponse<String> refused = rest.get(path);
            assertEquals(503, refused.statusCode());
            assertEquals("Too many " + what + " are being read (at most " + most + ")", refused.body());

            Await.await(Duration.ofSeconds(27), () -> status(rest, path) == 200); // Jetty itself would wait 30 s
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    /** A busy server begins thousands of answers a second. */
    @Test
    void theTimerForgetsTheLimitOfAnAnswerThatIsWritten() {
        ScheduledThreadPoolExecutor timer = HttpServer.timer();
        try {
            Future<?> limit = timer.schedule(() -> {}, 1, TimeUnit.DAYS);
            limit.cancel(false);

            assertTrue(timer.getQueue().isEmpty());
        } finally {
            timer.shutdownNow();
        }
    }

    /** Asks, and reads the first byte only. */
    private static Socket beginTo(Rest rest, String path) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(SMALL_BUFFER);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), rest.port()));
        RawHttp.send(socket, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertEquals('H', socket.getInputStream().read());
        return socket;
    }

    private static int status(Rest rest, String path) {
        try {
            return rest.get(path).statusCode();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Tasks whose lists are larger than the buffers of a connection. */
    private void putTasks() {
        String group = "service:" + "x".repeat(4_000);
        for (int i = 0; i < TASKS; i++) {
            held.put(running("t" + i, group));
        }
    }

    private static Task running(String id, String group) {
        return task("prod", id, task -> task.lastStatus("RUNNING")
                .desiredStatus("RUNNING")
                .group(group)
                .containers(Container.builder().name("app").build())
                .attachments(Attachment.builder()
                        .type("ElasticNetworkInterface")
                        .status("ATTACHED")
                        .details(KeyValuePair.builder()
                                .name("privateIPv4Address")
                                .value("10.0.0.1")
                                .build())
                        .build()));
    }
}
