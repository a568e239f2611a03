package io.clusterstate.benchmarks;

import io.clusterstate.Freshness;
import io.clusterstate.NotReadyException;
import io.clusterstate.spi.ViewHost;

/** A host whose view is always ready and never ends. */
final class AlwaysReady implements ViewHost {

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public boolean isOver() {
        return false;
    }

    @Override
    public NotReadyException notReady() {
        return new NotReadyException("never", null);
    }

    @Override
    public String waitsFor() {
        return "nothing";
    }

    @Override
    public Freshness freshness() {
        return Freshness.NONE;
    }
}
