package io.clusterstate.memory;

import io.clusterstate.ChangeListener;
import io.clusterstate.StoreView;
import io.clusterstate.SubscriptionStatus;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The subscribers to the view of a {@link FakeClusterState}. The fake tells them of every change at once, on the thread
 * that makes the change, unless they are paused. Only one thread tells at a time. A listener or another thread that
 * makes a change meanwhile does not wait; the thread that tells goes on until nothing is left.
 *
 * <p>Thread: safe for any thread. Blocks: while listeners run.
 */
public final class FakeSubscribers {

    private final StoreView view;
    private final ListenerFailures failures;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile boolean isPaused;

    FakeSubscribers(StoreView view, ListenerFailures failures) {
        this.view = view;
        this.failures = failures;
    }

    /**
     * Stops telling subscribers, as if they were slow, until {@link #resume} or the end of the fake. A listener that
     * subscribes meanwhile begins with the state at the resumption; a listener for live changes only begins where it
     * subscribes.
     */
    public void pause() {
        isPaused = true;
    }

    /** Tells subscribers every change since the pause, and from now on every change at once. */
    public void resume() {
        isPaused = false;
        tell();
    }

    /**
     * Makes the next batch of every subscriber a reset, as if it had fallen too far behind. A reset carries the
     * difference between the state that the subscriber knows and the present state. Subscribers are told at once,
     * unless they are paused.
     */
    public void reset() {
        view.reset();
        tell();
    }

    /**
     * The status of the subscriptions.
     *
     * @return a status for each subscription
     */
    public List<SubscriptionStatus> statuses() {
        return view.subscriptions();
    }

    /** Lets the test pass although a {@link ChangeListener} throws; see {@link #failures}. */
    public void expectFailures() {
        failures.expect();
    }

    /**
     * The failures of listeners, expected or not.
     *
     * @return the failures, in the order in which listeners threw them
     */
    public List<Throwable> failures() {
        return failures.all();
    }

    /**
     * Fails the test if a listener has thrown, for a test in which the code under test may have caught the first
     * {@link AssertionError}. The JUnit extension calls it after each test.
     *
     * @throws AssertionError if a listener has thrown, and the test does not expect that
     */
    public void assertNoFailures() {
        failures.throwAll();
    }

    /** Tells subscribers every change that they have not seen, unless paused; throws what listeners threw. */
    void tell() {
        if (!isPaused && requests.getAndIncrement() == 0) {
            tellAll();
            failures.throwNew();
        }
    }

    private void tellAll() {
        try {
            int served;
            do {
                served = requests.get();
                tellUntilQuiet();
            } while (!requests.compareAndSet(served, 0));
        } catch (InterruptedException e) {
            requests.set(0);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("subscribers: interrupted while a listener ran (expected: to finish)", e);
        }
    }

    /** A listener may cause a change for a listener that was told before. */
    private void tellUntilQuiet() throws InterruptedException {
        int batches;
        do {
            batches = view.tell();
        } while (batches > 0);
    }
}
