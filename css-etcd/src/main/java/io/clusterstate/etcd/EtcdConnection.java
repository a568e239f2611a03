package io.clusterstate.etcd;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to etcd by clients of one type. Every call has a deadline, since jetcd's calls have none. A request
 * without an answer is repeated, so etcd may carry it out several times.
 *
 * <p>A client whose calls fail again and again is replaced, since jetcd's does not always recover. It is also replaced
 * if one of its connections is silent while etcd answers on another: a new client does not use a member that hangs.
 *
 * <p>Thread: safe for any thread except the client's own, since a call waits for its answer.
 *
 * @param <C> the type of the clients
 */
final class EtcdConnection<C> implements AutoCloseable {

    /** The number of failures in a row, over all callers, after which a client is replaced. */
    private static final int FAILURES_TO_REPLACE = 5;

    private static final Logger LOG = LoggerFactory.getLogger(EtcdConnection.class);

    private final Supplier<C> clients;
    /** Null for a client that is the host's. */
    private final @Nullable Consumer<C> closing;

    private final String name;
    private final Duration timeout;
    private volatile Runnable afterReplacement = () -> {};
    private @Nullable C client;
    private int failures;
    private int replaced;
    private long replacedAt;
    private boolean isClosed;

    private EtcdConnection(Supplier<C> clients, @Nullable Consumer<C> closing, String name, Duration timeout) {
        this.clients = clients;
        this.closing = closing;
        this.name = name;
        this.timeout = timeout;
    }

    /** A connection that makes, replaces and closes its clients. */
    static <C> EtcdConnection<C> ofOurOwn(Supplier<C> clients, Consumer<C> closing, String name, Duration timeout) {
        return new EtcdConnection<>(clients, closing, name, timeout);
    }

    /** A connection through a client that it neither replaces nor closes. */
    static <C> EtcdConnection<C> through(C client, String name, Duration timeout) {
        return new EtcdConnection<>(() -> client, null, name, timeout);
    }

    Duration timeout() {
        return timeout;
    }

    /** The number of clients that were replaced. */
    synchronized int replaced() {
        return replaced;
    }

    /**
     * The present client; made if there is none.
     *
     * @throws EtcdFailure if it cannot be made, as when a file for TLS cannot be read
     */
    synchronized C client() {
        if (isClosed) {
            throw new IllegalStateException(name + ": closed (expected: open)");
        }
        C now = client;
        if (now == null) {
            now = newClient();
            client = now;
        }
        return now;
    }

    private C newClient() {
        try {
            return clients.get();
        } catch (RuntimeException e) {
            throw new EtcdFailure(name + ": " + e.getMessage(), e);
        }
    }

    /**
     * Sends a request, and waits for the answer up to the connection's time limit.
     *
     * @param what the request, for people
     * @param request a request that etcd may carry out several times
     * @throws EtcdFailure if there is no answer in time, or a bad one; etcd may have carried the request out
     */
    <R> R call(String what, Function<? super C, CompletableFuture<R>> request) throws InterruptedException {
        return call(what, timeout, request);
    }

    /** Sends a request, and waits for the answer up to a limit; see {@link #call(String, Function)}. */
    <R> R call(String what, Duration limit, Function<? super C, CompletableFuture<R>> request)
            throws InterruptedException {
        R answer = EtcdCall.begin(this, what, limit, request).await();
        succeeded();
        return answer;
    }

    /** Sends a request, and does not wait for the answer; see {@link #call(String, Function)}. */
    <R> EtcdCall<C, R> begin(String what, Function<? super C, CompletableFuture<R>> request) {
        return EtcdCall.begin(this, what, timeout, request);
    }

    /** Ends the row of failures: etcd has answered. */
    synchronized void succeeded() {
        failures = 0;
    }

    /** Counts a failure if this client may have caused it, and replaces the client after several in a row. */
    void failed(C used, Throwable why) {
        if (hasFailedTooOften(used, why)) {
            LOG.debug("{}: replaced the client after {} failures in a row", name, FAILURES_TO_REPLACE);
            afterReplacement.run();
        }
    }

    private synchronized boolean hasFailedTooOften(C used, Throwable why) {
        if (EtcdFailure.kindOf(why) != EtcdFailure.Kind.CONNECTION || !mayReplace(used)) {
            return false;
        }
        failures++;
        return failures >= FAILURES_TO_REPLACE && replace(used);
    }

    /**
     * Replaces a client of which one connection is silent, while etcd answers on another. A member may be slow and not
     * hang, so this happens at most once within the time limit of a call.
     */
    void silent(C used) {
        if (isSilentForGood(used)) {
            LOG.warn("{}: replaced the client, since a member of etcd does not answer", name);
            afterReplacement.run();
        }
    }

    private synchronized boolean isSilentForGood(C used) {
        boolean isTooSoon = replaced > 0 && System.nanoTime() - replacedAt < timeout.toNanos();
        return !isTooSoon && mayReplace(used) && replace(used);
    }

    /** Replaces the present client, since another connection to the same etcd has replaced its own. */
    synchronized void renew() {
        C used = client;
        if (used != null && mayReplace(used)) {
            replace(used);
        }
    }

    /** Sets what to run after a client was replaced, other than by {@link #renew}. */
    void afterReplacement(Runnable hook) {
        afterReplacement = hook;
    }

    /** Whether a client is still the one for new requests. */
    synchronized boolean isCurrent(C used) {
        return used == client;
    }

    /** Whether another client is now the one for new requests. */
    synchronized boolean isReplaced(C used) {
        return used != client && !isClosed;
    }

    private boolean mayReplace(C used) {
        return used == client && closing != null && !isClosed;
    }

    private boolean replace(C used) {
        failures = 0;
        replaced++;
        replacedAt = System.nanoTime();
        client = null;
        close(used);
        return true;
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        C last = client;
        client = null;
        if (last != null) {
            close(last);
        }
    }

    private void close(C ours) {
        if (closing != null) {
            closing.accept(ours);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
