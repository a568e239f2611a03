package io.clusterstate.etcd;

import static java.util.Objects.requireNonNull;

import io.clusterstate.etcd.ClientSource.Addresses;
import io.clusterstate.etcd.ClientSource.HostClient;
import io.clusterstate.etcd.ClientSource.User;
import io.etcd.jetcd.Client;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The address of a state: the etcd, the way to reach it, and the keys that hold the state. All mirrors and readers of
 * one state use equal addresses.
 *
 * <p>Given the endpoints of etcd, css makes a client of its own, and replaces it after several failures in a row. A
 * client that the host {@linkplain #through provides} is neither replaced nor closed.
 *
 * <p>css needs etcd 3.4 or later, with the v3 API. Nothing else may write to keys under the {@link #namespace}. With
 * authentication on, the user needs the permission to read and write all of these keys.
 *
 * <p>etcd keeps every old revision until it compacts them, and stops all writes when its database reaches the quota.
 * Run it with {@code --auto-compaction-mode} and {@code --auto-compaction-retention}. Source: the etcd documentation,
 * "Maintenance".
 *
 * <p>A mirror uses jetcd, and jetcd uses Vert.x, which creates a folder under {@code java.io.tmpdir} that css does not
 * need. If it cannot, as in a container with a read-only file system, every write fails; start the JVM of a mirror with
 * {@code -Dvertx.disableFileCPResolving=true} there. A reader needs neither, unless the host provides its client.
 * Source: the API documentation of Vert.x 4, {@code FileSystemOptions}.
 *
 * <p>Thread: immutable. Nothing connects before a store or a reader starts.
 */
public final class Etcd {

    /** An election among the members of etcd takes less. */
    static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final Duration MIN_TIMEOUT = Duration.ofMillis(100);

    private static final String NAMESPACE = "css/";

    private final ClientSource clients;
    private final String namespace;
    private final Duration timeout;

    private Etcd(ClientSource clients, String namespace, Duration timeout) {
        this.clients = clients;
        this.namespace = namespace;
        this.timeout = timeout;
    }

    /**
     * An etcd at the addresses of its members, without TLS and authentication.
     *
     * @param endpoints the addresses, as {@code http://10.0.0.1:2379}; name every member, so that the loss of one does
     *     no harm
     * @return the etcd
     * @throws IllegalArgumentException if there is no address, or one is malformed
     */
    public static Etcd at(String... endpoints) {
        List<String> addresses = List.of(endpoints);
        if (addresses.isEmpty() || addresses.stream().anyMatch(each -> !each.matches("https?://.+:[0-9]+"))) {
            throw new IllegalArgumentException("endpoints: " + addresses
                    + " (expected: at least one, each as http://HOST:PORT or https://HOST:PORT)");
        }
        return new Etcd(new Addresses(addresses, null, null), NAMESPACE, TIMEOUT);
    }

    /**
     * An etcd that is reached through a client of the host's. The host closes the client, after the stores and readers
     * that use it.
     *
     * <p>The client should have {@code waitForReady(false)}, {@code retryMaxAttempts(0)}, and a
     * {@code maxInboundMessageSize} of 64 MiB. With a smaller message size, a process that was cut off for long loads
     * the whole state again. It should also have a {@code keepaliveTime} of 10 s and a {@code keepaliveTimeout} of 3 s:
     * they end its connection to a member that hangs, since css does not replace it.
     *
     * @param client the client, with its own user and TLS
     * @return the etcd
     */
    public static Etcd through(Client client) {
        requireNonNull(client, "client: null (expected: a client)");
        return new Etcd(new HostClient(client), NAMESPACE, TIMEOUT);
    }

    /**
     * Sets the prefix of all keys of the state. Mirrors that share a queue and a selection of clusters share a
     * namespace; the state of another account or Region needs a namespace of its own.
     *
     * @param prefix the prefix, ending with a slash; by default {@code css/}
     * @return a copy with that namespace
     * @throws IllegalArgumentException if the prefix does not end with a slash
     */
    public Etcd namespace(String prefix) {
        if (!prefix.endsWith("/")) {
            throw new IllegalArgumentException("prefix: " + prefix + " (expected: to end with /)");
        }
        return new Etcd(clients, prefix, timeout);
    }

    /**
     * Sets the user, for an etcd with authentication on.
     *
     * @param name the name of the user
     * @param secret the password of the user
     * @return a copy with that user
     * @throws IllegalStateException if the client is the host's; set the user on that client
     */
    public Etcd user(String name, String secret) {
        Addresses own = requireAddresses("user");
        return withClients(new Addresses(own.endpoints(), new User(name, secret), own.tls()));
    }

    /**
     * Turns TLS on; the client checks the certificate of the server. This method reads the file, and each client that
     * css makes later reads it again. To rotate certificates, replace the file; css makes a new client after several
     * failures in a row.
     *
     * @param authority a PEM file of the trusted certificates
     * @return a copy with TLS
     * @throws IllegalArgumentException if the file cannot be read
     * @throws IllegalStateException if the client is the host's; set TLS on that client
     */
    public Etcd tls(Path authority) {
        return withTls(requireAddresses("tls"), new TlsFiles(authority, null));
    }

    /**
     * Turns mutual TLS on; the client and the server check each other's certificates. The files are read as in
     * {@link #tls(Path)}.
     *
     * @param authority a PEM file of the trusted certificates
     * @param certificate a PEM file of the client's certificates
     * @param key a PEM file of the client's private key, in PKCS #8
     * @return a copy with mutual TLS
     * @throws IllegalArgumentException if a file cannot be read
     * @throws IllegalStateException if the client is the host's; set TLS on that client
     */
    public Etcd tls(Path authority, Path certificate, Path key) {
        return withTls(requireAddresses("tls"), new TlsFiles(authority, new TlsFiles.KeyPair(certificate, key)));
    }

    private Etcd withTls(Addresses own, TlsFiles files) {
        files.read();
        return withClients(new Addresses(own.endpoints(), own.user(), files));
    }

    /**
     * Sets the time limit of a call to etcd; a call without an answer by then has failed.
     *
     * @param limit the limit, at least 100 ms; by default 5 seconds
     * @return a copy with that limit
     * @throws IllegalArgumentException if the limit is shorter
     */
    public Etcd timeout(Duration limit) {
        if (limit.compareTo(MIN_TIMEOUT) < 0) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: at least 100 ms)");
        }
        return new Etcd(clients, namespace, limit);
    }

    /** Makes a connection of its own; no client is made before the first call. */
    EtcdNamespace connect() {
        return EtcdNamespace.of(
                clients.connect(toString(), timeout), clients.connectForReads(toString(), timeout), keys());
    }

    Keys keys() {
        return new Keys(namespace);
    }

    private Etcd withClients(Addresses addresses) {
        return new Etcd(addresses, namespace, timeout);
    }

    private Addresses requireAddresses(String what) {
        if (clients instanceof Addresses addresses) {
            return addresses;
        }
        throw new IllegalStateException(what + ": the client is the host's (expected: to be set on that client)");
    }

    @Override
    public String toString() {
        return "etcd " + clients + " under " + namespace;
    }
}
