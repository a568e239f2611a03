package io.clusterstate;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * How this process is connected with the store that its view shows. A store in memory is always {@link State#LIVE}; a
 * shared one, as etcd, can be cut off, and then the view goes on answering from what it has.
 *
 * @param state how the view follows the store
 * @param since {@link State#STALE}: up to when it is known to have followed; else, when that began
 */
public record StoreLink(State state, Instant since) {

    /** That of a store in the memory of this process. */
    public static final StoreLink LOCAL = new StoreLink(State.LIVE, Instant.EPOCH);

    /** How a view follows its store. */
    public enum State {
        /** Nothing was loaded from the store yet. */
        LOADING,
        /** Loaded, and not yet at the point where the store was when that began. */
        WARM,
        /** Every change shows as soon as the store has it. */
        LIVE,
        /** Nothing was heard of the store for too long; changes may be missing until it is heard of again. */
        STALE
    }

    /**
     * A link.
     *
     * @param state how the view follows the store
     * @param since from when, or for {@link State#STALE} up to when
     */
    public StoreLink {
        requireNonNull(state, "state: null (expected: a state)");
        requireNonNull(since, "since: null (expected: a moment)");
    }

    /**
     * Whether the view has what the store has.
     *
     * @return true if so
     */
    public boolean isLive() {
        return state == State.LIVE;
    }

    @Override
    public String toString() {
        return state + " since " + since;
    }
}
