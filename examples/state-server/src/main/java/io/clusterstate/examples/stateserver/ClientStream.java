package io.clusterstate.examples.stateserver;

import io.javalin.http.Context;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer without an end, to one client. Nobody waits for the client's network but the subscription's own thread:
 * what is to be sent stands in a queue of at most {@value #MOST_BYTES} bytes, and one message above that. A client that
 * takes nothing for a while is dropped.
 *
 * <p>Thread: safe for any thread.
 */
final class ClientStream implements WriteListener {

    static final int MOST_BYTES = 256 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(ClientStream.class);

    private enum State {
        OPEN,
        ENDING,
        CLOSED
    }

    private final Duration patience;
    private final HttpServletRequest request;
    private final ServletOutputStream out;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final Deque<byte[]> queue = new ArrayDeque<>();
    private State state = State.OPEN;
    private long queuedBytes;
    private long sentBytes;
    /** The container's last word was that it takes more. */
    private boolean isWritable;

    private boolean isFlushed;
    private boolean endsAsError;

    private ClientStream(Context call, Duration patience) throws IOException {
        this.patience = patience;
        this.request = call.req();
        this.out = call.res().getOutputStream();
    }

    /** Sends the headers that are set so far, and keeps the answer open; the request has to be asynchronous by now. */
    static ClientStream open(Context call, Duration patience) throws IOException {
        ClientStream stream = new ClientStream(call, patience);
        stream.out.setWriteListener(stream);
        return stream;
    }

    /** Completes when the stream is over, for whatever reason. */
    CompletableFuture<Void> over() {
        return over;
    }

    /** Sends, as soon as the client takes it; waits while too much stands before it. */
    synchronized void send(byte[] message) throws InterruptedException {
        long seen = sentBytes;
        long since = System.nanoTime();
        while (state == State.OPEN && queuedBytes >= MOST_BYTES) {
            long left = since + patience.toNanos() - System.nanoTime();
            if (left <= 0) {
                LOG.info("stream: the client took nothing for {} and is dropped", patience);
                cut();
                return;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
            if (sentBytes != seen) { // slow, yet alive
                seen = sentBytes;
                since = System.nanoTime();
            }
        }
        offer(message);
    }

    /** Sends unless something else waits to be sent, which says as much; waits for nothing. */
    synchronized void sendIfIdle(byte[] message) {
        if (queue.isEmpty()) {
            offer(message);
        }
    }

    /** Sends in any case, after what waits to be sent; for the few words of a beginning. */
    synchronized void sendNow(byte[] message) {
        offer(message);
    }

    /** Sends a last word and ends; the client sees whether that was regular or an error. */
    synchronized void end(byte[] last, boolean asError) {
        if (offer(last)) {
            state = State.ENDING;
            endsAsError = asError;
            drain();
        }
    }

    /** Cuts the connection. */
    synchronized void cut() {
        if (state != State.CLOSED) {
            Connections.cut(request);
            close();
        }
    }

    private boolean offer(byte[] message) {
        if (state != State.OPEN) {
            return false;
        }
        queue.add(message);
        queuedBytes += message.length;
        drain();
        return true;
    }

    /** Hands on what the container takes; it calls {@link #onWritePossible()} when it takes more. */
    private void drain() {
        try {
            while (isWritable && state != State.CLOSED && !isDone()) {
                writeNext();
                isWritable = out.isReady();
            }
        } catch (IOException | IllegalStateException e) {
            onError(e);
        }
        if (isWritable && state == State.ENDING && isDone()) {
            complete();
        }
    }

    private boolean isDone() {
        return queue.isEmpty() && isFlushed;
    }

    private void writeNext() throws IOException {
        byte @Nullable [] next = queue.poll();
        if (next == null) {
            out.flush();
            isFlushed = true;
            return;
        }
        out.write(next);
        isFlushed = false;
        queuedBytes -= next.length;
        sentBytes += next.length;
        notifyAll();
    }

    private void complete() {
        if (endsAsError) {
            Connections.cut(request);
        }
        close();
    }

    private void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        queue.clear();
        notifyAll();
        over.complete(null);
    }

    @Override
    public synchronized void onWritePossible() {
        isWritable = out.isReady();
        drain();
    }

    @Override
    public synchronized void onError(Throwable failure) {
        LOG.debug("stream: the client is gone: {}", failure.toString());
        close();
    }
}
