package io.clusterstate.mirror;

import java.util.concurrent.CountDownLatch;

/** A door at which a test can stop another thread. It is open until the test shuts it once. */
final class Door {

    private final CountDownLatch reached = new CountDownLatch(1);
    private volatile CountDownLatch opened = new CountDownLatch(0);

    void shut() {
        opened = new CountDownLatch(1);
    }

    void open() {
        opened.countDown();
    }

    /** Waits until somebody stands before the shut door. */
    void awaitSomebody() throws InterruptedException {
        reached.await();
    }

    /** Goes through, once it is open; an interrupt gets through, too. */
    void pass() {
        CountDownLatch awaited = opened;
        try {
            if (awaited.getCount() > 0) {
                reached.countDown();
            }
            awaited.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
