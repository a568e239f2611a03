package io.clusterstate;

import io.clusterstate.spi.Change;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.Upsert;

/** The cause of an {@link EntityChange}. */
public enum ChangeCause {
    /** A state-change event carried the value. */
    EVENT,
    /** The first complete listing through the ECS API brought the value. */
    LOAD,
    /** A later listing through the ECS API found a change that had been missed. */
    RECONCILE,
    /** A describe call to the ECS API for this entity alone brought the value. */
    DESCRIBE,
    /** A removal: ECS answered that the entity does not exist (promise 8). */
    MISSING,
    /** A removal: the entity had ended, and its retention has passed. */
    RETENTION,
    /** A removal for one listener: the entity is present, but no longer matches the listener's query. */
    FILTER,
    /** A removal found by comparing two snapshots, which do not carry the cause. */
    UNKNOWN;

    /** The cause for a value's origin. */
    static ChangeCause of(Origin origin) {
        return switch (origin) {
            case EVENT -> EVENT;
            case LOAD -> LOAD;
            case RECONCILE -> RECONCILE;
            case DESCRIBE -> DESCRIBE;
        };
    }

    /** The cause for an applied change. */
    static ChangeCause of(Change<?> change) {
        if (change instanceof Upsert<?> upsert) {
            return of(upsert.observed().origin());
        }
        return ((Removal<?>) change).reason() == Removal.Reason.MISSING ? MISSING : RETENTION;
    }
}
