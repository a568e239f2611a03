package io.clusterstate;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Up to when the view is known to be whole: written only when a pass ends that leaves nothing open (promise 6).
 *
 * <p>The whole is as fresh as its oldest cluster, and no fresher than the list of clusters of which every one has been
 * compared: a cluster that is not compared yet may have changed at any time since the list before.
 *
 * <p>Thread: safe for any thread.
 */
final class FreshnessBook {

    private record ClusterList(Set<String> arns, Instant upTo) {}

    private record Entry(Map<String, Instant> clusters, Optional<Instant> whole) {}

    private final Map<String, Instant> clusters = new HashMap<>();
    private @Nullable ClusterList awaited;
    private @Nullable Instant listUpTo;
    private final Signal signal;
    private volatile Entry current = new Entry(Map.of(), Optional.empty());

    /**
     * A book in which nothing stands.
     *
     * @param signal raised whenever something was written
     */
    FreshnessBook(Signal signal) {
        this.signal = signal;
    }

    /** The clusters that there are, all told. */
    synchronized void listed(Set<String> arns, Instant upTo) {
        awaited = new ClusterList(Set.copyOf(arns), upTo);
        publish();
    }

    /** A cluster was compared, and nothing is left open. */
    synchronized void compared(String clusterArn, Instant upTo) {
        clusters.put(clusterArn, upTo);
        publish();
    }

    /** A cluster is gone, and so is all that was in it. */
    synchronized void gone(String clusterArn) {
        clusters.remove(clusterArn);
        publish();
    }

    /** By cluster ARN. */
    Map<String, Instant> clusters() {
        return current.clusters();
    }

    /** Of all of them; empty until each has been compared once. */
    Optional<Instant> whole() {
        return current.whole();
    }

    private void publish() {
        ClusterList list = awaited;
        if (list != null && clusters.keySet().containsAll(list.arns())) {
            listUpTo = list.upTo();
            awaited = null;
        }
        Optional<Instant> whole = Optional.ofNullable(listUpTo)
                .map(upTo -> clusters.values().stream().reduce(upTo, FreshnessBook::earlier));
        current = new Entry(Map.copyOf(clusters), whole);
        signal.raise();
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
