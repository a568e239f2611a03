package io.clusterstate.spi;

import io.clusterstate.Snapshot;
import java.util.List;
import java.util.Optional;

/**
 * A store of entities and tombstones that publishes a {@link Snapshot} after every batch of changes. It stores and
 * compares; {@link VersionRule#decide} decides.
 *
 * <p>Duties of an implementation, which the published contract tests check:
 *
 * <ul>
 *   <li>{@link #apply} is atomic for each entity: the store compares and replaces the present value in one step,
 *       whoever else writes. It may be called concurrently, again with the same changes, and after a failure.
 *   <li>A snapshot never holds half of a batch that this process applied. A store that cannot write every batch at once
 *       documents its limit. When {@code apply} returns, {@link #snapshot} shows its effect.
 *   <li>Revisions grow from batch to batch, and changes of one batch may share one. A snapshot's revision is that of
 *       the last change in it.
 *   <li>The {@link #journal} publishes every batch that has an effect, with each effective change once and in the order
 *       of revisions. A map that takes in these changes equals the snapshots (promise 9).
 *   <li>The store never drops entities to save memory: a missing entity would be taken for a removed one.
 *   <li>Tombstones outlive the longest time after which an event can still arrive.
 * </ul>
 *
 * <p>Thread: safe for any thread.
 */
public interface StateStore extends AutoCloseable {

    /**
     * Applies changes; every write to the store passes here.
     *
     * <p>Blocks: until the changes are safe, which for a store in memory is at once.
     *
     * @param changes the changes, in any order and of any kinds; several changes of an entity count in their order
     * @return the outcome of each change, in the order of the changes
     * @throws StateStoreException if the store failed; each change may or may not have been applied, and the caller
     *     repeats the call
     */
    List<Applied> apply(List<? extends Change<?>> changes);

    /**
     * The state after the last batch.
     *
     * <p>Blocks: never; it is in memory.
     *
     * @return the last published snapshot; an empty one, at revision 0, if nothing was ever applied
     */
    default Snapshot snapshot() {
        return journal().snapshot();
    }

    /**
     * The journal of this store, one for its whole life.
     *
     * @return the journal, which publishes every batch, whichever process wrote it
     */
    ChangeJournal journal();

    /**
     * Removes the ended entities whose retention is over, and drops expired tombstones. The mirror calls it from time
     * to time.
     *
     * @return the removals
     * @throws StateStoreException if the store failed; the caller repeats the call
     */
    List<Applied> expire();

    /**
     * The coordination of several processes, for a store whose state they share. Without it, a mirror needs a queue of
     * its own.
     *
     * @return always the same object; empty for a store of one process
     */
    default Optional<Coordination> coordination() {
        return Optional.empty();
    }

    /** Releases the resources of the store; later calls of {@link #apply} fail. Idempotent. */
    @Override
    void close();
}
