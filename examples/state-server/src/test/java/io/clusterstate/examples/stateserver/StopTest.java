package io.clusterstate.examples.stateserver;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the server stops while streams are open. */
@Timeout(300)
class StopTest {

    private static final String STREAM = "/v1/stream/tasks";

    private final Held held = new Held();
    private final Rest rest = Rest.of(held);

    @AfterEach
    void stop() {
        rest.close();
        held.close();
    }

    /** As on a busy machine: the network takes the headers late, and the thread that ends the answer comes late. */
    @Test
    void stopsOnlyWhenTheEndOfTheStreamIsWritten() throws Exception {
        LateStream late = LateStream.of(rest.server().jetty());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(rest.open(STREAM).body(), StandardCharsets.UTF_8))) {
            Thread closing = new Thread(rest::close, "closing");
            closing.start();
            await(() ->
                    closing.getState() == Thread.State.TIMED_WAITING); // it has said its word, and waits for the end
            late.takeTheHeaders();

            assertFalse(late.isCutShort(), "the server stopped before the stream had ended");
            assertEquals(
                    "the server stops", Rest.parse(lines.readLine()).get("end").textValue());
            assertNull(lines.readLine()); // and a regular end
            closing.join();
        }
    }

    /** The headers are on their way for ever, and so nothing that follows them is written. */
    @Test
    void stopsAlthoughAClientTakesNothing() throws Exception {
        LateStream.of(rest.server().jetty());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(rest.open(STREAM).body(), StandardCharsets.UTF_8))) {
            assertTimeout(Duration.ofSeconds(30), rest::close);
            assertThrows(IOException.class, lines::readLine); // and no regular end
        }
    }

    /**
     * The first answer from now on: its headers count as taken when the test says so, and its last part waits for the
     * stop.
     */
    private static final class LateStream {

        private final CompletableFuture<Callback> headers = new CompletableFuture<>();
        private final CountDownLatch stopping = new CountDownLatch(1);
        private final CompletableFuture<Boolean> isCutShort = new CompletableFuture<>();

        static LateStream of(Server jetty) {
            LateStream late = new LateStream();
            jetty.addEventListener(new LifeCycle.Listener() {
                @Override
                public void lifeCycleStopping(LifeCycle stopped) {
                    late.stopping.countDown();
                }
            });
            jetty.getConnectors()[0]
                    .getConnectionFactory(HttpConnectionFactory.class)
                    .getHttpConfiguration()
                    .addCustomizer((request, fields) -> {
                        request.addHttpStreamWrapper(late::late);
                        return request;
                    });
            return late;
        }

        private HttpStream late(HttpStream stream) {
            return new HttpStream.Wrapper(stream) {
                private boolean isFirst;

                @Override
                public void send(
                        MetaData.Request request,
                        MetaData.Response response,
                        boolean isLast,
                        ByteBuffer content,
                        Callback callback) {
                    if (!isLast && headers.complete(callback)) {
                        isFirst = true;
                        super.send(request, response, false, content, Callback.NOOP);
                        return;
                    }
                    if (isLast && isFirst) {
                        waitForTheStop();
                    }
                    super.send(request, response, isLast, content, callback);
                }
            };
        }

        private void waitForTheStop() {
            try {
                isCutShort.complete(stopping.await(500, TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                isCutShort.complete(true); // so a server ends its threads
            }
        }

        void takeTheHeaders() throws Exception {
            headers.get(30, TimeUnit.SECONDS).succeeded();
        }

        boolean isCutShort() throws Exception {
            return isCutShort.get(30, TimeUnit.SECONDS);
        }
    }
}
