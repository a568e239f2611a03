package io.clusterstate;

import io.clusterstate.spi.Change;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.Upsert;

/** Why an {@link EntityChange} came to be. */
public enum ChangeCause {
    /** A state-change event told of it. */
    EVENT,
    /** The first complete listing through the ECS API told of it. */
    LOAD,
    /** A later listing through the ECS API found that it had been missed. */
    RECONCILE,
    /** A question to the ECS API about just this entity told of it. */
    DESCRIBE,
    /** A removal: ECS answered that there is no such entity (promise 8). */
    MISSING,
    /** A removal: the entity had ended, and was kept for as long as was set. */
    RETENTION,
    /**
     * A removal as one listener sees it: the entity is there, but is not among what the listener asked for any more.
     */
    FILTER,
    /** A removal found by comparing two snapshots, which do not tell why. */
    UNKNOWN;

    /** The cause of what brought a value. */
    static ChangeCause of(Origin origin) {
        return switch (origin) {
            case EVENT -> EVENT;
            case LOAD -> LOAD;
            case RECONCILE -> RECONCILE;
            case DESCRIBE -> DESCRIBE;
        };
    }

    /** The cause of what a store took in. */
    static ChangeCause of(Change<?> change) {
        if (change instanceof Upsert<?> upsert) {
            return of(upsert.told().origin());
        }
        return ((Removal<?>) change).reason() == Removal.Reason.MISSING ? MISSING : RETENTION;
    }
}
