package io.clusterstate.spi;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The values of the last snapshot in hash tables, in which a lookup follows fewer references than in the snapshot. A
 * table holds its values of a moment only while {@link #turn} stands still at an even number, and is believed only
 * then.
 *
 * <p>Thread: safe for any thread; one at a time writes.
 */
final class LatestValues {

    private final ConcurrentHashMap<String, Object> tasks = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Object> instances = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Object> services = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Object> clusters = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Object> definitions = new ConcurrentHashMap<>();
    /** Odd while the tables change, and after a change that broke off. */
    private volatile long turn;

    /** The turn, to be read before {@link #get}. */
    long turn() {
        return turn;
    }

    /** Whether what was read since a turn is that of one snapshot. */
    boolean isBelievable(long since) {
        return (since & 1) == 0 && turn == since;
    }

    /** The value under an ARN; null if there is none. It makes no cast, which would load the value's header. */
    @SuppressWarnings("unchecked") // a table holds values of one kind
    <T> @Nullable T get(EntityKind<T> kind, String arn) {
        return (T) tableOf(kind).get(arn);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time
    private void believe() {
        turn++;
    }

    /** Makes lookups use the snapshot, until {@link #follow} or {@link #replace} is done. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time
    void suspend() {
        turn |= 1;
    }

    /** Whether the tables hold the values of a snapshot. */
    boolean isWhole() {
        return (turn & 1) == 0;
    }

    /** Takes over the changes that have led to the last snapshot. */
    void follow(List<Applied> changes) {
        for (Applied each : changes) {
            Observed<?> after = each.after();
            if (after == null) {
                tableOf(each.change().kind()).remove(each.change().arn());
            } else {
                tableOf(after.kind()).put(after.arn(), after.value());
            }
        }
        believe();
    }

    /** Takes over a whole snapshot. */
    void replace(Snapshot snapshot) {
        tasks.clear();
        instances.clear();
        services.clear();
        clusters.clear();
        definitions.clear();
        EntityKind.all().forEach(kind -> putAll(kind, snapshot));
        believe();
    }

    private <T> void putAll(EntityKind<T> kind, Snapshot snapshot) {
        ConcurrentHashMap<String, Object> table = tableOf(kind);
        snapshot.query(kind).stream().forEach(value -> table.put(kind.arnOf(value), value));
    }

    private ConcurrentHashMap<String, Object> tableOf(EntityKind<?> kind) {
        if (kind == EntityKind.TASK) {
            return tasks;
        }
        if (kind == EntityKind.INSTANCE) {
            return instances;
        }
        if (kind == EntityKind.SERVICE) {
            return services;
        }
        return kind == EntityKind.CLUSTER ? clusters : definitions;
    }
}
