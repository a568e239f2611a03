package io.clusterstate.internal.index;

import io.clusterstate.ChangeCause;
import io.clusterstate.EntityChange;
import io.clusterstate.Observed;
import io.clusterstate.ecs.EcsArn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All entities of one kind, by ARN, with indexes. A table is immutable: a change creates a new table that shares the
 * unchanged parts.
 *
 * <p>An index holds ARNs rather than entities, so that a change of an entity affects only the indexes whose key
 * changes.
 *
 * @param <T> the AWS SDK's type of the entities
 */
final class Table<T> {

    /** Every entity of a cluster. */
    private static final IndexField<Object> MEMBERS = IndexField.of("members", entity -> null);
    /** The clusters that have entities. */
    private static final IndexField<Object> CLUSTERS = IndexField.of("clusters", entity -> null);
    /** Those clusters by name. */
    private static final IndexField<Object> CLUSTER_NAMES = IndexField.of("cluster names", entity -> null);

    private static final String NO_CLUSTER = "";
    private static final String ALL = "";

    private final List<IndexField<T>> fields;
    private final PersistentMap<String, Observed<T>> rows;
    private final PersistentMap<IndexKey, PersistentSet<String>> indexes;

    private Table(
            List<IndexField<T>> fields,
            PersistentMap<String, Observed<T>> rows,
            PersistentMap<IndexKey, PersistentSet<String>> indexes) {
        this.fields = fields;
        this.rows = rows;
        this.indexes = indexes;
    }

    static <T> Table<T> empty(List<IndexField<T>> fields) {
        return new Table<>(fields, PersistentMap.empty(), PersistentMap.empty());
    }

    /**
     * A table with all of these entities; of several with one ARN, the last counts. An empty table is built at once.
     */
    Table<T> withAll(List<Observed<T>> all) {
        if (rows.isEmpty()) {
            Map<String, Observed<T>> byArn = new HashMap<>(all.size() * 2);
            all.forEach(row -> byArn.put(row.arn(), row));
            return of(fields, byArn);
        }
        Table<T> next = this;
        for (Observed<T> row : all) {
            next = next.with(row);
        }
        return next;
    }

    private static <T> Table<T> of(List<IndexField<T>> fields, Map<String, Observed<T>> rows) {
        Map<IndexKey, List<String>> indexes = new HashMap<>();
        Set<String> clusters = new HashSet<>();
        rows.forEach((arn, row) -> {
            String cluster = row.clusterArn();
            clusters.add(cluster);
            addTo(indexes, new IndexKey(cluster, MEMBERS, ALL), arn);
            for (IndexField<T> field : fields) {
                field.keys(row.value()).forEach(key -> addTo(indexes, new IndexKey(cluster, field, key), arn));
            }
        });
        for (String cluster : clusters) {
            addTo(indexes, new IndexKey(NO_CLUSTER, CLUSTERS, ALL), cluster);
            addTo(indexes, new IndexKey(NO_CLUSTER, CLUSTER_NAMES, EcsArn.nameOf(cluster)), cluster);
        }
        Map<IndexKey, PersistentSet<String>> made = new HashMap<>();
        indexes.forEach((key, arns) -> made.put(key, PersistentSet.of(arns)));
        return new Table<>(fields, PersistentMap.copyOf(rows), PersistentMap.copyOf(made));
    }

    /** Adds an ARN to a list. ARNs arrive one after the other, so a repeated one can only be the last of the list. */
    private static void addTo(Map<IndexKey, List<String>> indexes, IndexKey key, String arn) {
        List<String> arns = indexes.computeIfAbsent(key, each -> new ArrayList<>());
        if (arns.isEmpty() || !arns.get(arns.size() - 1).equals(arn)) {
            arns.add(arn);
        }
    }

    @Nullable Observed<T> get(String arn) {
        return rows.get(arn);
    }

    /** Calls {@code action} with the differences from an older table, in no particular order. */
    void since(Table<T> older, long revision, Consumer<EntityChange<T>> action) {
        rows.differences(older.rows, (before, after) -> action.accept(change(before, after, revision)));
    }

    private static <T> EntityChange<T> change(
            @Nullable Observed<T> before, @Nullable Observed<T> after, long revision) {
        return after == null
                ? EntityChange.removal(Objects.requireNonNull(before), ChangeCause.UNKNOWN, revision)
                : EntityChange.to(before, after);
    }

    PersistentMap<String, Observed<T>> rows() {
        return rows;
    }

    /** The ARNs of the clusters that have a name or an ARN. */
    PersistentSet<String> clusters(String nameOrArn) {
        if (Ids.isArn(nameOrArn)) {
            return PersistentSet.<String>empty().with(nameOrArn);
        }
        return find(NO_CLUSTER, CLUSTER_NAMES, nameOrArn);
    }

    /** Whether a cluster with this name or ARN has entities in this table. */
    boolean hasCluster(String nameOrArn) {
        return Ids.isArn(nameOrArn)
                ? !members(nameOrArn).isEmpty()
                : !clusters(nameOrArn).isEmpty();
    }

    /** The ARNs of all clusters with entities in this table. */
    PersistentSet<String> clusters() {
        return find(NO_CLUSTER, CLUSTERS, ALL);
    }

    /** The ARNs of a cluster's entities. */
    PersistentSet<String> members(String clusterArn) {
        return find(clusterArn, MEMBERS, ALL);
    }

    /** The ARNs of a cluster's entities that have a key in a field. */
    PersistentSet<String> find(String clusterArn, IndexField<?> field, String key) {
        PersistentSet<String> found = indexes.get(new IndexKey(clusterArn, field, key));
        return found == null ? PersistentSet.empty() : found;
    }

    Table<T> with(Observed<T> row) {
        Observed<T> before = rows.get(row.arn());
        if (before != null && !before.clusterArn().equals(row.clusterArn())) {
            return without(row.arn()).with(row);
        }
        Indexes updated = new Indexes();
        if (before == null) {
            updated.join(row.clusterArn(), row.arn());
        }
        for (IndexField<T> field : fields) {
            updated.update(field, before == null ? null : before.value(), row.value(), row);
        }
        PersistentMap<String, Observed<T>> newRows =
                before == null ? rows.withNew(row.arn(), row) : rows.withReplaced(row.arn(), row);
        return new Table<>(fields, newRows, updated.now);
    }

    Table<T> without(String arn) {
        Observed<T> before = rows.get(arn);
        if (before == null) {
            return this;
        }
        Indexes updated = new Indexes();
        for (IndexField<T> field : fields) {
            updated.update(field, before.value(), null, before);
        }
        updated.leave(before.clusterArn(), arn);
        return new Table<>(fields, rows.withoutPresent(arn), updated.now);
    }

    /** The indexes during a change. */
    private final class Indexes {

        private PersistentMap<IndexKey, PersistentSet<String>> now = indexes;

        void update(IndexField<T> field, @Nullable T before, @Nullable T after, Observed<T> row) {
            Object source = before == null ? null : field.source(before);
            Object newSource = after == null ? null : field.source(after);
            if (Objects.equals(source, newSource)) {
                return;
            }
            List<String> keys = before == null ? List.of() : field.keys(before);
            List<String> newKeys = after == null ? List.of() : field.keys(after);
            for (String key : keys) {
                if (!newKeys.contains(key)) {
                    remove(new IndexKey(row.clusterArn(), field, key), row.arn());
                }
            }
            for (String key : newKeys) {
                if (!keys.contains(key)) {
                    add(new IndexKey(row.clusterArn(), field, key), row.arn());
                }
            }
        }

        void join(String clusterArn, String arn) {
            IndexKey members = new IndexKey(clusterArn, MEMBERS, ALL);
            if (now.get(members) == null) {
                add(new IndexKey(NO_CLUSTER, CLUSTERS, ALL), clusterArn);
                add(new IndexKey(NO_CLUSTER, CLUSTER_NAMES, EcsArn.nameOf(clusterArn)), clusterArn);
            }
            add(members, arn);
        }

        void leave(String clusterArn, String arn) {
            IndexKey members = new IndexKey(clusterArn, MEMBERS, ALL);
            remove(members, arn);
            if (now.get(members) == null) {
                remove(new IndexKey(NO_CLUSTER, CLUSTERS, ALL), clusterArn);
                remove(new IndexKey(NO_CLUSTER, CLUSTER_NAMES, EcsArn.nameOf(clusterArn)), clusterArn);
            }
        }

        private void add(IndexKey key, String arn) {
            PersistentSet<String> arns = now.get(key);
            if (arns == null) {
                now = now.withNew(key, PersistentSet.<String>empty().with(arn));
            } else {
                now = now.withReplaced(key, arns.with(arn));
            }
        }

        private void remove(IndexKey key, String arn) {
            PersistentSet<String> arns = now.get(key);
            if (arns == null) {
                return;
            }
            PersistentSet<String> fewer = arns.without(arn);
            now = fewer.isEmpty() ? now.withoutPresent(key) : now.withReplaced(key, fewer);
        }
    }
}
