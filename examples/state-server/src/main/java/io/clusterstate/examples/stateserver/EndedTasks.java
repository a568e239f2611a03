package io.clusterstate.examples.stateserver;

import io.clusterstate.ClusterStateView;
import io.clusterstate.NotReadyException;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The number of ended tasks of each cluster, for clients that do not list these. It is counted again only after a
 * change.
 *
 * <p>Thread: safe for any thread.
 */
final class EndedTasks {

    /** The statuses of a task that has ended, each of which has an index. */
    private static final List<String> STATUSES = List.of("STOPPED", "DELETED");

    private final ClusterStateView view;
    private Counts last = new Counts(-1, Map.of());

    /** The numbers by cluster ARN, at a revision. */
    record Counts(long revision, Map<String, Long> tasks) {

        void write(Fields fields) throws IOException {
            fields.text("entityVersion", Long.toString(revision))
                    .list("tasks", tasks.entrySet(), (each, count) -> each.text("clusterARN", count.getKey())
                            .number("count", count.getValue()));
        }
    }

    EndedTasks(ClusterStateView view) {
        this.view = view;
    }

    /** The numbers now; the last ones if the view is not ready. */
    synchronized Counts now() {
        try {
            Snapshot now = view.snapshot();
            if (now.revision() != last.revision) {
                last = new Counts(now.revision(), count(now));
            }
        } catch (NotReadyException e) {
            // the client learns that from the freshness
        }
        return last;
    }

    private static Map<String, Long> count(Snapshot now) {
        return STATUSES.stream()
                .flatMap(status -> now.tasks().status(status).observed())
                .collect(Collectors.groupingBy(Observed::clusterArn, TreeMap::new, Collectors.counting()));
    }
}
