package io.clusterstate;

import io.clusterstate.JournalCursor.Start;
import io.clusterstate.internal.loop.Backoff;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.ChangeJournal.Published;
import io.clusterstate.spi.ViewHost;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscriptions of one view.
 *
 * <p>Thread: safe for any thread.
 */
final class Subscriptions {

    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);
    private static final int MOST_FAILED = 16;

    private final ChangeJournal journal;
    private final ViewHost host;
    private final @Nullable ThreadFactory threads;
    private final Random random = new Random();
    private final AtomicInteger numbers = new AtomicInteger();
    /** The active ones. */
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    /** The ones whose thread may still live. */
    private final List<Subscriber> started = new CopyOnWriteArrayList<>();
    /** The last that ended by a failure, for the status; under its own lock. */
    private final Deque<Subscriber> failed = new ArrayDeque<>();

    private volatile boolean isClosed;

    /**
     * No subscriptions yet.
     *
     * @param threads makes the thread of each; null for a view by hand
     */
    Subscriptions(ChangeJournal journal, ViewHost host, @Nullable ThreadFactory threads) {
        this.journal = journal;
        this.host = host;
        this.threads = threads;
    }

    Subscription add(ChangeListener listener) {
        return add(listener, start(listener));
    }

    Subscription add(ChangeListener listener, long afterRevision) {
        return add(listener, after(listener, afterRevision));
    }

    /** The place at which a listener begins that knows nothing. */
    JournalCursor start(ChangeListener listener) {
        return host.isReady() ? cursor(listener).now() : cursor(listener);
    }

    /** The place of a listener that knows a revision. */
    JournalCursor after(ChangeListener listener, long revision) {
        return cursor(listener).after(revision);
    }

    /** The place of a subscriber of all changes that knows nothing. */
    JournalCursor wholeStart() {
        return new JournalCursor(journal, ChangeFilter.NONE, Start.INITIAL, Long.MAX_VALUE);
    }

    private JournalCursor cursor(ChangeListener listener) {
        return new JournalCursor(journal, listener.filter(), listener.start(), listener.behindAtMost());
    }

    private Subscription add(ChangeListener listener, JournalCursor cursor) {
        Subscriber subscriber = subscriber(listener.name(), cursor, recipient(listener));
        begin(subscriber);
        return subscriber;
    }

    Recipient recipient(ChangeListener listener) {
        return new ListenerRecipient(listener, failures -> Backoff.pause(Math.min(failures, Short.MAX_VALUE), random));
    }

    /** Adds a subscriber of all changes. */
    void add(Flow.Subscriber<? super ChangeBatch> flow) {
        FlowRecipient recipient = new FlowRecipient(flow);
        Subscriber subscriber = subscriber("publisher", wholeStart(), recipient);
        flow.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long batches) {
                if (recipient.request(batches)) {
                    subscriber.wake();
                }
                notice();
            }

            @Override
            public void cancel() {
                subscriber.cancel();
            }
        });
        begin(subscriber);
    }

    /** A subscriber, which is told nothing before {@link #begin}. */
    Subscriber subscriber(String name, JournalCursor cursor, Recipient recipient) {
        return new Subscriber(name + '-' + numbers.incrementAndGet(), cursor, recipient, this);
    }

    /** Begins to tell a subscriber of this view. */
    void begin(Subscriber subscriber) {
        subscribers.add(subscriber);
        if (threads != null) {
            start(subscriber, threads);
        }
        notice();
    }

    private void start(Subscriber subscriber, ThreadFactory factory) {
        synchronized (started) {
            started.removeIf(each -> !each.isAlive());
            boolean isStarted = false;
            try {
                subscriber.start(factory);
                isStarted = true;
                started.add(subscriber);
            } finally {
                if (!isStarted) {
                    subscribers.remove(subscriber); // the caller gets the error that there is no thread
                }
            }
        }
    }

    ViewHost host() {
        return host;
    }

    /** Wakes the subscribers for the batch that was published last. To be called by the publishing thread. */
    void published() {
        if (subscribers.isEmpty()) {
            return;
        }
        Published batch = journal.last();
        Published before = journal.at(batch.after().revision() - 1).orElse(null); // absent after a restart
        if (before == null) {
            wake();
        } else {
            wake((subscriber, cascade) -> subscriber.ring(cascade, before, batch));
        }
    }

    /** Wakes all subscribers. */
    void wake() {
        wake(Subscriber::ring);
    }

    private void wake(BiConsumer<Subscriber, Cascade> ring) {
        Subscriber[] all = subscribers.toArray(Subscriber[]::new);
        Cascade cascade = new Cascade(all.length);
        for (Subscriber each : all) {
            ring.accept(each, cascade);
        }
        cascade.begin();
    }

    /** The number of subscribers whose threads wait for something to tell. */
    int asleep() {
        return (int) subscribers.stream().filter(Subscriber::isAsleep).count();
    }

    /** Whether nobody will be told anything any more. */
    boolean isOver() {
        return isClosed || host.isOver();
    }

    /** The failure that ended the view; null if it was closed, or is not over. */
    @Nullable Throwable failure() {
        if (!host.isOver()) {
            return null;
        }
        NotReadyException over = host.notReady();
        return over.getCause() == null ? null : over;
    }

    /** Called by a subscriber that has ended. */
    void ended(Subscriber subscriber) {
        subscribers.remove(subscriber);
        if (subscriber.hasFailed()) {
            synchronized (failed) {
                failed.addLast(subscriber);
                if (failed.size() > MOST_FAILED) {
                    failed.removeFirst();
                }
            }
        }
    }

    /** Lets the keeper of a view by hand tell at once. */
    void notice() {
        if (threads == null) {
            host.subscriberAsked();
        }
    }

    /** The status of the active ones, and of the last ones that a failure ended. */
    List<SubscriptionStatus> statuses() {
        synchronized (failed) {
            return Stream.concat(subscribers.stream(), failed.stream())
                    .map(Subscriber::status)
                    .toList();
        }
    }

    /** Tells every subscriber on this thread; returns the number of batches and notices. */
    int tell() throws InterruptedException {
        int told = 0;
        for (Subscriber subscriber : subscribers) {
            while (subscriber.step()) {
                told++;
            }
        }
        return told;
    }

    /** Queues a notice for the subscribers that listen for notices. */
    void noticed(ServiceNotice notice) {
        wake((subscriber, cascade) -> subscriber.noticed(cascade, notice));
    }

    void reset() {
        subscribers.forEach(Subscriber::reset);
        wake();
    }

    /** Ends all subscriptions and waits for their threads; after four fifths of the limit it interrupts them. */
    void close(Duration limit) {
        isClosed = true;
        wake();
        long start = System.nanoTime();
        long gently = start + limit.toNanos() / 5 * 4;
        if (!join(gently)) {
            started.forEach(Subscriber::cancel);
            started.forEach(Subscriber::interrupt);
            if (!join(start + limit.toNanos())) {
                LOG.warn("close: a listener did not return within {}; its thread ends with it: {}", limit, statuses());
            }
        }
    }

    private boolean join(long deadline) {
        try {
            boolean ended = true;
            for (Subscriber subscriber : started) {
                ended &= subscriber.join(Duration.ofNanos(deadline - System.nanoTime()));
            }
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
