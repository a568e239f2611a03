package io.clusterstate.internal.index;

import io.clusterstate.EntityChange;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The order of changes in a batch. It sorts numbers, each of a revision and a place, since a comparison of two changes
 * in main memory costs more than all else.
 */
public final class RevisionOrder {

    private RevisionOrder() {}

    /**
     * Sorts changes by their revisions. Changes of one revision keep their order.
     *
     * @param changes the changes
     * @return an immutable list
     */
    public static List<EntityChange<?>> of(List<EntityChange<?>> changes) {
        EntityChange<?>[] all = changes.toArray(EntityChange<?>[]::new);
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (EntityChange<?> each : all) {
            least = Math.min(least, each.revision());
            most = Math.max(most, each.revision());
        }
        int placeBits = Integer.SIZE - Integer.numberOfLeadingZeros(all.length);
        boolean isNarrow = least >= 0 && (most - least) >>> (Long.SIZE - 1 - placeBits) == 0;
        return List.of(isNarrow ? sorted(all, least, placeBits) : compared(all));
    }

    private static EntityChange<?>[] sorted(EntityChange<?>[] all, long least, int placeBits) {
        long[] keys = new long[all.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = (all[i].revision() - least) << placeBits | i;
        }
        Arrays.sort(keys);
        EntityChange<?>[] sorted = new EntityChange<?>[all.length];
        for (int i = 0; i < keys.length; i++) {
            sorted[i] = all[(int) keys[i] & ((1 << placeBits) - 1)];
        }
        return sorted;
    }

    private static EntityChange<?>[] compared(EntityChange<?>[] all) {
        Arrays.sort(all, Comparator.comparingLong(EntityChange::revision));
        return all;
    }
}
