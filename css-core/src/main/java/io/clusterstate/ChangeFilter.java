package io.clusterstate;

import io.clusterstate.spi.Applied;
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

    /** A test of more changes might take longer than to wake a thread. */
    private static final int MOST_TESTED = 16;

    /** The kinds in the order in which a batch holds entities of one revision: what others refer to comes first. */
    private static final List<EntityKind<?>> KINDS = List.of(
            EntityKind.TASK_DEFINITION, EntityKind.CLUSTER, EntityKind.SERVICE, EntityKind.INSTANCE, EntityKind.TASK);

    /** The narrowing of a kind: as a query to any snapshot, and as one that tests entities outside any. */
    private record Narrowing<T>(Function<Snapshot, ? extends Query<T, ?>> query, Query<T, ?> test) {}

    private final Set<EntityKind<?>> kinds;
    private final Map<EntityKind<?>, Narrowing<?>> narrowings;

    /** A filter of kinds; a kind without a narrowing passes whole. */
    private ChangeFilter(Set<EntityKind<?>> kinds, Map<EntityKind<?>, Narrowing<?>> narrowings) {
        this.kinds = kinds;
        this.narrowings = narrowings;
    }

    /** A filter that also lets only these kinds pass. */
    ChangeFilter only(Set<EntityKind<?>> some) {
        return new ChangeFilter(Set.copyOf(some), narrowings);
    }

    /** A filter that also lets only those entities of a kind pass that match a query over the given snapshot. */
    <T> ChangeFilter with(EntityKind<T> kind, Function<Snapshot, ? extends Query<T, ?>> query) {
        Map<EntityKind<?>, Narrowing<?>> more = new HashMap<>(narrowings);
        more.put(kind, new Narrowing<>(query, query.apply(SnapshotEditor.forFilters())));
        return new ChangeFilter(kinds, Map.copyOf(more));
    }

    /** All entities of a snapshot that pass, as additions. The cost grows with what the queries walk. */
    ChangeBatch initial(Snapshot snapshot) {
        if (this == NONE) {
            return snapshot.since(SnapshotEditor.empty()).as(ChangeBatch.Type.INITIAL);
        }
        List<EntityChange<?>> present = new ArrayList<>();
        KINDS.stream().filter(kinds::contains).forEach(kind -> addPresent(kind, snapshot, present));
        return new ChangeBatch(ChangeBatch.Type.INITIAL, 0, snapshot, SnapshotEditor.inOrder(present));
    }

    private <T> void addPresent(EntityKind<T> kind, Snapshot snapshot, List<EntityChange<?>> present) {
        Narrowing<T> narrowing = narrowing(kind);
        Query<T, ?> query =
                narrowing == null ? snapshot.query(kind) : narrowing.query().apply(snapshot);
        query.observed().forEach(each -> present.add(EntityChange.to(null, each)));
    }

    @SuppressWarnings("unchecked") // a narrowing is of the type of its kind
    private <T> @Nullable Narrowing<T> narrowing(EntityKind<T> kind) {
        return (Narrowing<T>) narrowings.get(kind);
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

    /**
     * Whether it is certain that no change passes. Runs no code of the host, so that any thread may ask; it then knows
     * less, as after more than {@value #MOST_TESTED} changes.
     */
    boolean passesNone(List<Applied> changes) {
        if (changes.size() > MOST_TESTED) {
            return false;
        }
        for (Applied each : changes) {
            if (kinds.contains(each.change().kind()) && mayPass(EntityChange.of(each))) {
                return false;
            }
        }
        return true;
    }

    private <T> boolean mayPass(EntityChange<T> change) {
        Narrowing<T> narrowing = narrowing(change.kind());
        return narrowing == null
                || SnapshotEditor.callsHost(narrowing.test())
                || matching(narrowing.test(), change.before()) != null
                || matching(narrowing.test(), change.after()) != null;
    }

    /** The change as the subscriber sees it; null if the subscriber does not see it. */
    private <T> @Nullable EntityChange<T> seen(EntityChange<T> change) {
        if (!kinds.contains(change.kind())) {
            return null;
        }
        Narrowing<T> narrowing = narrowing(change.kind());
        if (narrowing == null) {
            return change;
        }
        Observed<T> before = matching(narrowing.test(), change.before());
        Observed<T> after = matching(narrowing.test(), change.after());
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
