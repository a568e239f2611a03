package io.clusterstate.examples.stateserver;

import io.clusterstate.ErrorAction;
import io.clusterstate.ListenerFailure;
import io.clusterstate.Subscription;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All streams that are open: bounds their number, keeps them alive, and ends them. */
final class Streams implements AutoCloseable {

    /** How one kind of stream speaks, beside the changes. */
    interface StreamFormat {

        /** Looks each second whether there is something to say; waits for nothing. */
        void tick(ClientStream stream, long second);

        /** The last word, before a stream ends. */
        byte[] farewell(String reason) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

    /** How long the last words may take; with what a mirror's close may take, below the 10 s that a server has. */
    private static final Duration FAREWELL = Duration.ofSeconds(4);

    private final int most;
    private final Duration patience;
    private final AtomicInteger count = new AtomicInteger();
    private final Set<Open> all = ConcurrentHashMap.newKeySet();
    private final ScheduledFuture<?> ticking;
    private volatile boolean isClosed;
    private long second;

    /** None yet; a client that takes nothing for so long is dropped. */
    Streams(int most, Duration patience, ScheduledExecutorService pulse) {
        this.most = most;
        this.patience = patience;
        this.ticking = pulse.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    /** How many are open: each counts until its answer has ended and all of it is with the network. */
    int count() {
        return count.get();
    }

    /**
     * Opens one. What can be refused is refused before the first byte: the subscription comes first, and waits with
     * what it has to tell until the stream is there, and the greetings are sent.
     */
    void open(Context call, StreamFormat format, Function<Open, Subscription> subscribe) {
        int opened = count.incrementAndGet(); // before the look at isClosed, so that close() waits for all that pass it
        Connections.whenAnswered(call.req(), count::decrementAndGet);
        if (isClosed) {
            throw new HttpError(503, "The server stops");
        }
        if (opened > most) {
            throw new HttpError(503, "Too many streams are open (at most " + most + ")");
        }
        Open open = new Open(format);
        boolean isFollowing = false;
        try {
            open.follows(subscribe.apply(open));
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
            } catch (Throwable e) { // else none would be heard of any more
                LOG.warn("stream: its heartbeat failed", e);
            }
        }
    }

    /** Tells all why, ends them, and returns when they have it, or after a while. */
    @Override
    public void close() {
        isClosed = true;
        ticking.cancel(false); // an interrupt in the middle of a write would close the client's connection
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

    /** One of them. */
    final class Open {

        private final StreamFormat format;
        private final CompletableFuture<ClientStream> stream = new CompletableFuture<>();
        private final List<byte[]> greetings = new ArrayList<>();
        private final Object lock = new Object();
        private @Nullable Subscription subscription;
        private boolean isOver;

        private Open(StreamFormat format) {
            this.format = format;
        }

        private CompletableFuture<Void> begin(Context call) {
            try {
                ClientStream opened = ClientStream.open(call, patience);
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

        /** Has something said before the first change. */
        void greet(byte[] message) {
            greetings.add(message);
        }

        private ClientStream stream() {
            return stream.join();
        }

        /** Sends, as soon as the client takes it; called by the subscription's own thread. */
        void send(byte[] message) throws InterruptedException {
            try {
                stream.get().send(message);
            } catch (ExecutionException | CancellationException e) {
                LOG.debug("stream: it never opened: {}", e.toString());
            }
        }

        /** Says why, and ends. */
        void end(String reason, boolean asError) {
            try {
                stream().end(format.farewell(reason), asError);
            } catch (IOException e) {
                LOG.warn("stream: its last word could not be written", e);
                stream().cut();
            }
        }

        /** What could not be told is not to be passed over in silence. */
        ErrorAction fail(ListenerFailure failure) {
            LOG.warn("stream: a change cannot be told, and so the stream ends", failure.error());
            end("the server failed", true);
            return ErrorAction.CANCEL;
        }

        private void follows(Subscription followed) {
            synchronized (lock) {
                subscription = followed;
                if (isOver) {
                    followed.cancel();
                }
            }
        }

        private void closed() {
            synchronized (lock) {
                if (isOver) {
                    return;
                }
                isOver = true;
                if (subscription != null) {
                    subscription.cancel();
                }
            }
            all.remove(this);
            stream.cancel(false); // if it never came
        }
    }
}
