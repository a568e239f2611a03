package io.clusterstate.mirror;

import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.EventSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** An event source that delivers a test's batches, and records which deliveries were settled or handed back. */
final class ScriptedSource implements EventSource {

    private final BlockingQueue<List<Delivery>> batches = new LinkedBlockingQueue<>();
    private final List<Delivery> settled = new ArrayList<>();
    private final List<Delivery> handedBack = new ArrayList<>();
    private final List<Delivery> kept = new ArrayList<>();
    private final AtomicLong polls = new AtomicLong();
    private int made;
    private boolean isClosed;

    /** Hands over one batch of bodies; returns the deliveries that it will be. */
    synchronized List<Delivery> deliver(String... bodies) {
        List<Delivery> batch = new ArrayList<>();
        for (String body : bodies) {
            made++;
            batch.add(new Delivery("m" + made, body, "r" + made, Instant.EPOCH, Optional.empty(), 1));
        }
        batches.add(batch);
        return batch;
    }

    @Override
    public List<Delivery> poll() throws InterruptedException {
        polls.incrementAndGet();
        List<Delivery> next = batches.poll(20, TimeUnit.MILLISECONDS);
        return next == null ? List.of() : next;
    }

    @Override
    public synchronized void settle(Collection<Delivery> deliveries) {
        settled.addAll(deliveries);
    }

    @Override
    public synchronized void handBack(Collection<Delivery> deliveries) {
        handedBack.addAll(deliveries);
    }

    @Override
    public synchronized void keep(Collection<Delivery> deliveries, Duration time) {
        kept.addAll(deliveries);
    }

    @Override
    public synchronized void close() {
        isClosed = true;
    }

    /** How often it was polled. */
    long polls() {
        return polls.get();
    }

    synchronized List<Delivery> settled() {
        return List.copyOf(settled);
    }

    synchronized List<Delivery> kept() {
        return List.copyOf(kept);
    }

    synchronized List<Delivery> handedBack() {
        return List.copyOf(handedBack);
    }

    synchronized boolean isClosed() {
        return isClosed;
    }
}
