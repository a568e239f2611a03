package io.clusterstate.testing;

import io.clusterstate.LoopStatus;
import io.clusterstate.StoreLink;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Coordination;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A coordination that a test controls. At first its link is live, and every process leads. */
public final class TestCoordination implements Coordination {

    private final List<Runnable> hooks = new CopyOnWriteArrayList<>();
    private volatile Confirmation confirmation = Confirmation.NONE;
    private volatile StoreLink link = StoreLink.LOCAL;
    private volatile long term = 1;
    private volatile long revision;
    private volatile @Nullable Leader leader;
    private volatile @Nullable String owner;
    private final List<String> resignations = new CopyOnWriteArrayList<>();

    /**
     * Sets the term.
     *
     * @param newTerm the term in which the process leads; 0 if it does not
     */
    public void term(long newTerm) {
        term = newTerm;
        hooks.forEach(Runnable::run);
    }

    /**
     * Sets the link.
     *
     * @param state the new state
     */
    public void link(StoreLink.State state) {
        link = new StoreLink(state, Entities.NOW);
        hooks.forEach(Runnable::run);
    }

    /**
     * Sets the store's revision.
     *
     * @param current the result of {@link #currentRevision}
     */
    public void revision(long current) {
        revision = current;
    }

    /**
     * Sets the leader.
     *
     * @param process the process that leads; null if none does
     */
    public void leader(@Nullable Leader process) {
        leader = process;
    }

    /**
     * Sets the owner of the state.
     *
     * @param home the ARN prefix of the owner
     */
    public void owner(String home) {
        owner = home;
        hooks.forEach(Runnable::run);
    }

    /**
     * The reasons for which the process has resigned.
     *
     * @return the reasons, the first one first
     */
    public List<String> resignations() {
        return List.copyOf(resignations);
    }

    @Override
    public void start() {}

    @Override
    public StoreLink link() {
        return link;
    }

    @Override
    public boolean takesWrites() {
        return link.isLive();
    }

    @Override
    public long term() {
        return term;
    }

    @Override
    public Optional<Leader> leader() {
        return Optional.ofNullable(leader);
    }

    /** Another process leads then. */
    @Override
    public void resign(long inTerm, String why) {
        if (inTerm == term) {
            resignations.add(why);
            term(0);
        }
    }

    @Override
    public Optional<String> owner() {
        return Optional.ofNullable(owner);
    }

    @Override
    public String registerOwner(String home, long inTerm) {
        String present = owner;
        owner = present == null ? home : present;
        return owner;
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

    @Override
    public long currentRevision(Duration limit) {
        return revision;
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
