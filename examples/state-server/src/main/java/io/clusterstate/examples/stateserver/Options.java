package io.clusterstate.examples.stateserver;

import io.clusterstate.etcd.Etcd;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What the command line and the environment say. Every flag is also a variable, see {@link Environment}. */
final class Options {

    /** Where the state is held. */
    enum StoreKind {
        MEMORY,
        ETCD
    }

    @Option(
            names = "--bind",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:3000",
            description = "Where to listen. There is no login: whoever reaches it reads everything "
                    + "(default: ${DEFAULT-VALUE}).")
    String bind = "127.0.0.1:3000";

    @Option(
            names = "--queue",
            paramLabel = "NAME",
            description = "The SQS queue that gets the ECS events: its name, sqs://NAME, its URL, or its ARN. "
                    + "Without one, and with etcd, this process only reads what others write there.")
    @Nullable String queue;

    @Option(
            names = "--store",
            paramLabel = "memory|etcd",
            description = "Where the state is held (default: etcd if there is an --etcd-endpoint, else memory).")
    @Nullable StoreKind store;

    @Option(
            names = "--etcd-endpoint",
            paramLabel = "HOST:PORT",
            split = ",",
            description =
                    "A member of etcd; all of them, by repetition or with commas. Also as http:// or https:// URL.")
    List<String> etcdEndpoints = new ArrayList<>();

    @Option(
            names = "--etcd-namespace",
            paramLabel = "PREFIX/",
            defaultValue = "css/",
            description = "What all keys in etcd begin with (default: ${DEFAULT-VALUE}).")
    String etcdNamespace = "css/";

    @Option(names = "--etcd-ca", paramLabel = "FILE", description = "The authority of etcd's certificates (PEM).")
    @Nullable Path etcdCa;

    @Option(names = "--etcd-cert", paramLabel = "FILE", description = "Our own certificate for etcd (PEM).")
    @Nullable Path etcdCert;

    @Option(names = "--etcd-key", paramLabel = "FILE", description = "The key to that (PEM, PKCS #8).")
    @Nullable Path etcdKey;

    @Option(
            names = "--etcd-user",
            paramLabel = "NAME",
            description = "Our user in etcd; its password is in the environment variable CSS_ETCD_PASSWORD alone.")
    @Nullable String etcdUser;

    @Option(names = "--simulate", description = "A simulated ECS and queue in this process, instead of an account.")
    boolean simulate;

    @Option(
            names = "--simulate-clusters",
            defaultValue = "3",
            description = "Simulated clusters (default: ${DEFAULT-VALUE}).")
    int simulateClusters = 3;

    @Option(
            names = "--simulate-tasks",
            defaultValue = "1000",
            description = "Simulated tasks (default: ${DEFAULT-VALUE}).")
    int simulateTasks = 1_000;

    @Option(
            names = "--simulate-rate",
            defaultValue = "20",
            description = "Simulated events a second (default: ${DEFAULT-VALUE}).")
    double simulateRate = 20;

    @Option(
            names = "--reconcile-every",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How often each cluster is compared with the ECS API: 90s, 20m, 1h "
                    + "(default: 20m; 5s with --simulate).")
    @Nullable Duration reconcileEvery;

    @Option(
            names = "--max-stale",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            defaultValue = "45m",
            description = "How long ago ECS may have confirmed the state before it counts as stale: "
                    + "/readyz then fails and the page says so (default: ${DEFAULT-VALUE}).")
    Duration maxStale = Duration.ofMinutes(45);

    @Option(
            names = "--show-environment",
            description = "Answer with the values of environment variables in task overrides, "
                    + "which may be secrets; without this they are redacted.")
    boolean showEnvironment;

    @Option(
            names = "--max-rate",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Requests a second that are answered, of all clients together; "
                    + "others get 429 (default: ${DEFAULT-VALUE}).")
    int maxRate = 2_000;

    @Option(
            names = "--max-streams",
            paramLabel = "N",
            defaultValue = "500",
            description = "Streams that are open at once; others get 503 (default: ${DEFAULT-VALUE}).")
    int maxStreams = 500;

    @Option(
            names = "--patience",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            defaultValue = "20s",
            description = "A stream whose client takes nothing for so long is cut (default: ${DEFAULT-VALUE}).")
    Duration patience = Duration.ofSeconds(20);

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            defaultValue = "info",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    Level logLevel = Level.INFO;

    @Option(names = "--log-file", paramLabel = "FILE", description = "Where the log goes (default: standard error).")
    @Nullable Path logFile;

    /** The store that is asked for. */
    StoreKind storeKind() {
        if (store != null) {
            return store;
        }
        return etcdEndpoints.isEmpty() ? StoreKind.MEMORY : StoreKind.ETCD;
    }

    /** Throws if the options do not go together. */
    void validate() {
        address();
        if (storeKind() == StoreKind.ETCD && etcdEndpoints.isEmpty()) {
            throw new IllegalArgumentException("--etcd-endpoint: none (expected: at least one, with --store etcd)");
        }
        if (storeKind() == StoreKind.MEMORY && !etcdEndpoints.isEmpty()) {
            throw new IllegalArgumentException(
                    "--etcd-endpoint: " + etcdEndpoints + " (expected: none, with --store memory)");
        }
        if (simulate && queue != null) {
            throw new IllegalArgumentException("--queue: " + queue + " (expected: none, with --simulate)");
        }
        if (!simulate && queue == null && storeKind() == StoreKind.MEMORY) {
            throw new IllegalArgumentException(
                    "--queue: none (expected: the queue of the ECS events, or --simulate, or an --etcd-endpoint "
                            + "into which others write)");
        }
        if (queue != null && queue.startsWith("kinesis://")) {
            throw new IllegalArgumentException("--queue: " + queue + " (expected: an SQS queue; Kinesis is not read)");
        }
        validateTls();
        requirePositive("--max-rate", maxRate);
        requirePositive("--max-streams", maxStreams);
    }

    /** Nothing that was meant to be encrypted goes in the clear. */
    private void validateTls() {
        if ((etcdCert == null) != (etcdKey == null)) {
            throw new IllegalArgumentException("--etcd-cert, --etcd-key: one of them (expected: both or none)");
        }
        if (etcdCert != null && etcdCa == null) {
            throw new IllegalArgumentException("--etcd-ca: none (expected: etcd's authority, with --etcd-cert)");
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

    /** Where to listen. */
    InetSocketAddress address() {
        int colon = bind.lastIndexOf(':');
        String host = colon <= 0 ? "" : bind.substring(0, colon).replaceAll("^\\[|]$", "");
        try {
            int port = Integer.parseInt(bind.substring(colon + 1));
            if (!host.isEmpty() && port >= 0 && port <= 65_535) {
                return new InetSocketAddress(host, port);
            }
        } catch (NumberFormatException e) {
            // said below, with everything else that is wrong with it
        }
        throw new IllegalArgumentException("--bind: " + bind + " (expected: HOST:PORT, such as 0.0.0.0:3000)");
    }

    /** The queue's name, URL or ARN, as the library takes it; null without one. */
    @Nullable String queueName() {
        return queue != null && queue.startsWith("sqs://") ? queue.substring("sqs://".length()) : queue;
    }

    /** The etcd that is asked for. */
    Etcd etcd(@Nullable String password) {
        Etcd etcd = Etcd.at(etcdEndpoints.stream().map(this::url).toArray(String[]::new))
                .namespace(etcdNamespace);
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

    /** Durations as people write them: {@code 90s}, {@code 20m}, {@code 1h30m}. */
    static final class DurationConverter implements ITypeConverter<Duration> {

        @Override
        public Duration convert(String value) {
            try {
                Duration parsed = Duration.parse("PT" + value.toUpperCase(Locale.ROOT));
                if (!parsed.isZero() && !parsed.isNegative()) {
                    return parsed;
                }
            } catch (DateTimeParseException e) {
                // said below
            }
            throw new TypeConversionException("'" + value + "' (expected: a duration such as 90s, 20m or 1h)");
        }
    }
}
