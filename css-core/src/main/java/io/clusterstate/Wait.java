package io.clusterstate;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A condition on snapshots that ends with a result.
 *
 * <p>Thread: one at a time; a test reads the snapshot alone, and never blocks.
 *
 * @param <R> the result
 */
interface Wait<R> {

    /** The ARNs of the entities whose changes can change the answer. */
    Collection<String> arns();

    /**
     * Tests a snapshot.
     *
     * @return the result; null if it may come later
     * @throws WaitFailedException if it can no longer come
     */
    @Nullable R test(Snapshot snapshot);

    /** The missing result, as the beginning of a message: {@code not all running}. */
    String missing();

    /** The present state of what is waited for, for people. */
    String state(Snapshot snapshot);
}
