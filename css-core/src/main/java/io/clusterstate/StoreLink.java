package io.clusterstate;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * How this process is connected with the store that its view shows. A store in memory is {@link State#LIVE}, or
 * {@link State#STANDBY} while another mirror receives the events; a shared one, as etcd, can be cut off. The view goes
 * on answering from what it has.
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
        STALE,
        /**
         * The store is in this process, but another mirror holds the queue: changes arrive with the next comparison.
         */
        STANDBY
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
     * Whether the view has what the store has, and the store receives events.
     *
     * @return true if so
     */
    public boolean isLive() {
        return state == State.LIVE;
    }

    @Override
    public String toString() {
        String holder = state == State.STANDBY ? ", while another mirror holds the queue" : "";
        return state + " since " + since + holder;
    }
}
