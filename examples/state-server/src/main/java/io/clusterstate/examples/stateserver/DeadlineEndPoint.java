package io.clusterstate.examples.stateserver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritePendingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is cut, with a 408, if the headers of a request do not end in time. Headers that come at once set
 * no timer.
 *
 * <p>Thread: safe for any thread.
 */
final class DeadlineEndPoint extends SocketChannelEndPoint {

    private enum State {
        /** No byte of the next request has come. */
        WAITING,
        READING_HEADERS,
        ANSWERING,
        CUT
    }

    private final Duration limit;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    /** The timer of the headers that are being read; belongs to the thread that reads. */
    private volatile Scheduler.@Nullable Task timer;

    DeadlineEndPoint(
            SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler, Duration limit) {
        super(channel, selector, key, scheduler);
        this.limit = limit;
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        int filled = super.fill(buffer);
        if (filled > 0) {
            state.compareAndSet(State.WAITING, State.READING_HEADERS);
        }
        return filled;
    }

    @Override
    public void fillInterested(Callback callback) {
        watch();
        super.fillInterested(callback);
    }

    @Override
    public boolean tryFillInterested(Callback callback) {
        watch();
        return super.tryFillInterested(callback);
    }

    /** Starts the timer when the bytes so far do not end the headers. */
    private void watch() {
        if (state.get() == State.READING_HEADERS && timer == null) {
            timer = getScheduler().schedule(this::expire, limit.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    void headersEnded() {
        state.updateAndGet(now -> now == State.CUT ? now : State.ANSWERING);
        stopTimer();
    }

    void answered() {
        state.compareAndSet(State.ANSWERING, State.WAITING);
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        stopTimer();
        super.onClose(cause);
    }

    private void stopTimer() {
        Scheduler.Task running = timer;
        if (running != null) {
            running.cancel();
            timer = null;
        }
    }

    private void expire() {
        if (!state.compareAndSet(State.READING_HEADERS, State.CUT)) {
            return;
        }
        try {
            write(Callback.from(this::end), ByteBuffer.wrap(refusal()));
        } catch (WritePendingException e) {
            close();
        }
    }

    /** Ends the output before the input, so that the client can read the refusal. */
    private void end() {
        shutdownOutput();
        close();
    }

    private byte[] refusal() {
        String text = "The headers of the request did not end within " + limit.toSeconds() + " s";
        HttpFields.Mutable fields = HttpFields.build();
        SecurityHeaders.addTo(fields);
        fields.put("Content-Type", ErrorResponses.TEXT)
                .put("Content-Length", String.valueOf(text.length()))
                .put("Connection", "close");
        return ("HTTP/1.1 408 Request Timeout\r\n" + fields.asString() + text).getBytes(StandardCharsets.US_ASCII);
    }
}
