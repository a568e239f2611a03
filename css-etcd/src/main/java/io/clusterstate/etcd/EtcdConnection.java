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
 * The one door to etcd. Every call has a deadline, which jetcd's have not; and a client whose calls fail again and
 * again is replaced by a fresh one, since jetcd's does not always recover.
 *
 * <p>Thread: safe for any thread but jetcd's own: a call waits for its answer.
 */
final class EtcdConnection implements AutoCloseable {

    /** So many failures in a row, of all callers, are not a passing one. */
    private static final int TO_REPLACE = 5;

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

    /** By clients that are made, replaced and closed here. */
    static EtcdConnection ofOurOwn(Supplier<Client> clients, String name, Duration timeout) {
        return new EtcdConnection(clients, true, name, timeout);
    }

    /** By a client of somebody else's. */
    static EtcdConnection through(Client client, String name, Duration timeout) {
        return new EtcdConnection(() -> client, false, name, timeout);
    }

    Duration timeout() {
        return timeout;
    }

    /** How often a client was replaced by a fresh one. */
    synchronized int replaced() {
        return replaced;
    }

    /** The client of this moment. */
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
     * Asks, and waits for the answer up to the connection's time limit.
     *
     * @param what is asked, for people
     * @throws EtcdFailure if there is no answer, or a bad one; what was asked may have been done
     */
    <R> R call(String what, Function<Client, CompletableFuture<R>> request) throws InterruptedException {
        return call(what, timeout, request);
    }

    /** The same with another time limit. */
    <R> R call(String what, Duration limit, Function<Client, CompletableFuture<R>> request)
            throws InterruptedException {
        Client used = client();
        CompletableFuture<R> answer = begin(used, request);
        try {
            R result = answer.get(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS);
            succeeded();
            return result;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            failed(used, cause);
            throw new EtcdFailure(name + ": " + what + ": " + EtcdFailure.reasonOf(cause), cause);
        } catch (TimeoutException e) {
            if (limit.compareTo(timeout) >= 0) { // who has less patience may not judge the client
                failed(used, e);
            }
            throw new EtcdFailure(name + ": " + what + ": no answer within " + limit, e);
        } finally {
            answer.cancel(true);
        }
    }

    /** A client may fail before it asks, as in a JVM that shuts down; for who called it is a call that failed. */
    private static <R> CompletableFuture<R> begin(Client used, Function<Client, CompletableFuture<R>> request) {
        try {
            return request.apply(used);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Etcd has answered. */
    synchronized void succeeded() {
        failures = 0;
    }

    /** Counts a failure that may be the client's own, of this client. */
    synchronized void failed(Client used, Throwable why) {
        if (!EtcdFailure.isOfTheConnection(why) || used != client || !isOurs || isClosed) {
            return;
        }
        failures++;
        if (failures >= TO_REPLACE) {
            LOG.debug("{}: {} failures in a row, goes on with a fresh client", name, failures);
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
