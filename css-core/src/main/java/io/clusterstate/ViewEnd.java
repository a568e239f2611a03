package io.clusterstate;

import io.clusterstate.spi.ViewHost;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** A host whose view may be closed before it. */
final class ViewEnd implements ViewHost {

    private final ViewHost host;
    private volatile boolean isClosed;

    ViewEnd(ViewHost host) {
        this.host = host;
    }

    void close() {
        isClosed = true;
    }

    @Override
    public boolean isReady() {
        return !isClosed && host.isReady();
    }

    @Override
    public boolean isOver() {
        return isClosed || host.isOver();
    }

    @Override
    public NotReadyException notReady() {
        return isClosed && !host.isOver()
                ? new NotReadyException("the view is closed (expected: open)", null)
                : host.notReady();
    }

    @Override
    public String waitsFor() {
        return host.waitsFor();
    }

    @Override
    public Freshness freshness() {
        return host.freshness();
    }

    @Override
    public long currentRevision(Duration limit) throws TimeoutException, InterruptedException {
        return host.currentRevision(limit);
    }

    @Override
    public void subscriberAsked() {
        host.subscriberAsked();
    }

    @Override
    public void subscriberFailed(String subscription, Throwable failure) {
        host.subscriberFailed(subscription, failure);
    }
}
