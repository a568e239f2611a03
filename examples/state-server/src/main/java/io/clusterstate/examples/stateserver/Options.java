package io.clusterstate.examples.stateserver;

import io.clusterstate.archive.FileArchive;
import io.clusterstate.etcd.Etcd;
import io.clusterstate.mirror.MirrorPlace;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of the command line and the environment. Each option is also a variable, see {@link Environment}. */
final class Options {

    private static final Pattern HOST_NAME = Pattern.compile("[a-zA-Z0-9_-]+(\\.[a-zA-Z0-9_-]+)*");

    /** The kinds of stores. */
    enum StoreKind {
        MEMORY,
        ETCD
    }

    @Option(
            names = "--bind",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:3000",
            description = "Address to listen on. There is no login: every client that reaches it can read "
                    + "everything (default: ${DEFAULT-VALUE}).")
    String bind = "127.0.0.1:3000";

    @Option(
            names = "--allowed-host",
            paramLabel = "NAME",
            split = ",",
            description = "Host name under which clients reach this server, beside localhost, the name in --bind, and "
                    + "every IP address. Requests with another Host header get 421, since they may come from a page "
                    + "of another site. Repeat the option, or use commas.")
    List<String> allowedHosts = new ArrayList<>();

    @Mixin
    PlaceOptions where = new PlaceOptions();

    @Option(
            names = "--store",
            paramLabel = "memory|etcd",
            description = "Store of the state: memory or etcd (default: etcd with an --etcd-endpoint, else memory).")
    @Nullable StoreKind store;

    @Option(
            names = "--etcd-endpoint",
            paramLabel = "HOST:PORT",
            split = ",",
            description = "Address of an etcd member, as HOST:PORT or an http:// or https:// URL. Name all "
                    + "members, by repeating the option or with commas.")
    List<String> etcdEndpoints = new ArrayList<>();

    @Option(
            names = "--etcd-namespace",
            paramLabel = "PREFIX/",
            defaultValue = "css/",
            description = "Prefix of all keys in etcd. With several Regions or accounts, each has a prefix of its "
                    + "own below it, such as css/eu-west-1/ (default: ${DEFAULT-VALUE}).")
    String etcdNamespace = "css/";

    @Option(names = "--etcd-ca", paramLabel = "FILE", description = "Certificate authority of etcd (PEM file).")
    @Nullable Path etcdCa;

    @Option(names = "--etcd-cert", paramLabel = "FILE", description = "Client certificate for etcd (PEM file).")
    @Nullable Path etcdCert;

    @Option(
            names = "--etcd-key",
            paramLabel = "FILE",
            description = "Private key of the client certificate (PEM file, PKCS #8).")
    @Nullable Path etcdKey;

    @Option(
            names = "--etcd-user",
            paramLabel = "NAME",
            description = "User in etcd. Its password comes from the environment variable CSS_ETCD_PASSWORD only.")
    @Nullable String etcdUser;

    @Option(names = "--simulate", description = "Mirror a simulated ECS in this process instead of an AWS account.")
    boolean simulate;

    @Option(
            names = "--simulate-clusters",
            defaultValue = "3",
            description = "Number of simulated clusters in each Region and account (default: ${DEFAULT-VALUE}).")
    int simulateClusters = 3;

    @Option(
            names = "--simulate-tasks",
            defaultValue = "1000",
            description = "Number of simulated tasks in each Region and account (default: ${DEFAULT-VALUE}).")
    int simulateTasks = 1_000;

    @Option(
            names = "--simulate-rate",
            defaultValue = "20",
            description = "Simulated events a second in each Region and account (default: ${DEFAULT-VALUE}).")
    double simulateRate = 20;

    @Option(
            names = "--reconcile-every",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Interval at which each cluster is reconciled with the ECS API, such as 90s, 20m or 1h "
                    + "(default: 20m; 5s with --simulate).")
    @Nullable Duration reconcileEvery;

    @Option(
            names = "--max-stale",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            defaultValue = "45m",
            description = "Longest time since ECS confirmed the state. After that the state is stale: /readyz "
                    + "fails and the page shows a warning (default: ${DEFAULT-VALUE}).")
    Duration maxStale = Duration.ofMinutes(45);

    @Option(
            names = "--show-environment",
            description = "Show the values of environment variables in task overrides, which may be secrets. By "
                    + "default they are redacted.")
    boolean showEnvironment;

    @Option(
            names = "--archive",
            paramLabel = "DIR",
            description = "Local directory in which to record ended tasks and services' messages, as JSON lines, for "
                    + "/v1/history. One process at a time may write it (default: none; the view's ended tasks).")
    @Nullable Path archive;

    @Option(
            names = "--archive-size",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            defaultValue = "256M",
            description = "Size of all files in --archive, such as 512K, 256M or 2G (default: ${DEFAULT-VALUE}).")
    long archiveSize = FileArchive.Options.DEFAULT.keepBytes();

    @Option(
            names = "--archive-age",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            defaultValue = "720h",
            description = "Time for which records are kept in --archive (default: ${DEFAULT-VALUE}).")
    Duration archiveAge = FileArchive.Options.DEFAULT.keepFor();

    @Option(
            names = "--max-rate",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Limit of requests a second, of all clients together; further requests get 429 (default: "
                    + "${DEFAULT-VALUE}).")
    int maxRate = 2_000;

    @Option(
            names = "--max-streams",
            paramLabel = "N",
            defaultValue = "500",
            description = "Limit of open streams; further streams get 503 (default: ${DEFAULT-VALUE}).")
    int maxStreams = 500;

    @Option(
            names = "--patience",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            defaultValue = "20s",
            description =
                    "Time after which a client that accepts nothing loses its stream (default: " + "${DEFAULT-VALUE}).")
    Duration patience = Duration.ofSeconds(20);

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            defaultValue = "info",
            description = "Log level: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    Level logLevel = Level.INFO;

    @Option(
            names = "--log-file",
            paramLabel = "FILE",
            description = "File to write the log to (default: standard error).")
    @Nullable Path logFile;

    /** The limit for the headers of a request, from its first byte. It is no option of the command line. */
    Duration headersWithin = Duration.ofSeconds(10);

    /** The limit for reading a large answer. It is no option of the command line. */
    Duration answersWithin = Duration.ofMinutes(1);

    /** The kind of store. */
    StoreKind storeKind() {
        if (store != null) {
            return store;
        }
        return etcdEndpoints.isEmpty() ? StoreKind.MEMORY : StoreKind.ETCD;
    }

    /** Throws if options contradict each other. */
    void validate() {
        address();
        validateStore();
        where.validate();
        validateQueues();
        validateTls();
        requirePositive("--max-rate", maxRate);
        requirePositive("--max-streams", maxStreams);
        validateArchive();
        validateSimulation();
        validateHosts();
    }

    private void validateStore() {
        boolean isEtcd = storeKind() == StoreKind.ETCD;
        if (isEtcd && etcdEndpoints.isEmpty()) {
            throw new IllegalArgumentException("--etcd-endpoint: none (expected: at least one, with --store etcd)");
        }
        if (!isEtcd && !etcdEndpoints.isEmpty()) {
            throw new IllegalArgumentException(
                    "--etcd-endpoint: " + etcdEndpoints + " (expected: none, with --store memory)");
        }
    }

    private void validateQueues() {
        if (simulate && !where.queues.isEmpty()) {
            throw new IllegalArgumentException(
                    "--queue: " + String.join(", ", where.queues) + " (expected: none, with --simulate)");
        }
        if (!simulate && where.queues.isEmpty() && storeKind() == StoreKind.MEMORY) {
            throw new IllegalArgumentException(
                    "--queue: none (expected: the queue of the ECS events, or --simulate, or an "
                            + "--etcd-endpoint to which others write)");
        }
    }

    private void validateArchive() {
        if (archiveSize < 64 * 1024) {
            throw new IllegalArgumentException("--archive-size: " + archiveSize + " bytes (expected: 64K or more)");
        }
        if (archiveAge.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("--archive-age: " + archiveAge + " (expected: 1m or more)");
        }
    }

    private void validateSimulation() {
        requirePositive("--simulate-clusters", simulateClusters);
        requirePositive("--simulate-tasks", simulateTasks);
        if (!(simulateRate >= 0 && simulateRate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("--simulate-rate: " + simulateRate + " (expected: 0 or more)");
        }
    }

    private void validateHosts() {
        for (String name : allowedHosts) {
            if (!HOST_NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "--allowed-host: " + name + " (expected: a name without port, such as css.example.com)");
            }
        }
    }

    /** Refuses options that would send data in the clear although encryption was meant. */
    private void validateTls() {
        if ((etcdCert == null) != (etcdKey == null)) {
            throw new IllegalArgumentException("--etcd-cert, --etcd-key: only one is set (expected: both or none)");
        }
        if (etcdCert != null && etcdCa == null) {
            throw new IllegalArgumentException(
                    "--etcd-ca: none (expected: etcd's certificate authority, with --etcd-cert)");
        }
        for (String endpoint : etcdEndpoints) {
            if (endpoint.startsWith(etcdCa == null ? "https://" : "http://")) {
                throw new IllegalArgumentException("--etcd-endpoint: " + endpoint
                        + (etcdCa == null
                                ? " (expected: --etcd-ca, with https)"
                                : " (expected: https, with --etcd-ca)"));
            }
        }
    }

    private static void requirePositive(String flag, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(flag + ": " + value + " (expected: 1 or more)");
        }
    }

    /** The address to listen on. */
    InetSocketAddress address() {
        int colon = bind.lastIndexOf(':');
        String host = colon <= 0 ? "" : bind.substring(0, colon).replaceAll("^\\[|]$", "");
        try {
            int port = Integer.parseInt(bind.substring(colon + 1));
            if (!host.isEmpty() && port >= 0 && port <= 65_535) {
                return new InetSocketAddress(host, port);
            }
        } catch (NumberFormatException e) {
            // reported below, like every other mistake
        }
        throw new IllegalArgumentException("--bind: " + bind + " (expected: HOST:PORT, such as 0.0.0.0:3000)");
    }

    /** The configured etcd. Each of several places has a namespace of its own below the given one. */
    Etcd etcd(@Nullable String password, Optional<MirrorPlace> place) {
        Etcd etcd = Etcd.at(etcdEndpoints.stream().map(this::url).toArray(String[]::new))
                .namespace(etcdNamespace + place.map(name -> name + "/").orElse(""));
        if (etcdUser != null) {
            if (password == null) {
                throw new IllegalArgumentException(
                        "CSS_ETCD_PASSWORD: not set (expected: the password of --etcd-user " + etcdUser + ")");
            }
            etcd = etcd.user(etcdUser, password);
        }
        if (etcdCa == null) {
            return etcd;
        }
        return etcdCert == null || etcdKey == null ? etcd.tls(etcdCa) : etcd.tls(etcdCa, etcdCert, etcdKey);
    }

    private String url(String endpoint) {
        return endpoint.contains("://") ? endpoint : (etcdCa == null ? "http://" : "https://") + endpoint;
    }

    /** Reads durations such as {@code 90s}, {@code 20m} and {@code 1h30m}. */
    static final class DurationConverter implements ITypeConverter<Duration> {

        @Override
        public Duration convert(String value) {
            try {
                Duration parsed = Duration.parse("PT" + value.toUpperCase(Locale.ROOT));
                if (!parsed.isZero() && !parsed.isNegative()) {
                    return parsed;
                }
            } catch (DateTimeParseException e) {
                // reported below
            }
            throw new TypeConversionException("'" + value + "' (expected: a duration such as 90s, 20m or 1h)");
        }
    }
}
