package io.clusterstate.examples.stateserver;

import io.clusterstate.ClusterStateView;
import io.clusterstate.NotReadyException;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.TaskQuery;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.model.Cluster;

/**
 * The number of ended tasks of each cluster, for clients that do not list these. It is counted again only after a
 * change. Each number is the size of an index, so the cost follows the number of clusters.
 *
 * <p>Thread: safe for any thread.
 */
final class EndedTasks {

    private final Places places;
    private final Map<String, Counts> last = new LinkedHashMap<>();

    /** The numbers by cluster ARN, at some revisions. */
    record Counts(Revisions revisions, Map<String, Long> tasks) {

        void write(Fields fields) throws IOException {
            fields.text("entityVersion", revisions.toString())
                    .list("tasks", tasks.entrySet(), (each, count) -> each.text("clusterARN", count.getKey())
                            .number("count", count.getValue()));
        }
    }

    EndedTasks(Places places) {
        this.places = places;
    }

    /** The numbers now; the last ones of a place that is not ready. */
    synchronized Counts now() {
        Revisions revisions = Revisions.NONE;
        Map<String, Long> tasks = new TreeMap<>();
        for (Map.Entry<String, ClusterStateView> place : places.views().entrySet()) {
            Counts counts = now(place.getKey(), place.getValue());
            revisions = revisions.with(counts.revisions);
            tasks.putAll(counts.tasks);
        }
        return new Counts(revisions, tasks);
    }

    private Counts now(String place, ClusterStateView view) {
        Counts known = last.getOrDefault(place, new Counts(Revisions.NONE, Map.of()));
        try {
            Snapshot now = view.snapshot();
            Revisions revisions = Revisions.NONE.with(place, now.revision());
            if (!revisions.equals(known.revisions)) {
                known = new Counts(revisions, count(now));
                last.put(place, known);
            }
        } catch (NotReadyException e) {
            // the client learns that from the freshness
        }
        return known;
    }

    private static Map<String, Long> count(Snapshot now) {
        TaskQuery ended = now.tasks().ended();
        Map<String, Long> counts = new TreeMap<>();
        long left = ended.count();
        for (String cluster : now.clusters().stream().map(Cluster::clusterArn).toList()) {
            int count = left == 0 ? 0 : ended.in(cluster).count();
            if (count > 0) {
                counts.put(cluster, (long) count);
            }
            left -= count;
        }
        return left == 0 ? counts : countAll(ended);
    }

    /** Counts by a walk, if a cluster with tasks is not in the view. */
    private static Map<String, Long> countAll(TaskQuery ended) {
        return ended.observed()
                .collect(Collectors.groupingBy(Observed::clusterArn, TreeMap::new, Collectors.counting()));
    }
}
