package io.clusterstate.etcd;

import static java.util.Objects.requireNonNull;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Which etcd, how it is reached, and where in it the state is: the same for all mirrors and readers of one state. Given
 * addresses, the library makes its own client, and makes another when one fails again and again; a {@link #through
 * client of the host's} it neither closes nor replaces.
 *
 * <p>etcd from 3.4 on, with the v3 API. The state is in keys under one {@link #namespace}, which nobody else may write
 * to. What etcd keeps of old revisions is for its operator to limit: run it with {@code --auto-compaction-mode} and
 * {@code --auto-compaction-retention}, else its database grows until its quota stops all writing. Source: the etcd
 * documentation, "Maintenance".
 *
 * <p>With authentication on, the user needs the right to read and write all keys under the namespace.
 *
 * <p>jetcd's Vert.x makes a folder under {@code java.io.tmpdir}, which nothing here needs; where it cannot, as in a
 * container whose file system may only be read, every call fails. Start the JVM with
 * {@code -Dvertx.disableFileCPResolving=true} there. Source: the API documentation of Vert.x 4,
 * {@code FileSystemOptions}.
 *
 * <p>Thread: immutable; nothing is connected before a store or a reader starts.
 */
public final class Etcd {

    /** Longer than an election among the members of etcd takes. */
    static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** As much as a watch may bring at once after it was cut off, in bytes; more is loaded anew, in pages. */
    private static final int LARGEST_MESSAGE = 64 * 1024 * 1024;

    /** Not more often than etcd permits, which is every 5 seconds unless set. */
    private static final Duration KEEPALIVE = Duration.ofSeconds(10);

    private static final String NAMESPACE = "css/";

    private final List<String> endpoints;
    private final @Nullable Client client;
    private final String namespace;
    private final @Nullable String user;
    private final @Nullable String password;
    private final @Nullable SslContext tls;
    private final Duration timeout;

    private Etcd(
            List<String> endpoints,
            @Nullable Client client,
            String namespace,
            @Nullable String user,
            @Nullable String password,
            @Nullable SslContext tls,
            Duration timeout) {
        this.endpoints = endpoints;
        this.client = client;
        this.namespace = namespace;
        this.user = user;
        this.password = password;
        this.tls = tls;
        this.timeout = timeout;
    }

    /**
     * An etcd by the addresses of its members.
     *
     * @param endpoints such as {@code http://10.0.0.1:2379}; at least one, better all
     * @return that etcd, without TLS and user
     */
    public static Etcd at(String... endpoints) {
        List<String> addresses = List.of(endpoints);
        if (addresses.isEmpty() || addresses.stream().anyMatch(each -> !each.matches("https?://.+:[0-9]+"))) {
            throw new IllegalArgumentException("endpoints: " + addresses
                    + " (expected: at least one, each as http://HOST:PORT or https://HOST:PORT)");
        }
        return new Etcd(addresses, null, NAMESPACE, null, null, null, TIMEOUT);
    }

    /**
     * An etcd by a client of the host's, which stays the host's: it is not closed here, and must not be closed before
     * what uses it. It should have {@code waitForReady(false)}, {@code keepaliveTime}, and a
     * {@code maxInboundMessageSize} of some 64 MiB; with less, a long outage costs a full load where it need not.
     *
     * @param client any
     * @return that etcd
     */
    public static Etcd through(Client client) {
        requireNonNull(client, "client: null (expected: a client)");
        return new Etcd(List.of(), client, NAMESPACE, null, null, null, TIMEOUT);
    }

    /**
     * Where the state is: under keys that begin so. One for the mirrors that share one queue and one choice of
     * clusters; the state of another account or Region needs another.
     *
     * @param prefix by default {@code css/}; ends with a slash
     * @return the same etcd with that namespace
     */
    public Etcd namespace(String prefix) {
        if (!prefix.endsWith("/")) {
            throw new IllegalArgumentException("prefix: " + prefix + " (expected: to end with /)");
        }
        return new Etcd(endpoints, client, prefix, user, password, tls, timeout);
    }

    /**
     * Who to be, where etcd has authentication on.
     *
     * @param name the user
     * @param secret the user's password
     * @return the same etcd with that user
     * @throws IllegalStateException if it is reached through a client of the host's, which has its own
     */
    public Etcd user(String name, String secret) {
        requireOwnClient("user");
        return new Etcd(endpoints, client, namespace, name, secret, tls, timeout);
    }

    /**
     * TLS, with the server's certificate checked.
     *
     * @param authority a PEM file of the certificates that are trusted
     * @return the same etcd with TLS
     * @throws IllegalArgumentException if the file cannot be read
     * @throws IllegalStateException if it is reached through a client of the host's, which has its own
     */
    public Etcd tls(Path authority) {
        return withTls(trusting(authority));
    }

    /**
     * TLS, with both certificates checked.
     *
     * @param authority a PEM file of the certificates that are trusted
     * @param certificate a PEM file of this client's certificates
     * @param key a PEM file of this client's private key, in PKCS #8
     * @return the same etcd with TLS
     * @throws IllegalArgumentException if a file cannot be read
     * @throws IllegalStateException if it is reached through a client of the host's, which has its own
     */
    public Etcd tls(Path authority, Path certificate, Path key) {
        SslContextBuilder context = trusting(authority);
        try {
            return withTls(context.keyManager(certificate.toFile(), key.toFile()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "certificate, key: " + certificate + ", " + key
                            + " (expected: PEM files of certificates and of the private key to the first, in PKCS #8)",
                    e);
        }
    }

    private SslContextBuilder trusting(Path authority) {
        requireOwnClient("tls");
        try {
            return GrpcSslContexts.forClient().trustManager(authority.toFile());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "authority: " + authority + " (expected: a PEM file of certificates)", e);
        }
    }

    private Etcd withTls(SslContextBuilder context) {
        try {
            return new Etcd(endpoints, client, namespace, user, password, context.build(), timeout);
        } catch (SSLException e) {
            throw new IllegalArgumentException(
                    "tls: " + e.getMessage() + " (expected: certificates and keys in use)", e);
        }
    }

    /**
     * How long a call may take before it counts as failed.
     *
     * @param limit by default 5 seconds; at least 100 ms
     * @return the same etcd with that limit
     */
    public Etcd timeout(Duration limit) {
        if (limit.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: at least 100 ms)");
        }
        return new Etcd(endpoints, client, namespace, user, password, tls, limit);
    }

    EtcdConnection connection() {
        Client hosts = client;
        return hosts == null
                ? EtcdConnection.ofOurOwn(this::newClient, toString(), timeout)
                : EtcdConnection.through(hosts, toString(), timeout);
    }

    Keys keys() {
        return new Keys(namespace);
    }

    /** Fails at once where nobody answers, tries nothing again by itself, and notices a peer that has gone silent. */
    private Client newClient() {
        ClientBuilder builder = Client.builder()
                .endpoints(endpoints.toArray(String[]::new))
                .waitForReady(false)
                .retryMaxAttempts(1)
                .connectTimeout(timeout)
                .keepaliveTime(KEEPALIVE)
                .keepaliveTimeout(KEEPALIVE)
                .keepaliveWithoutCalls(false)
                .maxInboundMessageSize(LARGEST_MESSAGE);
        if (user != null && password != null) {
            builder.user(bytes(user)).password(bytes(password));
        }
        if (tls != null) {
            builder.sslContext(tls);
        }
        return builder.build();
    }

    private void requireOwnClient(String what) {
        if (client != null) {
            throw new IllegalStateException(what + ": the client is the host's (expected: to be set on that client)");
        }
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "etcd " + (client == null ? endpoints : "by the host's client") + " under " + namespace;
    }
}
