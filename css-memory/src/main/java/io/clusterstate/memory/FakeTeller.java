package io.clusterstate.memory;

import io.clusterstate.StoreView;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells the subscribers of a fake, unless they are held. Whoever wants them to be told while they are being told, a
 * listener or another thread, is served by who is telling, and does not wait: so nobody is told two things at once.
 *
 * <p>Thread: safe for any thread.
 */
final class FakeTeller {

    private final StoreView view;
    private final ListenerFailures failures;
    private final AtomicInteger wanted = new AtomicInteger();
    private volatile boolean isHeld;

    FakeTeller(StoreView view, ListenerFailures failures) {
        this.view = view;
        this.failures = failures;
    }

    void hold() {
        isHeld = true;
    }

    void release() {
        isHeld = false;
        tell();
    }

    /** Tells all that there is to tell, unless held; throws what listeners threw, if nobody expects that. */
    void tell() {
        if (!isHeld && wanted.getAndIncrement() == 0) {
            tellAll();
            failures.throwNew();
        }
    }

    private void tellAll() {
        try {
            int served;
            do {
                served = wanted.get();
                tellWhatIsThere();
            } while (!wanted.compareAndSet(served, 0));
        } catch (InterruptedException e) {
            wanted.set(0);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("tell: interrupted (expected: to wait for a listener's executor)", e);
        }
    }

    /** A listener that was told may have made something to tell for one that had been told before. */
    private void tellWhatIsThere() throws InterruptedException {
        int told;
        do {
            told = view.tell();
        } while (told > 0);
    }
}
