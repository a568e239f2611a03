package io.clusterstate.internal.index;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.TaskDefinitionQuery;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * Finds entities by id. Within a cluster, an id has one ARN in each of the two formats. Two lookups for each cluster
 * take the place of an index.
 */
final class Ids {

    private static final String CLUSTER = ":cluster/";

    private Ids() {}

    static boolean isArn(String text) {
        return text.startsWith("arn:");
    }

    /** The ARNs that an id of a kind has in a cluster, if it is there. */
    static List<String> arnsOf(EntityKind<?> kind, String clusterArn, String id) {
        int path = clusterArn.lastIndexOf(CLUSTER) + 1;
        if (path == 0) {
            return List.of();
        }
        String prefix = clusterArn.substring(0, path) + kind + "/";
        String name = clusterArn.substring(path + CLUSTER.length() - 1);
        return List.of(prefix + name + "/" + id, prefix + id);
    }

    /**
     * The entity with an id.
     *
     * @param id an id or a service's name; for a cluster, its name. The name of its cluster and a slash may precede it,
     *     as in an ARN in the long format
     * @throws IllegalArgumentException if several clusters have an entity with that id
     */
    static <T> @Nullable Observed<T> find(EntityKind<T> kind, Table<T> table, String id) {
        List<Observed<T>> found = kind == EntityKind.CLUSTER ? named(table, id) : inClusters(kind, table, id);
        requireOne(kind, id, kind == EntityKind.CLUSTER ? "an ARN" : "an ARN, or CLUSTER/" + id, found);
        return found.isEmpty() ? null : found.get(0);
    }

    /**
     * The definition of a family and revision, such as {@code web:7}.
     *
     * @throws IllegalArgumentException if several accounts or Regions have one
     */
    static Optional<TaskDefinition> definition(TaskDefinitionQuery all, String revision) {
        String family = Families.familyOf(revision);
        List<Observed<TaskDefinition>> found = family == null
                ? List.of()
                : all.family(family)
                        .observed()
                        .filter(each -> each.arn().endsWith("/" + revision))
                        .toList();
        requireOne(EntityKind.TASK_DEFINITION, revision, "an ARN", found);
        return found.stream().map(Observed::value).findFirst();
    }

    private static <T> void requireOne(EntityKind<T> kind, String id, String expected, List<Observed<T>> found) {
        if (found.size() > 1) {
            throw new IllegalArgumentException(
                    kind + ": " + id + " (expected: " + expected + ", since there are several: "
                            + found.stream().map(Observed::arn).sorted().toList() + ")");
        }
    }

    private static <T> List<Observed<T>> named(Table<T> table, String name) {
        List<Observed<T>> found = new ArrayList<>();
        for (Iterator<String> arns = table.clusters(name).iterator(); arns.hasNext(); ) {
            addIfPresent(found, table.get(arns.next()));
        }
        return found;
    }

    private static <T> List<Observed<T>> inClusters(EntityKind<T> kind, Table<T> table, String id) {
        List<Observed<T>> found = new ArrayList<>();
        for (Iterator<String> each = table.clusters().iterator(); each.hasNext(); ) {
            String cluster = each.next();
            for (String arn : arnsOf(kind, cluster, id)) {
                Observed<T> row = table.get(arn);
                addIfPresent(found, row == null || !row.clusterArn().equals(cluster) ? null : row);
            }
        }
        return found;
    }

    private static <T> void addIfPresent(List<Observed<T>> found, @Nullable Observed<T> row) {
        if (row != null) {
            found.add(row);
        }
    }
}
