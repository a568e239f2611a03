package io.clusterstate.benchmarks;

import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.EventSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** An event source that never delivers anything. */
final class QuietSource implements EventSource {

    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public List<Delivery> poll() throws InterruptedException {
        closed.await();
        return List.of();
    }

    @Override
    public void settle(Collection<Delivery> deliveries) {}

    @Override
    public void handBack(Collection<Delivery> deliveries) {}

    @Override
    public void close() {
        closed.countDown();
    }
}
