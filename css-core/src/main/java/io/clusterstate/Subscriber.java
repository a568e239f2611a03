package io.clusterstate;

import io.clusterstate.Recipient.Dispatch;
import io.clusterstate.internal.loop.FailureText;
import io.clusterstate.spi.ViewHost;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes batches from a feed to a recipient, one after the other, on a thread of its own; where that is so wished, the
 * recipient is called on an executor, and waited for. So a slow recipient delays nobody else.
 */
final class Subscriber implements Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(Subscriber.class);

    /** They are news, not state: of many, the last will do. */
    private static final int MOST_NOTICES = 100;

    private final String name;
    private final JournalCursor cursor;
    private volatile Recipient recipient;
    private final Executor executor;
    private final ViewHost host;
    private final Signal signal;
    private final Consumer<Subscriber> whenEnded;
    private final Queue<ServiceNotice> notices = new ArrayBlockingQueue<>(MOST_NOTICES);
    private volatile @Nullable Thread thread;
    private volatile @Nullable Handover handover;
    /** A batch or notice that is not told to its end yet. */
    private @Nullable Dispatch pending;

    private volatile boolean isCancelled;
    private volatile boolean hasFailed;
    private volatile boolean hasEnded;
    private volatile long batches;
    private volatile long resets;
    private volatile long failures;
    private volatile @Nullable String lastFailure;

    /**
     * A subscriber; nothing is told yet.
     *
     * @param executor where the recipient is called
     * @param signal raised when there may be something to tell
     * @param whenEnded told once that nothing will be told any more
     */
    Subscriber(
            String name,
            JournalCursor cursor,
            Recipient recipient,
            Executor executor,
            ViewHost host,
            Signal signal,
            Consumer<Subscriber> whenEnded) {
        this.name = name;
        this.cursor = cursor;
        this.recipient = recipient;
        this.executor = executor;
        this.host = host;
        this.signal = signal;
        this.whenEnded = whenEnded;
    }

    /** Begins to tell, on a thread of its own. */
    void start(ThreadFactory threads) {
        Thread made = threads.newThread(this::run);
        made.setName("css-" + name);
        thread = made;
        made.start();
    }

    @Override
    public void cancel() {
        isCancelled = true;
        withdraw();
        signal.raise();
    }

    /** Ends the subscription for a reason that the status tells. */
    void fail() {
        hasFailed = true;
        cancel();
    }

    /** Whether the recipient may still be called. */
    boolean mayTell() {
        return !isCancelled && !host.isOver();
    }

    /** Whether it has ended for another reason than its own wish or the view's end. */
    boolean hasFailed() {
        return hasFailed;
    }

    /** Takes back what an executor has not begun. */
    void withdraw() {
        Handover given = handover;
        if (given != null) {
            given.withdraw();
        }
    }

    /** Takes a notice to be told, if the recipient listens for such; returns whether it does. */
    boolean noticed(ServiceNotice notice) {
        if (!recipient.listensForNotices()) {
            return false;
        }
        while (!notices.offer(notice)) {
            notices.poll();
        }
        return true;
    }

    /** Makes the next batch a reset. */
    void reset() {
        cursor.reset();
    }

    /** Counts what went wrong, for the status, and tells the host; returns how many times something did. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread at a time
    long note(Throwable failure) {
        failures++;
        lastFailure = FailureText.of(failure);
        host.subscriberFailed(name, failure);
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
                long seen = signal.count();
                if (!step()) {
                    signal.await(seen);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("{}: interrupted, which ends nothing but a wait", name);
        }
    }

    /** Tells one batch or notice if there is one to be told; returns whether it got on. */
    @SuppressWarnings("IllegalCatch") // whatever a filter or a recipient throws ends this subscription and nothing else
    boolean step() throws InterruptedException {
        try {
            return !hasEnded && (endIfOver() || (recipient.isWilling() && host.isReady() && tellNext()));
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
        } else if (host.isOver()) {
            NotReadyException over = host.notReady();
            endWith(over.getCause() == null ? null : over);
        }
        return hasEnded;
    }

    private boolean tellNext() throws Exception {
        Dispatch dispatch = pending == null ? next() : pending;
        if (dispatch == null) {
            return false;
        }
        pending = dispatch;
        Duration pause = call(dispatch);
        if (pause == null) {
            pending = null;
            cursor.told();
            return true;
        }
        if (thread == null) {
            return false; // by hand: again when it is asked again
        }
        pause(pause);
        return true;
    }

    /** What is to be told next: changes before news. */
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

    private @Nullable Duration call(Dispatch dispatch) throws Exception {
        Handover given = new Handover(dispatch);
        handover = given;
        try {
            if (mayTell()) {
                executor.execute(given);
                given.await();
            }
            return given.pause();
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("executor: refused (expected: to run what it is given)", e);
        } finally {
            handover = null;
        }
    }

    /** Pauses, unless it may not tell any more. */
    private void pause(Duration pause) throws InterruptedException {
        long deadline = Signal.after(pause);
        long seen = signal.count();
        while (mayTell() && deadline - System.nanoTime() > 0) {
            signal.await(seen, deadline);
            seen = signal.count();
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

    @SuppressWarnings("IllegalCatch") // there is nobody left to be told
    private void endWith(@Nullable Throwable why) {
        try {
            if (!isCancelled) {
                recipient.end(why);
            }
        } catch (Throwable e) {
            LOG.warn("{}: failed when it was told of the end", name, e);
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
            whenEnded.accept(this);
        }
    }

    boolean isAlive() {
        Thread own = thread;
        return own != null && own.isAlive();
    }

    /**
     * Waits until nothing is told any more, for up to a limit; returns whether that is so, or whether it is being told
     * that asks.
     */
    boolean join(Duration limit) throws InterruptedException {
        Thread own = thread;
        Handover given = handover;
        Thread asking = Thread.currentThread();
        if (own == null || own == asking || (given != null && given.isRunBy(asking))) {
            return true;
        }
        own.join(Math.max(1, limit.toMillis()));
        return !own.isAlive();
    }

    /** Interrupts what is being told, wherever it is, or else what the subscription waits for. */
    void interrupt() {
        Thread own = thread;
        Handover given = handover;
        boolean isInterrupted = given != null && given.interrupt();
        if (!isInterrupted && own != null && own != Thread.currentThread()) {
            own.interrupt();
        }
    }

    @Override
    public String toString() {
        return "subscription " + name;
    }
}
