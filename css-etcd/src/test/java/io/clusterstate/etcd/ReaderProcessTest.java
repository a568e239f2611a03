package io.clusterstate.etcd;

import static io.clusterstate.testing.Entities.clusterArn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.Observed;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Coordination;
import io.clusterstate.testing.Soak;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A reader in a JVM of its own, with no more on its class path than a reader needs: css-etcd and css-core; of the AWS
 * SDK ecs, sdk-core and utils, for the types of the entities, and aws-core, to tell a failure; jackson-core and
 * slf4j-api; gRPC, protobuf, guava and Netty; of jetcd the types of requests, and what finds an address. The other
 * artifacts that Maven resolves are absent: Vert.x, and everything that calls AWS, which are sqs, auth, regions, and
 * every HTTP client.
 */
class ReaderProcessTest {

    private static final int BATCH = 1_000;
    private static final String NAMESPACE = "reader/";
    private static final long LIMIT_SECONDS = 90;

    /** The files of the jars beside those of this project. */
    private static final Pattern NEEDED = Pattern.compile("(ecs|aws-core|sdk-core|utils"
            + "|jackson-core|slf4j-api"
            + "|jetcd-(core|grpc|common)"
            + "|grpc-(api|core|netty|protobuf|protobuf-lite|stub|util)|perfmark-api|protobuf-java|guava"
            + "|netty-(buffer|codec|codec-http|codec-http2|common|handler|resolver|transport))"
            + "-[0-9].*\\.jar");

    /** What makes calls to AWS, in the classes that the JVM says it loaded. */
    private static final Pattern AWS_CLIENT = Pattern.compile("software\\.amazon\\.awssdk\\.services\\.\\S*Client ");

    /** What no task has: such classes, of which there are a thousand, are loaded when the first entity has one. */
    private static final Pattern NEVER_MET = Pattern.compile(
            "software\\.amazon\\.awssdk\\.services\\.ecs\\.model\\.(Deployment|TaskSet|ServiceConnect\\S*) ");

    /** What must be among them, lest nothing is looked at. */
    private static final Pattern ENTITY =
            Pattern.compile("software\\.amazon\\.awssdk\\.services\\.ecs\\.model\\.Task ");

    @TempDir
    private Path folder;

    @Test
    @Tag("soak")
    void readsFiftyThousandTasksWithoutAnyAwsClient() throws Exception {
        int tasks = Soak.size("tasks that a process reads", 5_000, 50_000);
        try (EtcdServer server = EtcdServer.launch()) {
            long revision = fill(server, tasks);
            String[] said = run(server, "-Xlog:class+load:file=" + log());
            System.out.println("A reader of " + said[1] + " tasks is ready in " + said[0] + " ms");

            assertEquals(tasks, Integer.parseInt(said[1]));
            assertEquals(revision, Long.parseLong(said[2]));
            assertEquals(1, loaded(ENTITY).size());
            assertEquals(List.of(), loaded(AWS_CLIENT));
            assertEquals(List.of(), loaded(NEVER_MET));
        }
    }

    /** As in a container whose file system may only be read. */
    @Test
    void readsWhereNoFileCanBeWritten() throws Exception {
        try (EtcdServer server = EtcdServer.launch()) {
            fill(server, BATCH);
            Path none = Files.createFile(folder.resolve("file")).resolve("none"); // not even root can make this folder
            String[] said = run(server, "-Djava.io.tmpdir=" + none);

            assertEquals(BATCH, Integer.parseInt(said[1]));
        }
    }

    /** Does what a mirror does at its first load; returns the revision that its view has then. */
    private static long fill(EtcdServer server, int count) {
        BusyTasks tasks = new BusyTasks("busy");
        try (EtcdStateStore store = TestEtcd.leading(EtcdStateStore.of(etcd(server)))) {
            for (int first = 0; first < count; first += BATCH) {
                store.apply(tasks.upserts(first, BATCH));
            }
            Instant now = Instant.now();
            Map<String, Instant> clusters = Map.of(clusterArn("busy"), now);
            Coordination coordination = store.coordination().orElseThrow();
            coordination.confirm(new Confirmation(true, Optional.of(now), clusters), coordination.term());
            return store.snapshot().revision();
        }
    }

    private static Etcd etcd(EtcdServer server) {
        return Etcd.at(server.endpoint().toString()).namespace(NAMESPACE);
    }

    /** Runs the reader in a JVM with these options; returns the parts of the line that it prints. */
    private String[] run(EtcdServer server, String... options)
            throws IOException, InterruptedException, URISyntaxException {
        Path out = folder.resolve("out");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-cp",
                classPath(),
                ReaderProcess.class.getName(),
                server.endpoint().toString(),
                NAMESPACE));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "it still runs");
            assertEquals(0, process.exitValue());
            return Files.readString(out).strip().split(" ", 3);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String classPath() throws URISyntaxException {
        Set<String> ours =
                Set.of(placeOf(EtcdStateReader.class), placeOf(ReaderProcess.class), placeOf(Observed.class));
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(System.getProperty("java.class.path"))
                .filter(entry -> ours.contains(entry)
                        || NEEDED.matcher(Path.of(entry).getFileName().toString())
                                .matches())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The jar or folder that a class is in. */
    private static String placeOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    private Path log() {
        return folder.resolve("classes");
    }

    private List<String> loaded(Pattern wanted) throws IOException {
        try (Stream<String> lines = Files.lines(log())) {
            return lines.filter(line -> wanted.matcher(line).find()).toList();
        }
    }
}
