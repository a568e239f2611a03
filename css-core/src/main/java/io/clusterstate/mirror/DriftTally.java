package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Outcome;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what a comparison finds, from several threads. */
final class DriftTally {

    private final AtomicInteger missed = new AtomicInteger();
    private final AtomicInteger stale = new AtomicInteger();
    private final AtomicInteger enriched = new AtomicInteger();
    private final AtomicInteger phantom = new AtomicInteger();
    private final AtomicInteger removed = new AtomicInteger();
    private final AtomicInteger heldBack = new AtomicInteger();
    private final AtomicInteger unproven = new AtomicInteger();

    /** What the store made of what ECS told. */
    void told(List<Applied> applied) {
        for (Applied each : applied) {
            if (each.outcome() == Outcome.ADDED) {
                missed.incrementAndGet();
            } else if (each.outcome() == Outcome.UPDATED && hasVersions(each)) {
                stale.incrementAndGet();
            } else if (each.outcome().hasEffect()) {
                enriched.incrementAndGet();
            }
        }
    }

    void phantoms(int count) {
        phantom.addAndGet(count);
    }

    void removed(List<Applied> applied) {
        removed.addAndGet((int) applied.stream()
                .filter(each -> each.outcome() == Outcome.REMOVED)
                .count());
    }

    void heldBack(int count) {
        heldBack.addAndGet(count);
    }

    void unproven(int count) {
        unproven.addAndGet(count);
    }

    Drift drift() {
        return new Drift(
                missed.get(),
                stale.get(),
                enriched.get(),
                phantom.get(),
                removed.get(),
                heldBack.get(),
                unproven.get());
    }

    private static boolean hasVersions(Applied applied) {
        EntityKind<?> kind = applied.change().kind();
        return kind == EntityKind.TASK || kind == EntityKind.INSTANCE;
    }
}
