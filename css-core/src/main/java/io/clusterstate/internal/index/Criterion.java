package io.clusterstate.internal.index;

import io.clusterstate.Observed;
import java.util.List;
import java.util.function.Predicate;

/**
 * One step of a question that an index can answer.
 *
 * @param field where to look
 * @param keys under which keys; every entity that is meant stands under at least one
 * @param test whether an entity is meant
 * @param exact whether every entity under these keys is meant, so that it need not be tested
 * @param <T> the AWS SDK's type of the entities
 */
record Criterion<T>(IndexField<T> field, List<String> keys, Predicate<Observed<T>> test, boolean exact) {

    /** How many entities of a cluster stand under the keys. */
    int size(Table<T> table, String clusterArn) {
        int size = 0;
        for (String key : keys) {
            size += table.find(clusterArn, field, key).size();
        }
        return size;
    }
}
