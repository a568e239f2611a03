package io.clusterstate.internal.index;

import io.clusterstate.Removed;
import org.jspecify.annotations.Nullable;

/**
 * The newest removals, by ARN: at least {@value #GENERATION} of them, and at most twice as many. Removals enter a young
 * generation. Once it is full, it becomes the old one, and the former old one is dropped. So nothing is sorted or
 * searched for, and a removal costs one change of a map.
 *
 * <p>Thread: immutable.
 */
record Removals(PersistentMap<String, Removed<?>> young, PersistentMap<String, Removed<?>> old) {

    /** The number of removals in a full generation. */
    static final int GENERATION = 5_000;

    static final Removals NONE = new Removals(PersistentMap.empty(), PersistentMap.empty());

    Removals with(Removed<?> removed) {
        return young.size() < GENERATION
                ? new Removals(young.with(removed.arn(), removed), old)
                : new Removals(PersistentMap.<String, Removed<?>>empty().with(removed.arn(), removed), young);
    }

    @Nullable Removed<?> get(String arn) {
        Removed<?> newer = young.get(arn);
        return newer == null ? old.get(arn) : newer;
    }
}
