package io.clusterstate.examples.stateserver;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer without an end, to one client. Nobody waits for the client's network but the subscription's own thread: what is
 * to be sent stands in a queue of at most {@value #MOST_BYTES} bytes, and one message above that. A client that takes nothing
 * for {@value #PATIENCE_SECONDS} s is dropped.
 *
 * <p>Thread: safe for any thread.
 */
final class ClientStream implements WriteListener, AsyncListener {

    static final int MOST_BYTES = 256 * 1024;
    static final int PATIENCE_SECONDS = 20;

    private static final Logger LOG = LoggerFactory.getLogger(ClientStream.class);

    private enum State {
        OPEN,
        ENDING,
        CLOSED
    }

    private final HttpServletRequest request;
    private final AsyncContext async;
    private final ServletOutputStream out;
    private final Runnable whenClosed;
    private final Deque<byte[]> queue = new ArrayDeque<>();
    private State state = State.OPEN;
    private long queuedBytes;
    private long sentBytes;
    /** The container's last word was that it takes more. */
    private boolean isWritable;

    private boolean isFlushed;
    private boolean endsAsError;

    private ClientStream(HttpServletRequest request, Runnable whenClosed) throws IOException {
        this.request = request;
        this.async = request.startAsync();
        this.async.setTimeout(0);
        this.out = async.getResponse().getOutputStream();
        this.whenClosed = whenClosed;
    }

    /** Sends the headers that are set so far, and keeps the answer open. */
    static ClientStream open(HttpServletRequest request, Runnable whenClosed) throws IOException {
        ClientStream stream = new ClientStream(request, whenClosed);
        stream.async.addListener(stream);
        stream.out.setWriteListener(stream);
        return stream;
    }

    /** Sends, as soon as the client takes it; waits while too much stands before it. False if the stream is over. */
    synchronized boolean send(byte[] message) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        long sentBefore = sentBytes;
        while (state == State.OPEN && queuedBytes >= MOST_BYTES) {
            long left = deadline - System.nanoTime();
            if (left <= 0 && sentBytes == sentBefore) {
                LOG.info("stream: the client took nothing for {} s and is dropped", PATIENCE_SECONDS);
                cut();
                return false;
            }
            if (sentBytes != sentBefore) { // slow, yet alive
                deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
                sentBefore = sentBytes;
            }
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, left));
        }
        return offer(message);
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

    synchronized boolean isOpen() {
        return state == State.OPEN;
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
        try {
            async.complete();
        } catch (IllegalStateException e) {
            LOG.debug("stream: was over already: {}", e.toString());
        }
        whenClosed.run();
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

    @Override
    public synchronized void onComplete(AsyncEvent event) {
        close();
    }

    @Override
    public synchronized void onTimeout(AsyncEvent event) {
        close();
    }

    @Override
    public synchronized void onError(AsyncEvent event) {
        close();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // of another cycle, which there is not
    }
}
