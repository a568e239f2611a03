package io.clusterstate.internal.index;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An indexed property of entities. Compared by identity.
 *
 * @param <T> the type of the entities
 */
final class IndexField<T> {

    private final String name;
    private final Function<T, @Nullable Object> source;
    private final Function<T, List<String>> keys;
    private final boolean hasOneKey;

    /**
     * Creates a field.
     *
     * @param name a name that is unique among the fields of its table
     * @param source the value that the keys derive from; if a change leaves it equal, the keys are unchanged
     * @param keys the keys of an entity
     */
    IndexField(String name, Function<T, @Nullable Object> source, Function<T, List<String>> keys) {
        this(name, source, keys, false);
    }

    private IndexField(
            String name, Function<T, @Nullable Object> source, Function<T, List<String>> keys, boolean hasOneKey) {
        this.name = name;
        this.source = source;
        this.keys = keys;
        this.hasOneKey = hasOneKey;
    }

    /** A field whose only key is the property itself. */
    static <T> IndexField<T> of(String name, Function<T, @Nullable String> property) {
        return derived(name, property::apply, property);
    }

    /** A field whose only key derives from the property. */
    static <T> IndexField<T> derived(
            String name, Function<T, @Nullable Object> source, Function<T, @Nullable String> key) {
        Function<T, List<String>> keys = entity -> {
            String made = key.apply(entity);
            return made == null ? List.of() : List.of(made);
        };
        return new IndexField<>(name, source, keys, true);
    }

    String name() {
        return name;
    }

    /** Whether an entity has at most one key, so that the entities of two keys are different ones. */
    boolean hasOneKey() {
        return hasOneKey;
    }

    @Nullable Object source(T entity) {
        return source.apply(entity);
    }

    List<String> keys(T entity) {
        return keys.apply(entity);
    }
}
