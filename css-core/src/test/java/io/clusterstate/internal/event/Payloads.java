package io.clusterstate.internal.event;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The bodies in {@code ecs-events} on the test class path, by path. The path of a recorded message stands for the
 * message; with {@code #Body} or {@code #Message} it stands for the body inside.
 */
final class Payloads {

    private static final Path ROOT = root();

    private Payloads() {}

    /** All bodies, in a fixed order. */
    static Map<String, String> all() {
        Map<String, String> bodies = new TreeMap<>();
        for (Path file : files()) {
            String path = ROOT.relativize(file).toString().replace('\\', '/');
            String body = read(file);
            bodies.put(path, body);
            addRecorded(bodies, path, (Map<?, ?>) Json.parse(body));
        }
        return bodies;
    }

    /** One body. */
    static String body(String path) {
        return Objects.requireNonNull(all().get(path), path);
    }

    /** The lines of a text file beside the payloads. */
    static List<String> lines(String name) {
        return read(ROOT.resolve(name)).lines().toList();
    }

    private static void addRecorded(Map<String, String> bodies, String path, Map<?, ?> file) {
        if (file.get("Messages") instanceof List<?> messages) {
            bodies.put(path + "#Body", (String) ((Map<?, ?>) messages.get(0)).get("Body"));
        }
        if (file.get("Records") instanceof List<?> records) {
            Map<?, ?> notification = (Map<?, ?>) ((Map<?, ?>) records.get(0)).get("Sns");
            bodies.put(path + "#Message", (String) notification.get("Message"));
        }
    }

    private static List<Path> files() {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        try {
            return Path.of(Objects.requireNonNull(Payloads.class.getResource("/ecs-events"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
