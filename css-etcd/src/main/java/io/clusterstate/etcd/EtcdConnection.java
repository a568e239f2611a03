package io.clusterstate.etcd;

import io.etcd.jetcd.Client;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to etcd. Every call has a deadline, since jetcd's calls have none. A client whose calls fail again and
 * again is replaced, since jetcd's does not always recover.
 *
 * <p>Thread: safe for any thread except jetcd's own, since a call waits for its answer.
 */
final class EtcdConnection implements AutoCloseable {

    /** The number of failures in a row, over all callers, after which a client is replaced. */
    private static final int FAILURES_TO_REPLACE = 5;

    private static final Logger LOG = LoggerFactory.getLogger(EtcdConnection.class);

    private final Supplier<Client> clients;
    private final boolean isOurs;
    private final String name;
    private final Duration timeout;
    private @Nullable Client client;
    private int failures;
    private int replaced;
    private boolean isClosed;

    private EtcdConnection(Supplier<Client> clients, boolean isOurs, String name, Duration timeout) {
        this.clients = clients;
        this.isOurs = isOurs;
        this.name = name;
        this.timeout = timeout;
    }

    /** A connection that makes, replaces and closes its clients. */
    static EtcdConnection ofOurOwn(Supplier<Client> clients, String name, Duration timeout) {
        return new EtcdConnection(clients, true, name, timeout);
    }

    /** A connection through a client that it neither replaces nor closes. */
    static EtcdConnection through(Client client, String name, Duration timeout) {
        return new EtcdConnection(() -> client, false, name, timeout);
    }

    Duration timeout() {
        return timeout;
    }

    /** The number of clients that were replaced. */
    synchronized int replaced() {
        return replaced;
    }

    /** The present client; made if there is none. */
    synchronized Client client() {
        if (isClosed) {
            throw new IllegalStateException(name + ": closed (expected: open)");
        }
        Client now = client;
        if (now == null) {
            now = clients.get();
            client = now;
        }
        return now;
    }

    /**
     * Sends a request, and waits for the answer up to the connection's time limit.
     *
     * @param what the request, for people
     * @throws EtcdFailure if there is no answer in time, or a bad one; etcd may have carried the request out
     */
    <R> R call(String what, Function<Client, CompletableFuture<R>> request) throws InterruptedException {
        return call(what, timeout, request);
    }

    /** Sends a request, and waits for the answer up to a limit; see {@link #call(String, Function)}. */
    <R> R call(String what, Duration limit, Function<Client, CompletableFuture<R>> request)
            throws InterruptedException {
        Client used = client();
        CompletableFuture<R> answer = send(used, request);
        try {
            R result = answer.get(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS);
            succeeded();
            return result;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            failed(used, cause);
            throw new EtcdFailure(name + ": " + what + ": " + EtcdFailure.reasonOf(cause), cause);
        } catch (TimeoutException e) {
            if (limit.compareTo(timeout) >= 0) { // a shorter limit proves nothing about the client
                failed(used, e);
            }
            throw new EtcdFailure(name + ": " + what + ": no answer within " + limit, e);
        } finally {
            answer.cancel(true);
        }
    }

    /** A client may throw before it sends, as in a JVM that shuts down; to the caller that is a failed call. */
    private static <R> CompletableFuture<R> send(Client used, Function<Client, CompletableFuture<R>> request) {
        try {
            return request.apply(used);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Ends the row of failures: etcd has answered. */
    synchronized void succeeded() {
        failures = 0;
    }

    /** Counts a failure if this client may have caused it, and replaces the client after several in a row. */
    synchronized void failed(Client used, Throwable why) {
        if (EtcdFailure.kindOf(why) != EtcdFailure.Kind.CONNECTION || used != client || !isOurs || isClosed) {
            return;
        }
        failures++;
        if (failures >= FAILURES_TO_REPLACE) {
            LOG.debug("{}: replaces the client after {} failures in a row", name, failures);
            failures = 0;
            replaced++;
            client = null;
            used.close();
        }
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        Client last = client;
        client = null;
        if (isOurs && last != null) {
            last.close();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
