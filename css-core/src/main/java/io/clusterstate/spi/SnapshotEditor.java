package io.clusterstate.spi;

import io.clusterstate.EntityChange;
import io.clusterstate.EntityKind;
import io.clusterstate.Freshness;
import io.clusterstate.Observed;
import io.clusterstate.Query;
import io.clusterstate.Removed;
import io.clusterstate.Snapshot;
import io.clusterstate.internal.index.IndexedSnapshot;
import io.clusterstate.internal.index.RevisionOrder;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Builds the next snapshot from the last one, for stores. The cost grows with the number of edits; the rest is shared.
 *
 * <p>Thread: one thread at a time; the resulting snapshots are immutable.
 */
public final class SnapshotEditor {

    private IndexedSnapshot edited;

    private SnapshotEditor(IndexedSnapshot base) {
        this.edited = base;
    }

    /**
     * An empty snapshot, at revision 0.
     *
     * @return the snapshot
     */
    public static Snapshot empty() {
        return IndexedSnapshot.EMPTY;
    }

    /**
     * An empty snapshot for the queries of listeners, which test entities outside any snapshot. An expression with
     * {@code task:group} is refused there.
     *
     * @return the snapshot
     */
    public static Snapshot forFilters() {
        return IndexedSnapshot.FOR_FILTERS;
    }

    /**
     * Brings changes into the order of a batch: by their revisions. Changes of one revision keep their order.
     *
     * @param changes the changes
     * @return an immutable list
     */
    public static List<EntityChange<?>> inOrder(List<EntityChange<?>> changes) {
        return RevisionOrder.of(changes);
    }

    /**
     * Whether a query calls code of the host, such as a test of {@link Query#where}, which may be slow or throw.
     *
     * @param query a query
     * @return whether {@link Query#matches} may call such code
     */
    public static boolean callsHost(Query<?, ?> query) {
        return IndexedSnapshot.callsHost(query);
    }

    /**
     * Starts from a snapshot.
     *
     * @param base a snapshot from {@link #empty()} or {@link #toSnapshot(long)}
     * @return an editor
     * @throws IllegalArgumentException if the snapshot comes from elsewhere
     */
    public static SnapshotEditor of(Snapshot base) {
        if (base instanceof IndexedSnapshot indexed) {
            return new SnapshotEditor(indexed);
        }
        throw new IllegalArgumentException("base: " + base + " (expected: a snapshot made by an editor)");
    }

    /** The value of an entity in a snapshot, by its ARN, id or name. */
    static <T> Optional<T> find(Snapshot snapshot, EntityKind<T> kind, String arnOrId) {
        return of(snapshot).edited.find(kind, arnOrId);
    }

    /** A snapshot with another freshness. */
    static Snapshot stamp(Snapshot snapshot, Freshness freshness) {
        return of(snapshot).edited.with(freshness);
    }

    /**
     * Puts an entity in place of the present value with its ARN, whatever their versions.
     *
     * @param observed the entity, with its revision
     * @return this
     */
    public SnapshotEditor put(Observed<?> observed) {
        edited = edited.with(observed);
        return this;
    }

    /**
     * Puts many entities, like {@link #put} for each. If the snapshot has no entity of their kind, it costs a fraction.
     *
     * @param all the entities, with their revisions; of several with one ARN, the last counts
     * @return this
     */
    public SnapshotEditor putAll(Collection<? extends Observed<?>> all) {
        edited = edited.withAll(all);
        return this;
    }

    /**
     * Removes an entity, if it is present. The snapshot then has its last value in {@link Snapshot#removed}.
     *
     * @param removal the removal, whatever its version
     * @return this
     */
    public SnapshotEditor remove(Removal<?> removal) {
        edited.observed(removal.kind(), removal.arn())
                .ifPresent(last -> edited = edited.without(Removed.of(last, removal)));
        return this;
    }

    /**
     * The snapshot with all edits so far.
     *
     * @param revision the revision of the last change in it
     * @return an immutable snapshot
     */
    public Snapshot toSnapshot(long revision) {
        return edited.at(revision);
    }
}
