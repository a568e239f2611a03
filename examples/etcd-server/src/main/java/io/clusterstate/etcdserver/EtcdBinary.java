package io.clusterstate.etcdserver;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the etcd program: the path in the environment variable {@code ETCD}, or {@code etcd} on the PATH. If there is
 * none, it downloads a package: Debian's and Ubuntu's {@code etcd-server}, which it unpacks into the build folder
 * without root rights, or Homebrew's {@code etcd}.
 */
public final class EtcdBinary {

    private static final Object PROVIDING = new Object();
    private static final Logger LOG = LoggerFactory.getLogger(EtcdBinary.class);

    private final Map<String, String> environment;
    private final Path folder;

    EtcdBinary(Map<String, String> environment, Path folder) {
        this.environment = environment;
        this.folder = folder;
    }

    /**
     * Finds the program, or downloads it, which takes a while.
     *
     * @return the path of an executable file
     * @throws IllegalStateException if there is none and none can be downloaded; the message says how to provide it
     * @throws InterruptedException if the thread was interrupted
     */
    public static Path find() throws InterruptedException {
        return new EtcdBinary(System.getenv(), buildFolder().resolve("provided-etcd")).locate();
    }

    Path locate() throws InterruptedException {
        String named = environment.get("ETCD");
        if (named != null) {
            return executable(Path.of(named))
                    .orElseThrow(() -> new IllegalStateException(
                            "ETCD: " + named + " (expected: the path of an executable file)"));
        }
        Optional<Path> found = onPath("etcd").or(this::provided);
        return found.isPresent() ? found.get() : provide();
    }

    private Optional<Path> onPath(String program) {
        return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(part -> !part.isEmpty())
                .flatMap(part -> executable(Path.of(part, program)).stream())
                .findFirst();
    }

    /** The program that an earlier call unpacked. */
    private Optional<Path> provided() {
        return executable(folder.resolve("usr/bin/etcd"));
    }

    private static Optional<Path> executable(Path path) {
        return Files.isRegularFile(path) && Files.isExecutable(path)
                ? Optional.of(path.toAbsolutePath())
                : Optional.empty();
    }

    /** Provides the program under a lock, since a process that holds a lock on a file gets no second lock on it. */
    private Path provide() throws InterruptedException {
        synchronized (PROVIDING) {
            try {
                Files.createDirectories(folder);
                return provideLocked();
            } catch (IOException e) {
                throw new UncheckedIOException("etcd: cannot be unpacked in " + folder, e);
            }
        }
    }

    /** Provides the program under the lock of a file, since several test runs may call this at a time. */
    private Path provideLocked() throws IOException, InterruptedException {
        try (FileChannel channel =
                        FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            LOG.debug("downloading etcd under {}", lock);
            Optional<Path> meanwhile = provided();
            return meanwhile.isPresent() ? meanwhile.get() : provideAlone();
        }
    }

    private Path provideAlone() throws IOException, InterruptedException {
        List<String> tried = new ArrayList<>();
        Path found = null;
        if (onPath("apt-get").isPresent() && onPath("dpkg-deb").isPresent()) {
            LOG.info("etcd is absent: downloading Debian's package etcd-server into {}", folder);
            found = fromDebian(tried);
        } else if (onPath("brew").isPresent()) {
            LOG.info("etcd is absent: installing Homebrew's etcd");
            found = fromHomebrew(tried);
        }
        if (found == null) {
            throw new IllegalStateException(
                    "etcd: not found (expected: on the PATH, or its path in ETCD), and cannot be "
                            + "downloaded: "
                            + (tried.isEmpty() ? "neither apt-get nor brew was found" : tried));
        }
        return found;
    }

    private @Nullable Path fromDebian(List<String> tried) throws IOException, InterruptedException {
        if (!download(tried, List.of()) && !downloadWithListsOfOurOwn(tried)) {
            return null;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path archive :
                    files.filter(file -> file.toString().endsWith(".deb")).toList()) {
                run(tried, List.of("dpkg-deb", "-x", archive.toString(), folder.toString()));
            }
        }
        return provided().orElse(null);
    }

    private boolean download(List<String> tried, List<String> options) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("apt-get"));
        command.addAll(options);
        command.addAll(List.of("download", "etcd-server"));
        return run(tried, command);
    }

    /** The machine's own package lists may be missing, and updating them would need root rights. */
    private boolean downloadWithListsOfOurOwn(List<String> tried) throws IOException, InterruptedException {
        Path lists = folder.resolve("lists");
        Path cache = folder.resolve("cache");
        Files.createDirectories(lists.resolve("partial"));
        Files.createDirectories(cache.resolve("archives/partial"));
        List<String> options = List.of(
                "-o",
                "Dir::State::lists=" + lists,
                "-o",
                "Dir::Cache=" + cache,
                "-o",
                "Debug::NoLocking=1",
                "-o",
                "APT::Sandbox::User=");
        List<String> update = new ArrayList<>(List.of("apt-get"));
        update.addAll(options);
        update.add("update");
        return run(tried, update) && download(tried, options);
    }

    private @Nullable Path fromHomebrew(List<String> tried) throws InterruptedException {
        if (!run(tried, List.of("brew", "install", "--quiet", "etcd"))) {
            return null;
        }
        Command.Result prefix = Command.run(folder, List.of("brew", "--prefix", "etcd"));
        return executable(Path.of(prefix.output().strip(), "bin", "etcd")).orElse(null);
    }

    private boolean run(List<String> tried, List<String> command) throws InterruptedException {
        Command.Result result = Command.run(folder, command);
        if (!result.isSuccess()) {
            tried.add(String.join(" ", command) + ": " + lastLine(result.output()));
        }
        return result.isSuccess();
    }

    private static String lastLine(String output) {
        List<String> lines = output.lines().toList();
        return lines.isEmpty() ? "no output" : lines.get(lines.size() - 1);
    }

    /** The build folder of this module, or a folder for temporary files if this class was loaded from elsewhere. */
    private static Path buildFolder() {
        try {
            Path own = Path.of(EtcdBinary.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path parent = own.getParent();
            if (parent != null && parent.endsWith("target")) {
                return parent;
            }
        } catch (URISyntaxException e) {
            LOG.debug("the code source of this class is not a path", e);
        }
        return Path.of(System.getProperty("java.io.tmpdir"), "css-" + System.getProperty("user.name"));
    }
}
