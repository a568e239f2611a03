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
 * An endless answer to a client. Messages wait in a queue of at most {@value #MOST_BYTES} bytes and a further message.
 * Only the subscription's own thread waits for the client's network. The server drops a client that accepts nothing for
 * a while.
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
    private final Pace pace;
    private final HttpServletRequest request;
    private final ServletOutputStream out;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final Deque<byte[]> queue = new ArrayDeque<>();
    private State state = State.OPEN;
    private long queuedBytes;
    private long sentBytes;
    /** Whether the servlet container accepts more bytes. */
    private boolean isWritable;

    private boolean isFlushed;
    private boolean endsAsError;

    private ClientStream(Context call, Duration patience, Pace pace) throws IOException {
        this.patience = patience;
        this.pace = pace;
        this.request = call.req();
        this.out = call.res().getOutputStream();
    }

    /** Sends the headers that are set so far, and keeps the answer open. The request must be asynchronous already. */
    static ClientStream open(Context call, Duration patience, Pace pace) throws IOException {
        ClientStream stream = new ClientStream(call, patience, pace);
        stream.out.setWriteListener(stream);
        return stream;
    }

    /** Completes when the stream has ended, for any reason. */
    CompletableFuture<Void> over() {
        return over;
    }

    /**
     * Queues a message, and waits while the queue is full. The pace of the stream says when it is sent, unless the
     * queue is full.
     */
    synchronized void send(byte[] message) throws InterruptedException {
        long seen = sentBytes;
        long since = System.nanoTime();
        while (state == State.OPEN && queuedBytes >= MOST_BYTES) {
            long left = since + patience.toNanos() - System.nanoTime();
            if (left <= 0) {
                LOG.info("stream: dropped, since the client accepted nothing for {}", patience);
                cut();
                return;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
            if (sentBytes != seen) { // slow but alive
                seen = sentBytes;
                since = System.nanoTime();
            }
        }
        if (add(message) && (queuedBytes >= MOST_BYTES || pace.isDue(this::drain))) {
            drain();
        }
    }

    /** Sends a heartbeat unless another message waits, which proves as much. It never blocks. */
    synchronized void sendIfIdle(byte[] message) {
        if (queue.isEmpty() || pace.isWaiting()) {
            offer(message);
        }
    }

    /**
     * Queues a message even if the queue is full. It is meant for the few messages at the beginning, and never blocks.
     */
    synchronized void sendNow(byte[] message) {
        offer(message);
    }

    /** Sends a last message and ends the stream. The client sees whether the end was regular or an error. */
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
        boolean isAdded = add(message);
        if (isAdded) {
            drain();
        }
        return isAdded;
    }

    private boolean add(byte[] message) {
        if (state != State.OPEN) {
            return false;
        }
        queue.add(message);
        queuedBytes += message.length;
        return true;
    }

    /**
     * Writes as long as the container accepts bytes. The container calls {@link #onWritePossible()} when it accepts
     * more.
     */
    private synchronized void drain() {
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
        LOG.debug("stream: closed by the client: {}", failure.toString());
        close();
    }
}
