package io.clusterstate;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * The connection of this process to the store behind its view. For a store in memory it is {@link State#LIVE}, or
 * {@link State#STANDBY} while another mirror receives the events. The connection to a shared store such as etcd can
 * break; the view then keeps answering from its last state.
 *
 * @param state the state of the connection
 * @param since the start of that state; for {@link State#STALE}, the moment up to which the view is known to have
 *     followed
 */
public record StoreLink(State state, Instant since) {

    /** The link to a store in the memory of this process. Its start is {@link Instant#EPOCH}, since it has none. */
    public static final StoreLink LOCAL = new StoreLink(State.LIVE, Instant.EPOCH);

    /** The state of a connection to a store. */
    public enum State {
        /** The view has not loaded anything yet. */
        LOADING,
        /** The view is loaded, but has not yet caught up with changes made during the load. */
        WARM,
        /** The view shows every change as soon as the store has it. */
        LIVE,
        /** The store has been silent for too long; the view may lack changes until it answers again. */
        STALE,
        /** The store is in this process, but another mirror holds the queue: changes arrive with the next reconcile. */
        STANDBY
    }

    /**
     * Creates a link.
     *
     * @param state the state of the connection
     * @param since the start of that state; for {@link State#STALE}, its last known good moment
     */
    public StoreLink {
        requireNonNull(state, "state: null (expected: a state)");
        requireNonNull(since, "since: null (expected: a moment)");
    }

    /**
     * Whether the view shows every change of the store, and the store receives events.
     *
     * @return whether the state is {@link State#LIVE}
     */
    public boolean isLive() {
        return state == State.LIVE;
    }

    @Override
    public String toString() {
        String holder = state == State.STANDBY ? ", while another mirror holds the queue" : "";
        String begun = since.equals(LOCAL.since) ? "" : " since " + since;
        return state + begun + holder;
    }
}
