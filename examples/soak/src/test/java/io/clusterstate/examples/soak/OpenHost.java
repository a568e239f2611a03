package io.clusterstate.examples.soak;

import io.clusterstate.Freshness;
import io.clusterstate.NotReadyException;
import io.clusterstate.StoreLink;
import io.clusterstate.spi.ViewHost;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The host of a view that is ready until a test says otherwise. */
final class OpenHost implements ViewHost {

    volatile boolean isReady = true;

    static Freshness freshUpTo(Instant moment) {
        return new Freshness(Optional.of(moment), Map.of(), Optional.empty(), Optional.empty(), StoreLink.LOCAL);
    }

    @Override
    public boolean isReady() {
        return isReady;
    }

    @Override
    public boolean isOver() {
        return false;
    }

    @Override
    public NotReadyException notReady() {
        return new NotReadyException("not ready, as the test wants it", null);
    }

    @Override
    public String waitsFor() {
        return "the test";
    }

    @Override
    public Freshness freshness() {
        return Freshness.NONE;
    }
}
