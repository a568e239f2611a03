package io.clusterstate.spi;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.internal.index.IndexedSnapshot;
import java.util.Collection;

/**
 * Makes the next snapshot from the last one, for stores. The cost follows what is put and removed; the rest is shared.
 *
 * <p>Thread: one thread at a time; the snapshots that it makes are immutable.
 */
public final class SnapshotEditor {

    private IndexedSnapshot edited;

    private SnapshotEditor(IndexedSnapshot base) {
        this.edited = base;
    }

    /**
     * The snapshot in which nothing is known, at revision 0.
     *
     * @return an empty snapshot
     */
    public static Snapshot empty() {
        return IndexedSnapshot.EMPTY;
    }

    /**
     * Begins with a snapshot.
     *
     * @param base from {@link #empty()} or {@link #toSnapshot(long)}
     * @return an editor
     * @throws IllegalArgumentException if the snapshot comes from elsewhere
     */
    public static SnapshotEditor of(Snapshot base) {
        if (base instanceof IndexedSnapshot indexed) {
            return new SnapshotEditor(indexed);
        }
        throw new IllegalArgumentException("base: " + base + " (expected: a snapshot made by an editor)");
    }

    /**
     * Puts an entity in place of what was there by its ARN. Versions are not compared here.
     *
     * @param observed the entity, with its revision
     * @return this
     */
    public SnapshotEditor put(Observed<?> observed) {
        edited = edited.with(observed);
        return this;
    }

    /**
     * Puts many entities, as {@link #put} does each; on a snapshot in which there is nothing of their kind that costs a
     * fraction.
     *
     * @param all the entities, with their revisions; of several of one ARN the last counts
     * @return this
     */
    public SnapshotEditor putAll(Collection<? extends Observed<?>> all) {
        edited = edited.withAll(all);
        return this;
    }

    /**
     * Takes an entity out, if it is there.
     *
     * @param kind the kind of the entity
     * @param arn its ARN
     * @return this
     */
    public SnapshotEditor remove(EntityKind<?> kind, String arn) {
        edited = edited.without(kind, arn);
        return this;
    }

    /**
     * The snapshot as it is now.
     *
     * @param revision of the last change in it
     * @return an immutable snapshot
     */
    public Snapshot toSnapshot(long revision) {
        return edited.at(revision);
    }
}
