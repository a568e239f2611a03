package io.clusterstate;

import io.clusterstate.spi.SnapshotEditor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A filter of the changes that one subscriber is told. An entity that comes to match is an addition to the subscriber,
 * and an entity that ceases to match is a removal.
 *
 * <p>Thread: immutable.
 */
final class ChangeFilter {

    /** A filter that every change passes. */
    static final ChangeFilter NONE = new ChangeFilter(Set.copyOf(EntityKind.all()), Map.of());

    private final Set<EntityKind<?>> kinds;
    private final Map<EntityKind<?>, Query<?, ?>> queries;

    /** A filter of kinds; a kind without a query passes whole. */
    private ChangeFilter(Set<EntityKind<?>> kinds, Map<EntityKind<?>, Query<?, ?>> queries) {
        this.kinds = kinds;
        this.queries = queries;
    }

    /** A filter that also lets only these kinds pass. */
    ChangeFilter only(Set<EntityKind<?>> some) {
        return new ChangeFilter(Set.copyOf(some), queries);
    }

    /** A filter that also lets only those entities of a kind pass that match a query over the given snapshot. */
    <T> ChangeFilter with(EntityKind<T> kind, Function<Snapshot, ? extends Query<T, ?>> query) {
        Map<EntityKind<?>, Query<?, ?>> more = new HashMap<>(queries);
        more.put(kind, query.apply(SnapshotEditor.forFilters()));
        return new ChangeFilter(kinds, Map.copyOf(more));
    }

    /** A batch of the changes that pass. */
    ChangeBatch apply(ChangeBatch batch) {
        if (this == NONE) {
            return batch;
        }
        List<EntityChange<?>> passed = new ArrayList<>();
        for (EntityChange<?> change : batch.changes()) {
            EntityChange<?> seen = seen(change);
            if (seen != null) {
                passed.add(seen);
            }
        }
        return new ChangeBatch(batch.type(), batch.since(), batch.snapshot(), passed);
    }

    /** The change as the subscriber sees it; null if the subscriber does not see it. */
    @SuppressWarnings("unchecked") // a query is of the type of its kind
    private <T> @Nullable EntityChange<T> seen(EntityChange<T> change) {
        if (!kinds.contains(change.kind())) {
            return null;
        }
        Query<T, ?> query = (Query<T, ?>) queries.get(change.kind());
        if (query == null) {
            return change;
        }
        Observed<T> before = matching(query, change.before());
        Observed<T> after = matching(query, change.after());
        if (after == null) {
            return before == null ? null : removal(before, change);
        }
        return new EntityChange<>(change.kind(), before, after, change.cause(), change.revision());
    }

    private static <T> EntityChange<T> removal(Observed<T> before, EntityChange<T> change) {
        ChangeCause cause = change.isRemoval() ? change.cause() : ChangeCause.FILTER;
        return EntityChange.removal(before, cause, change.revision());
    }

    private static <T> @Nullable Observed<T> matching(Query<T, ?> query, @Nullable Observed<T> observed) {
        return observed != null && query.matches(observed) ? observed : null;
    }
}
