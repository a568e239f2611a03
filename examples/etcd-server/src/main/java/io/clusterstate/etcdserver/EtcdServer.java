package io.clusterstate.etcdserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An etcd process that listens on loopback, alone or as a member of a cluster. It keeps its data in its own folder,
 * which {@link #close} and a regular end of the JVM delete. Until then it can be killed and started again.
 *
 * <p>Thread: one thread at a time.
 */
public final class EtcdServer implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration END_LIMIT = Duration.ofSeconds(60);
    private static final int LINES_SHOWN = 4;
    private static final int FIRST_PORT = 10_000;
    private static final int LAST_PORT = 32_000;
    private static final int PORTS_TRIED = 100;
    private static final Logger LOG = LoggerFactory.getLogger(EtcdServer.class);

    private final Path binary;
    private final String name;
    private final Path folder;
    private final int clientPort;
    private final int peerPort;
    private final EtcdMetrics metrics = new EtcdMetrics(URI.create("http://127.0.0.1:" + freePort()));
    private final List<String> options;
    private @Nullable Process process;
    private final Thread hook = new Thread(this::end);

    EtcdServer(Path binary, String name, int clientPort, int peerPort, List<String> options) throws IOException {
        this.binary = binary;
        this.name = name;
        this.folder = Files.createTempDirectory("css-etcd-" + name);
        this.clientPort = clientPort;
        this.peerPort = peerPort;
        this.options = options;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Starts a single server, and waits until it answers.
     *
     * @param options further options for etcd's command line
     * @return the running server
     * @throws IOException if it cannot be started
     * @throws InterruptedException if the thread was interrupted
     */
    public static EtcdServer launch(String... options) throws IOException, InterruptedException {
        int peerPort = freePort();
        List<String> all = new ArrayList<>(List.of("--initial-cluster", "etcd=http://127.0.0.1:" + peerPort));
        all.addAll(List.of(options));
        EtcdServer server = new EtcdServer(EtcdBinary.find(), "etcd", freePort(), peerPort, all);
        boolean isUp = false;
        try {
            server.start();
            server.awaitUp();
            isUp = true;
            return server;
        } finally {
            if (!isUp) {
                server.close();
            }
        }
    }

    /**
     * The address for clients.
     *
     * @return an {@code http} or {@code https} URL on 127.0.0.1
     */
    public URI endpoint() {
        return URI.create(scheme() + "://127.0.0.1:" + clientPort);
    }

    private String scheme() {
        return options.contains("--cert-file") ? "https" : "http";
    }

    /**
     * The port for clients.
     *
     * @return the port, on 127.0.0.1
     */
    public int clientPort() {
        return clientPort;
    }

    /**
     * Starts the process on the existing data. It may be called again after {@link #kill}.
     *
     * @throws IOException if it cannot be started
     */
    public void start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                binary.toString(),
                "--name",
                name,
                "--data-dir",
                data().toString(),
                "--listen-client-urls",
                endpoint().toString(),
                "--advertise-client-urls",
                endpoint().toString(),
                "--listen-peer-urls",
                "http://127.0.0.1:" + peerPort,
                "--initial-advertise-peer-urls",
                "http://127.0.0.1:" + peerPort,
                "--listen-metrics-urls",
                metrics.address().toString()));
        command.addAll(options);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        process.getOutputStream().close();
    }

    private Path data() {
        return folder.resolve("data");
    }

    /** The file with etcd's output. */
    private Path log() {
        return folder.resolve("log");
    }

    /**
     * Waits until the server answers and its cluster has a leader.
     *
     * @throws IOException if the server ends, or does not answer within a minute; the message has the first and last
     *     lines of its output
     * @throws InterruptedException if the thread was interrupted
     */
    public void awaitUp() throws IOException, InterruptedException {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (!metrics.isHealthy()) {
            if (!isRunning() || System.nanoTime() > end) {
                throw new IOException("etcd " + name + ": " + (isRunning() ? "does not answer" : "has ended")
                        + " (expected: healthy within " + START_LIMIT + "): " + firstAndLastLines());
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** The first lines name a wrong option, the last lines a later failure. */
    private String firstAndLastLines() throws IOException {
        List<String> lines = Files.readAllLines(log());
        int last = lines.size() - LINES_SHOWN;
        return String.join("\n", lines.subList(0, Math.min(lines.size(), LINES_SHOWN)))
                + (last <= LINES_SHOWN ? "" : "\n…\n" + String.join("\n", lines.subList(last, lines.size())));
    }

    /**
     * Whether the process is alive; a paused process is.
     *
     * @return whether it is alive
     */
    public boolean isRunning() {
        Process running = process;
        return running != null && running.isAlive();
    }

    /**
     * The version of the running program.
     *
     * @return the version, as {@code 3.6.16}
     * @throws IOException if the server does not answer
     * @throws InterruptedException if the thread was interrupted
     */
    public String version() throws IOException, InterruptedException {
        return metrics.find("^etcd_server_version\\{server_version=\"([^\"]*)\"");
    }

    /**
     * Whether this server leads its cluster.
     *
     * @return whether it leads
     * @throws IOException if the server does not answer
     * @throws InterruptedException if the thread was interrupted
     */
    public boolean isLeader() throws IOException, InterruptedException {
        return metrics.find("^etcd_server_is_leader (.*)$").equals("1");
    }

    /**
     * The part of the database file that holds data, as of the last commit to the disk, at most 100 ms ago. The file
     * itself never shrinks, and etcd 3.6 makes it larger than it needs to be.
     *
     * @return the size in bytes
     * @throws IOException if the server does not answer
     * @throws InterruptedException if the thread was interrupted
     */
    public long databaseSizeInUse() throws IOException, InterruptedException {
        return (long) Double.parseDouble(metrics.find("^etcd_mvcc_db_total_size_in_use_in_bytes (.*)$"));
    }

    /**
     * The bytes that the server has sent to its clients since its start.
     *
     * @return the number of bytes
     * @throws IOException if the server does not answer
     * @throws InterruptedException if the thread was interrupted
     */
    public long bytesSentToClients() throws IOException, InterruptedException {
        return (long) Double.parseDouble(metrics.find("^etcd_network_client_grpc_sent_bytes_total (.*)$"));
    }

    /**
     * Ends the process by SIGKILL and keeps its data.
     *
     * @throws InterruptedException if the thread was interrupted
     */
    public void kill() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().waitFor();
        }
    }

    /**
     * Deletes the data of a killed server, which then starts empty.
     *
     * @throws IOException if the data cannot be deleted
     */
    public void deleteData() throws IOException {
        Folders.delete(data());
    }

    /**
     * Copies the data of a killed server, as a snapshot of its disk would.
     *
     * @param backup the folder to make
     * @throws IOException if the data cannot be copied
     * @throws IllegalStateException if the server runs
     */
    public void backup(Path backup) throws IOException {
        requireKilled();
        Folders.copy(data(), backup);
    }

    /**
     * Replaces the data of a killed server by a backup of this server. In a cluster, restore all members before one
     * starts. Revisions go back to those of the backup.
     *
     * @param backup the folder that {@link #backup} made; it stays as it is
     * @throws IOException if the data cannot be replaced
     * @throws IllegalStateException if the server runs
     */
    public void restore(Path backup) throws IOException {
        requireKilled();
        deleteData();
        Folders.copy(backup, data());
    }

    private void requireKilled() {
        if (isRunning()) {
            throw new IllegalStateException(this + ": running (expected: killed)");
        }
    }

    /**
     * Pauses the process by SIGSTOP. Its connections stay open, and it answers nothing.
     *
     * @throws InterruptedException if the thread was interrupted
     */
    public void pause() throws InterruptedException {
        signal("-STOP");
    }

    /**
     * Resumes a paused process.
     *
     * @throws InterruptedException if the thread was interrupted
     */
    public void resume() throws InterruptedException {
        signal("-CONT");
    }

    private void signal(String which) throws InterruptedException {
        Process running = process;
        if (running != null) {
            Command.run(folder, List.of("kill", which, Long.toString(running.pid())));
        }
    }

    /** Ends the process and deletes its data. The end of the JVM does so, too. */
    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(hook);
        end();
    }

    private void end() {
        try {
            Process running = process;
            if (running != null) {
                running.destroyForcibly().waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS);
            }
            Folders.delete(folder);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException("etcd " + name + ": data cannot be deleted", e);
        }
    }

    /**
     * A free port. It is outside the range from which the system serves sockets that ask for any port, so it stays free
     * until the server starts, and while the server is down.
     *
     * @return a port that nobody listens to on loopback
     */
    public static int freePort() {
        for (int i = 0; i < PORTS_TRIED; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                LOG.debug("port {} is taken", port, e);
            } catch (IOException e) {
                throw new UncheckedIOException("port: " + port + " (expected: free or taken)", e);
            }
        }
        throw new IllegalStateException("port: none free on loopback from " + FIRST_PORT + " to " + LAST_PORT);
    }

    @Override
    public String toString() {
        return "etcd " + name + " at " + endpoint();
    }
}
