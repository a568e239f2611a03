package io.clusterstate;

import io.clusterstate.Recipient.Dispatch;
import io.clusterstate.internal.loop.FailureText;
import io.clusterstate.spi.ChangeJournal.Published;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes batches from a place in the journal to a recipient, in order, on a thread of its own. So a slow recipient
 * delays nobody else.
 *
 * <p>Thread: the subscription's own thread tells; the status, the end and interrupts may come from any.
 */
final class Subscriber implements Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(Subscriber.class);

    /** Notices are news, not state: beyond this number the oldest are dropped. */
    private static final int MOST_NOTICES = 100;

    private final String name;
    private final JournalCursor cursor;
    private volatile Recipient recipient;
    private final Subscriptions subscriptions;
    private final Queue<ServiceNotice> notices = new ArrayBlockingQueue<>(MOST_NOTICES);
    private final Doorbell bell = new Doorbell();
    private volatile @Nullable Thread thread;
    /** The batch or notice that is being told; null between two. */
    private @Nullable Dispatch pending;

    private volatile boolean isCancelled;
    private volatile boolean hasFailed;
    private volatile boolean hasEnded;
    private volatile long batches;
    private volatile long resets;
    private volatile long failures;
    private volatile @Nullable String lastFailure;

    /** A subscriber that is told nothing before {@link #start} or {@link #step}. */
    Subscriber(String name, JournalCursor cursor, Recipient recipient, Subscriptions subscriptions) {
        this.name = name;
        this.cursor = cursor;
        this.recipient = recipient;
        this.subscriptions = subscriptions;
    }

    /** Starts the thread that tells. */
    void start(ThreadFactory threads) {
        Thread made = threads.newThread(this::run);
        made.setName("css-" + name);
        thread = made;
        made.start();
    }

    @Override
    public void cancel() {
        isCancelled = true;
        wake();
    }

    /** Ends the subscription by a failure, which stays in the status. */
    void fail() {
        hasFailed = true;
        cancel();
    }

    /** Whether the recipient may still be called. */
    boolean mayTell() {
        return !isCancelled && !subscriptions.isOver();
    }

    /** Whether a failure ended it, and neither a cancellation nor the end of the view. */
    boolean hasFailed() {
        return hasFailed;
    }

    /** Wakes the thread, unless it is awake. */
    void wake() {
        if (bell.ring()) {
            bell.wake();
        }
    }

    /** Rings for something other than a batch. */
    void ring(Cascade cascade) {
        cascade.ring(bell);
    }

    /** Rings for a batch, unless the thread sleeps and its filter passes no change of the batch. */
    void ring(Cascade cascade, Published before, Published batch) {
        synchronized (bell) {
            if (!bell.isAsleep() || !passesOver(before, batch)) {
                cascade.ring(bell);
            }
        }
    }

    @SuppressWarnings("IllegalCatch") // the thread itself finds the failure, too, and ends its subscription by it
    private boolean passesOver(Published before, Published batch) {
        try {
            return cursor.passesOver(before, batch);
        } catch (Throwable e) {
            return false;
        }
    }

    /** Whether the thread waits for something to tell. */
    boolean isAsleep() {
        return bell.isAsleep();
    }

    /** Queues a notice, if the recipient listens for notices. */
    void noticed(Cascade cascade, ServiceNotice notice) {
        if (recipient.listensForNotices()) {
            while (!notices.offer(notice)) {
                notices.poll();
            }
            ring(cascade);
        }
    }

    /** Makes the next batch a reset. */
    void reset() {
        cursor.reset();
    }

    /** Counts a failure for the status, and reports it to the host; returns the number of failures so far. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread at a time
    long note(Throwable failure) {
        failures++;
        lastFailure = FailureText.of(failure);
        subscriptions.host().subscriberFailed(name, failure);
        return failures;
    }

    @Override
    public SubscriptionStatus status() {
        return new SubscriptionStatus(
                name,
                !hasEnded && !isCancelled,
                cursor.behind(),
                batches,
                resets,
                failures,
                Optional.ofNullable(lastFailure));
    }

    private void run() {
        try {
            while (!hasEnded) {
                follow();
            }
        } finally {
            end();
        }
    }

    private void follow() {
        try {
            while (!hasEnded) {
                bell.listen();
                if (!step()) {
                    bell.await();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("{}: interrupted, which ends nothing but a wait", name);
        }
    }

    /** Tells the next batch or notice, if there is one; returns whether it did. */
    @SuppressWarnings("IllegalCatch") // an exception of a filter or a recipient ends this subscription and nothing else
    boolean step() throws InterruptedException {
        try {
            return !hasEnded
                    && (endIfOver()
                            || (recipient.isWilling() && subscriptions.host().isReady() && tellNext()));
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            endAfter(e);
            return true;
        }
    }

    private boolean endIfOver() {
        if (isCancelled) {
            end();
        } else if (subscriptions.isOver()) {
            endWith(subscriptions.failure());
        }
        return hasEnded;
    }

    private boolean tellNext() throws Exception {
        Dispatch dispatch = pending == null ? next() : pending;
        if (dispatch == null) {
            return false;
        }
        pending = dispatch;
        Duration pause = mayTell() ? dispatch.run() : null;
        if (pause == null) {
            pending = null;
            cursor.told();
            return true;
        }
        if (thread == null) {
            return false; // by hand: the next call of step tries again
        }
        pause(pause);
        return true;
    }

    /** The next batch; or, if there is none, the next notice. */
    private @Nullable Dispatch next() {
        ChangeBatch batch = cursor.next();
        if (batch != null) {
            count(batch);
            return recipient.tell(batch, this);
        }
        ServiceNotice notice = notices.poll();
        return notice == null ? null : recipient.tell(notice, this);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread at a time
    private void count(ChangeBatch batch) {
        batches++;
        resets += batch.type() == ChangeBatch.Type.RESET ? 1 : 0;
    }

    /** Pauses, or until it may not tell any more. */
    private void pause(Duration pause) throws InterruptedException {
        long deadline = Signal.after(pause);
        bell.listen();
        while (mayTell() && deadline - System.nanoTime() > 0) {
            bell.await(deadline);
            bell.listen();
        }
    }

    private void endAfter(Throwable failure) {
        hasFailed = true;
        try {
            note(failure);
            LOG.warn("{}: the subscription ends", name, failure);
        } finally {
            endWith(failure);
        }
    }

    @SuppressWarnings("IllegalCatch") // the recipient has no way left to handle its own failure
    private void endWith(@Nullable Throwable why) {
        try {
            if (!isCancelled) {
                recipient.end(why);
            }
        } catch (Throwable e) {
            LOG.warn("{}: failed when told of the end", name, e);
        } finally {
            end();
        }
    }

    private void end() {
        if (!hasEnded) {
            hasEnded = true;
            pending = null;
            notices.clear();
            cursor.end();
            recipient = Recipient.NOBODY;
            subscriptions.ended(this);
        }
    }

    boolean isAlive() {
        Thread own = thread;
        return own != null && own.isAlive();
    }

    /** Waits for the thread to end; returns whether it has ended, or is the calling thread itself. */
    boolean join(Duration limit) throws InterruptedException {
        Thread own = thread;
        if (own == null || own == Thread.currentThread()) {
            return true;
        }
        own.join(Math.max(1, limit.toMillis()));
        return !own.isAlive();
    }

    /** Interrupts the listener that is being told, or the wait for something to tell. */
    void interrupt() {
        Thread own = thread;
        if (own != null && own != Thread.currentThread()) {
            own.interrupt();
        }
    }

    @Override
    public String toString() {
        return "subscription " + name;
    }
}
