package io.clusterstate.spi;

import io.clusterstate.Snapshot;
import java.util.List;
import java.util.Optional;

/**
 * Holds the entities and the tombstones, and publishes a {@link Snapshot} after every batch of changes. It stores and
 * compares; it never decides: {@link VersionRule#decide} does.
 *
 * <p>Duties of an implementation, which the published contract tests ask:
 *
 * <ul>
 *   <li>{@link #apply} is atomic for each entity: what was kept is compared and replaced in one step, whoever else
 *       writes. It may be called concurrently, again with the same changes, and after a failure.
 *   <li>A snapshot never holds half of a batch that this process applied, as far as the store can write at once: a
 *       store with a limit documents it. When {@code apply} returns, {@link #snapshot} shows what it did.
 *   <li>Revisions grow from batch to batch, and changes of one batch may share one. A snapshot's revision is that of
 *       the last change in it.
 *   <li>Every batch that has an effect is published in the {@link #journal}, with each of its effective changes once
 *       and in the order of their revisions: entered into a map, they make what the snapshots hold (promise 9).
 *   <li>Entities are never given up to save memory: an entity that is missing would be taken for one that is gone.
 *   <li>Tombstones outlive the longest time after which an event can still come.
 * </ul>
 *
 * <p>Thread: safe for any thread.
 */
public interface StateStore extends AutoCloseable {

    /**
     * Takes in changes; the one write door.
     *
     * <p>Blocks: until they are safe, which for a store in memory is at once.
     *
     * @param changes in any order, of any kinds; several may be of the same entity and then count in their order
     * @return what each came to, in the same order
     * @throws StateStoreException if the store failed; then each change may or may not have been taken in, and the same
     *     call is to be repeated
     */
    List<Applied> apply(List<? extends Change<?>> changes);

    /**
     * The state after the last batch.
     *
     * <p>Blocks: never; it is read from memory.
     *
     * @return the last published snapshot; one that is empty, at revision 0, if nothing was ever applied
     */
    default Snapshot snapshot() {
        return journal().snapshot();
    }

    /**
     * What this store has published. There is one for the whole life of the store.
     *
     * @return the journal through which every batch was published, whoever brought it
     */
    ChangeJournal journal();

    /**
     * Removes the ended entities whose retention is over, and forgets tombstones that are too old. Called by the mirror
     * from time to time.
     *
     * @return the removals
     * @throws StateStoreException if the store failed; to be called again
     */
    List<Applied> expire();

    /**
     * What this store is to several processes, if they see the same state in it. If they do not, a mirror on it must
     * have its queue to itself.
     *
     * @return the same object at every call; empty for a store of one process
     */
    default Optional<Coordination> coordination() {
        return Optional.empty();
    }

    /** Releases what the store holds; later calls of {@link #apply} fail. Idempotent. */
    @Override
    void close();
}
