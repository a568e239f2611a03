package io.clusterstate.mirror;

import io.clusterstate.LoopStatus;
import io.clusterstate.StoreLink;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Coordination;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The coordination of a store that a single mirror uses: that mirror always leads, and keeps its own confirmation. Its
 * link is the mirror's link to its queue.
 */
final class NoCoordination implements Coordination {

    private static final long ONLY_TERM = 1;

    private final Supplier<StoreLink> link;
    private final List<Runnable> hooks = new CopyOnWriteArrayList<>();
    private volatile Confirmation confirmation = Confirmation.NONE;

    NoCoordination(Supplier<StoreLink> link) {
        this.link = link;
    }

    @Override
    public void start() {}

    @Override
    public StoreLink link() {
        return link.get();
    }

    @Override
    public boolean takesWrites() {
        return true;
    }

    @Override
    public long term() {
        return ONLY_TERM;
    }

    @Override
    public Optional<Leader> leader() {
        return Optional.empty();
    }

    @Override
    public void resign(long inTerm, String why) {} // no other process could lead

    @Override
    public Optional<String> owner() {
        return Optional.empty();
    }

    @Override
    public String registerOwner(String home, long inTerm) {
        return home;
    }

    @Override
    public Confirmation confirmation() {
        return confirmation;
    }

    @Override
    public void confirm(Confirmation now, long inTerm) {
        confirmation = now;
        hooks.forEach(Runnable::run);
    }

    /** No wait is needed: the view reads the store itself. */
    @Override
    public long currentRevision(Duration limit) {
        return 0;
    }

    @Override
    public void afterMove(Runnable hook) {
        hooks.add(hook);
    }

    @Override
    public List<LoopStatus> loops() {
        return List.of();
    }

    @Override
    public Optional<String> problem() {
        return Optional.empty();
    }
}
