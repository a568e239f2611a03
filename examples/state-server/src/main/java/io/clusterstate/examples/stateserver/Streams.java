package io.clusterstate.examples.stateserver;

import io.clusterstate.ErrorAction;
import io.clusterstate.ListenerFailure;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open streams: limits their number, keeps them alive, and ends them. */
final class Streams implements AutoCloseable {

    /** The heartbeat and the last message of a kind of stream. */
    interface StreamFormat {

        /** Sends a heartbeat if it is due. It is called each second and never blocks. */
        void tick(ClientStream stream, long second);

        /** The time for which messages may wait, to be sent together. */
        default Duration gathered() {
            return Duration.ZERO;
        }

        /** The last message of a stream. */
        byte[] farewell(String reason) throws IOException;
    }

    /** Begins to follow the changes for a stream, and returns the action that ends that. */
    @FunctionalInterface
    interface Follower {
        Runnable begin(Open open) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

    /**
     * The limit for sending last messages. Together with a mirror's close it stays below the 10 s of a server's stop.
     */
    private static final Duration FAREWELL = Duration.ofSeconds(4);

    private final int most;
    private final Duration patience;
    private final ScheduledExecutorService pulse;
    private final AtomicInteger count = new AtomicInteger();
    private final Set<Open> all = ConcurrentHashMap.newKeySet();
    private final ScheduledFuture<?> ticking;
    private volatile boolean isClosed;
    private long second;

    /** Makes an empty set. A client that accepts nothing for {@code patience} is dropped. */
    Streams(int most, Duration patience, ScheduledExecutorService pulse) {
        this.most = most;
        this.patience = patience;
        this.pulse = pulse;
        this.ticking = pulse.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    /** The number of open streams. A stream counts until its whole answer is with the network. */
    int count() {
        return count.get();
    }

    /**
     * Opens a stream. It subscribes before the first byte, so that a wrong request still gets an error status. The
     * subscription's first changes wait until the stream is open and its greetings are sent.
     */
    void open(Context call, StreamFormat format, Follower subscribe) throws IOException {
        // counted before isClosed is read, so that close() waits for every stream that passes
        int opened = count.incrementAndGet();
        Connections.whenAnswered(call.req(), count::decrementAndGet);
        if (isClosed) {
            throw new HttpError(503, "The server is stopping");
        }
        if (opened > most) {
            throw new HttpError(503, "Too many streams are open (at most " + most + ")");
        }
        Open open = new Open(format);
        boolean isFollowing = false;
        try {
            open.follows(subscribe.begin(open));
            call.future(() -> open.begin(call));
            isFollowing = true;
        } finally {
            if (!isFollowing) {
                open.closed();
            }
        }
    }

    private void tick() {
        second++;
        for (Open open : all) {
            try {
                open.format.tick(open.stream(), second);
            } catch (Throwable e) { // an exception would end the heartbeat of all streams
                LOG.warn("stream: a heartbeat failed", e);
            }
        }
    }

    /** Sends all streams a last message with the reason, ends them, and returns when all are sent, or at the limit. */
    @Override
    public void close() {
        isClosed = true;
        ticking.cancel(false); // an interrupt during a write would close the client's connection
        all.forEach(open -> open.end("the server stops", false));
        long deadline = System.nanoTime() + FAREWELL.toNanos();
        try {
            while (count() > 0 && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(open -> open.stream().cut());
    }

    /** An open stream. */
    final class Open {

        private final StreamFormat format;
        private final CompletableFuture<ClientStream> stream = new CompletableFuture<>();
        private final List<byte[]> greetings = new ArrayList<>();
        private final Object lock = new Object();
        private @Nullable Runnable cancel;
        private boolean isOver;

        private Open(StreamFormat format) {
            this.format = format;
        }

        private CompletableFuture<Void> begin(Context call) {
            try {
                ClientStream opened = ClientStream.open(call, patience, new Pace(pulse, format.gathered()));
                for (byte[] greeting : greetings) {
                    opened.sendNow(greeting);
                }
                all.add(this);
                stream.complete(opened);
                if (isClosed) {
                    end("the server stops", false);
                }
                return opened.over().whenComplete((nothing, failure) -> closed());
            } catch (IOException | RuntimeException e) {
                closed();
                return CompletableFuture.failedFuture(e);
            }
        }

        /** Sends a message before the first change. */
        void greet(byte[] message) {
            greetings.add(message);
        }

        private ClientStream stream() {
            return stream.join();
        }

        /**
         * Sends a message, and waits while the queue is full. Only subscriptions' threads may call it, one at a time.
         */
        void send(byte[] message) throws InterruptedException {
            try {
                stream.get().send(message);
            } catch (ExecutionException | CancellationException e) {
                LOG.debug("stream: not opened: {}", e.toString());
            }
        }

        /** Sends a last message with the reason, and ends the stream. */
        void end(String reason, boolean asError) {
            try {
                stream().end(format.farewell(reason), asError);
            } catch (IOException e) {
                LOG.warn("stream: the last message could not be written", e);
                stream().cut();
            }
        }

        /** Ends the stream after a failure, so that no change is skipped silently. */
        ErrorAction fail(ListenerFailure failure) {
            LOG.warn("stream: ended, since a change could not be written", failure.error());
            end("the server failed", true);
            return ErrorAction.CANCEL;
        }

        private void follows(Runnable ending) {
            synchronized (lock) {
                cancel = ending;
                if (isOver) {
                    ending.run();
                }
            }
        }

        private void closed() {
            synchronized (lock) {
                if (isOver) {
                    return;
                }
                isOver = true;
                if (cancel != null) {
                    cancel.run();
                }
            }
            all.remove(this);
            stream.cancel(false); // if the stream never opened
        }
    }
}
