package io.clusterstate;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Changes that happened together, and the snapshot after them.
 *
 * <p>The snapshot is the one just after the last of the changes, whatever has happened since. Who enters the changes of
 * every batch into a map, in their order, has what the snapshot has (promise 9).
 *
 * <p>Thread: immutable.
 *
 * @param type why the changes are told
 * @param since the revision up to which was told before; 0 for an initial batch
 * @param snapshot the state after the changes
 * @param changes in the order of their revisions; those of an initial batch, a reset or a difference hold each entity
 *     once
 */
public record ChangeBatch(Type type, long since, Snapshot snapshot, List<EntityChange<?>> changes) {

    /** Why changes are told. */
    public enum Type {
        /** All that is there at the beginning, as additions. */
        INITIAL,
        /** What has just happened, change by change. */
        LIVE,
        /**
         * The subscriber was too far behind: instead of what happened, the difference between what it was told last and
         * what is now. Changes that were undone in between are not told.
         */
        RESET,
        /** The difference of two snapshots, asked for by {@link Snapshot#since}. */
        DIFFERENCE
    }

    /**
     * A batch, as for the test of a handler.
     *
     * @param type why the changes are told
     * @param since the revision that was told before
     * @param snapshot the state after the changes
     * @param changes copied
     */
    public ChangeBatch {
        requireNonNull(type);
        requireNonNull(snapshot);
        changes = List.copyOf(changes);
    }

    /**
     * The revision up to which this batch tells. Once it has been told to its end, this is where to resume: the
     * revisions of single changes are not, since several may share one.
     *
     * @return the snapshot's revision
     */
    public long revision() {
        return snapshot.revision();
    }

    /**
     * The changes of one kind of entity.
     *
     * @param kind such as {@link EntityKind#TASK}
     * @param <T> the AWS SDK's type of the entity
     * @return the changes of that kind, in their order
     */
    @SuppressWarnings("unchecked") // a change is of the type of its kind
    public <T> List<EntityChange<T>> of(EntityKind<T> kind) {
        return changes.stream()
                .filter(change -> change.kind() == kind)
                .map(change -> (EntityChange<T>) change)
                .toList();
    }

    /** The same for another reason. */
    ChangeBatch as(Type other) {
        return new ChangeBatch(other, since, snapshot, changes);
    }

    @Override
    public String toString() {
        return type + " batch of " + changes.size() + " changes, from revision " + since + " to " + revision();
    }
}
