package io.clusterstate;

import java.util.stream.Stream;

/** What lives in a cluster, by kind. */
final class Residents {

    private Residents() {}

    @SuppressWarnings("unchecked") // each query is about its kind
    static <T> Stream<Observed<T>> of(Snapshot snapshot, EntityKind<T> kind, String clusterArn) {
        return (Stream<Observed<T>>)
                (Stream<?>) query(snapshot, kind).in(clusterArn).observed();
    }

    /** Those of all clusters. */
    @SuppressWarnings("unchecked") // each query is about its kind
    static <T> Stream<Observed<T>> of(Snapshot snapshot, EntityKind<T> kind) {
        return (Stream<Observed<T>>) (Stream<?>) query(snapshot, kind).observed();
    }

    private static Query<?, ?> query(Snapshot snapshot, EntityKind<?> kind) {
        if (kind == EntityKind.TASK) {
            return snapshot.tasks();
        }
        if (kind == EntityKind.INSTANCE) {
            return snapshot.instances();
        }
        return kind == EntityKind.SERVICE ? snapshot.services() : snapshot.clusters();
    }
}
