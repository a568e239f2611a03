package io.clusterstate.etcdserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcdServerTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration BRIEF = Duration.ofMillis(500);

    @Test
    void keepsItsDataThroughAKillAndLeavesNothingAtItsEnd() throws Exception {
        EtcdServer server = EtcdServer.launch();
        try (server) {
            put(server.endpoint(), "a", "1");
            server.kill();
            assertFalse(server.isRunning());
            start(server);

            assertTrue(get(server.endpoint(), "a", SOON).contains(base64("1")));
            assertTrue(server.databaseSizeInUse() > 0);
            assertTrue(server.version().matches("3\\.[0-9]+\\.[0-9]+.*"), server.version());
        }
        assertFalse(server.isRunning());
        assertThrows(IOException.class, server::databaseSizeInUse);
    }

    /** A program that forgets to close its server. */
    static final class Forgetful {

        public static void main(String[] arguments) throws Exception {
            EtcdServer.launch();
            System.exit(0);
        }
    }

    @Test
    void theEndOfTheJvmLeavesNothingEither(@TempDir Path folder) throws Exception {
        Process forgetful = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Forgetful.class.getName())
                .inheritIO()
                .start();

        assertEquals(0, forgetful.waitFor());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(
                    List.of(),
                    left.filter(each -> each.getFileName().toString().startsWith("css-etcd"))
                            .toList());
        }
    }

    /** Where none is there yet, the first provides it and the others wait. */
    @Test
    void severalThreadsLaunchOneEach() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        List<Future<EtcdServer>> launched = threads.invokeAll(Collections.nCopies(3, EtcdServer::launch));
        threads.shutdown();
        Set<URI> endpoints = new HashSet<>();
        for (Future<EtcdServer> each : launched) {
            try (EtcdServer server = each.get()) {
                assertTrue(server.isRunning());
                endpoints.add(server.endpoint());
            }
        }
        assertEquals(3, endpoints.size());
    }

    @Test
    void saysNothingWhilePaused() throws Exception {
        try (EtcdServer server = EtcdServer.launch()) {
            server.pause();
            assertThrows(IOException.class, () -> get(server.endpoint(), "a", BRIEF));
            assertTrue(server.isRunning());
            server.resume();
            get(server.endpoint(), "a", SOON);
        }
    }

    @Test
    void threeMembersAreOneClusterAndTwoOfThemGoOn() throws Exception {
        try (EtcdCluster cluster = EtcdCluster.start(3)) {
            put(cluster.endpoints().get(0), "a", "1");
            int leaders = 0;
            for (EtcdServer member : cluster.members()) {
                leaders += member.isLeader() ? 1 : 0;
            }
            assertEquals(1, leaders);
            cluster.members().get(0).kill();
            cluster.members().get(1).awaitUp();

            assertTrue(get(cluster.endpoints().get(2), "a", SOON).contains(base64("1")));
        }
    }

    @Test
    void goesBackToABackupAndKeepsIt(@TempDir Path folder) throws Exception {
        Path backup = folder.resolve("backup");
        try (EtcdServer server = EtcdServer.launch()) {
            put(server.endpoint(), "a", "before");
            server.kill();
            server.backup(backup);
            for (int time = 1; time <= 2; time++) {
                start(server);
                put(server.endpoint(), "a", "after");
                server.kill();
                server.restore(backup);
            }
            start(server);

            assertTrue(get(server.endpoint(), "a", SOON).contains(base64("before")));
        }
    }

    @Test
    void aRunningServerIsNeitherCopiedNorRestored(@TempDir Path folder) throws Exception {
        try (EtcdServer server = EtcdServer.launch()) {
            String refusal = server + ": running (expected: killed)";
            assertEquals(
                    refusal,
                    assertThrows(IllegalStateException.class, () -> server.backup(folder.resolve("backup")))
                            .getMessage());
            assertEquals(
                    refusal,
                    assertThrows(IllegalStateException.class, () -> server.restore(folder))
                            .getMessage());
            put(server.endpoint(), "a", "1");
        }
    }

    @Test
    void aClusterGoesBackAsAWhole(@TempDir Path folder) throws Exception {
        Path backup = folder.resolve("backup");
        try (EtcdCluster cluster = EtcdCluster.start(3)) {
            put(cluster.endpoints().get(0), "a", "before");
            cluster.kill();
            cluster.backup(backup);
            cluster.start();
            put(cluster.endpoints().get(1), "a", "after");
            cluster.kill();
            cluster.restore(backup);
            cluster.start();

            for (URI member : cluster.endpoints()) {
                assertTrue(get(member, "a", SOON).contains(base64("before")));
            }
        }
    }

    private static void start(EtcdServer server) throws Exception {
        server.start();
        server.awaitUp();
    }

    @Test
    void anOptionThatItDoesNotKnowIsToldInItsOwnWords() {
        IOException failure = assertThrows(IOException.class, () -> EtcdServer.launch("--no-such-option"));

        assertTrue(failure.getMessage().contains("no-such-option"), failure.getMessage());
    }

    @Test
    void aProxyCutsAndSilencesWhatGoesThroughIt() throws Exception {
        try (EtcdServer server = EtcdServer.launch();
                TcpProxy proxy = TcpProxy.to(server.clientPort())) {
            put(proxy.endpoint(), "a", "1");
            proxy.silence(true);
            assertThrows(IOException.class, () -> get(proxy.endpoint(), "a", BRIEF));
            proxy.silence(false);
            get(proxy.endpoint(), "a", SOON);
            proxy.refuse(true);
            assertThrows(IOException.class, () -> get(proxy.endpoint(), "a", SOON));
            proxy.refuse(false);
            proxy.cut();
            assertTrue(get(proxy.endpoint(), "a", SOON).contains(base64("1")));
        }
    }

    @Test
    void theProgramThatTheEnvironmentNamesIsTakenOrRefusedByName(@TempDir Path folder) throws Exception {
        Path program = Files.createFile(folder.resolve("my-etcd"));
        EtcdBinary binary = new EtcdBinary(Map.of("ETCD", program.toString(), "PATH", ""), folder);
        IllegalStateException refusal = assertThrows(IllegalStateException.class, binary::locate);
        assertTrue(refusal.getMessage().contains(program.toString()), refusal.getMessage());

        assertTrue(program.toFile().setExecutable(true));
        assertEquals(program.toAbsolutePath(), binary.locate());
    }

    @Test
    void whereThereIsNothingToProvideItWithOneLineSaysSo(@TempDir Path folder) {
        EtcdBinary binary = new EtcdBinary(Map.of("PATH", folder.toString()), folder.resolve("provided"));

        IllegalStateException refusal = assertThrows(IllegalStateException.class, binary::locate);

        assertEquals(
                "etcd: not found (expected: on the PATH, or its path in ETCD), and cannot be downloaded: "
                        + "neither apt-get nor brew was found",
                refusal.getMessage());
    }

    private static void put(URI server, String key, String value) throws Exception {
        call(server, "put", "{\"key\":\"" + base64(key) + "\",\"value\":\"" + base64(value) + "\"}", SOON);
    }

    private static String get(URI server, String key, Duration limit) throws Exception {
        return call(server, "range", "{\"key\":\"" + base64(key) + "\"}", limit);
    }

    private static String call(URI server, String method, String body, Duration limit) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/v3/kv/" + method))
                .timeout(limit)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer::body);
        return answer.body();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
