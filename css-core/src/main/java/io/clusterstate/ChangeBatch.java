package io.clusterstate;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * Changes that happened together, and the snapshot after them.
 *
 * <p>The snapshot shows the moment just after the last of the changes, whatever has happened since. A map that takes in
 * the changes of every batch, in their order, equals the snapshot (promise 9).
 *
 * <p>Thread: immutable.
 *
 * @param type the reason for the batch
 * @param since the revision before the batch; 0 for an initial batch
 * @param snapshot the state after the changes
 * @param changes the changes in the order of their revisions; an initial batch, a reset and a difference hold each
 *     entity at most once
 * @param member the member of a {@link CompositeView} that the batch is of; its revisions and its snapshot are that
 *     member's alone. Empty outside a composite view
 */
public record ChangeBatch(
        Type type, long since, Snapshot snapshot, List<EntityChange<?>> changes, Optional<String> member) {

    /** The reason for a batch. */
    public enum Type {
        /** All entities at the beginning of a subscription, as additions. */
        INITIAL,
        /** Recent changes, each by itself. */
        LIVE,
        /**
         * The subscriber was too far behind: the batch holds the difference between the state that it knows and the
         * present one. Changes that were undone in between are left out.
         */
        RESET,
        /** The difference of two snapshots, from {@link Snapshot#since}. */
        DIFFERENCE
    }

    /**
     * Creates a batch, for instance to test a handler.
     *
     * @param type the reason for the batch
     * @param since the revision before the batch
     * @param snapshot the state after the changes
     * @param changes the changes; copied
     * @param member the member of a composite view; empty outside one
     */
    public ChangeBatch {
        requireNonNull(type);
        requireNonNull(snapshot);
        requireNonNull(member);
        changes = List.copyOf(changes);
    }

    /**
     * Creates a batch outside a composite view, for instance to test a handler.
     *
     * @param type the reason for the batch
     * @param since the revision before the batch
     * @param snapshot the state after the changes
     * @param changes the changes; copied
     */
    public ChangeBatch(Type type, long since, Snapshot snapshot, List<EntityChange<?>> changes) {
        this(type, since, snapshot, changes, Optional.empty());
    }

    /**
     * The revision at the end of this batch. A subscriber that has handled the whole batch may resume after it. The
     * revisions of single changes are unsuitable for that, since several changes may share one.
     *
     * @return the snapshot's revision
     */
    public long revision() {
        return snapshot.revision();
    }

    /**
     * The freshness of the state after this batch. A batch in the middle of many has the freshness of its own moment,
     * which is no proof of later changes.
     *
     * @return the snapshot's freshness
     */
    public Freshness freshness() {
        return snapshot.freshness();
    }

    /**
     * The changes of one kind of entity.
     *
     * @param kind the kind, such as {@link EntityKind#TASK}
     * @param <T> the AWS SDK's type of the entity
     * @return the changes of that kind, in their order
     */
    @SuppressWarnings("unchecked") // every change has the type of its kind
    public <T> List<EntityChange<T>> of(EntityKind<T> kind) {
        return changes.stream()
                .filter(change -> change.kind() == kind)
                .map(change -> (EntityChange<T>) change)
                .toList();
    }

    /** This batch with another type. */
    ChangeBatch as(Type other) {
        return new ChangeBatch(other, since, snapshot, changes, member);
    }

    /** This batch as one of a member of a composite view. */
    ChangeBatch of(String name) {
        return new ChangeBatch(type, since, snapshot, changes, Optional.of(name));
    }

    @Override
    public String toString() {
        return type + " batch of " + changes.size() + " changes"
                + member.map(name -> " in " + name).orElse("") + ", from revision " + since + " to " + revision();
    }
}
