package io.clusterstate.internal.index;

import io.clusterstate.Observed;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A step of a query that an index can answer.
 *
 * @param field the index
 * @param keysIn the keys in that index, for the ARN of a cluster; every matching entity of the cluster has at least one
 *     of them
 * @param test the exact test of an entity
 * @param exact whether every entity with one of the keys matches, so that the test can be skipped
 * @param <T> the AWS SDK's type of the entities
 */
record Criterion<T>(
        IndexField<T> field, Function<String, List<String>> keysIn, Predicate<Observed<T>> test, boolean exact) {

    /** A criterion with the same keys in each cluster. */
    Criterion(IndexField<T> field, List<String> keys, Predicate<Observed<T>> test, boolean exact) {
        this(field, clusterArn -> keys, test, exact);
    }

    /** The number of a cluster's entities with these keys. */
    int size(Table<T> table, String clusterArn) {
        int size = 0;
        for (String key : keysIn.apply(clusterArn)) {
            size += table.find(clusterArn, field, key).size();
        }
        return size;
    }
}
