package io.clusterstate;

import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Sharing;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the one who compares keeps up to when the view is known to be whole: written only when a pass ends that leaves
 * nothing open (promise 6), and told at once to all who share the store.
 *
 * <p>Thread: safe for any thread. Blocks: while the store takes it in.
 */
final class FreshnessBook {

    private record ClusterList(Set<String> arns, Instant upTo) {}

    private final Sharing sharing;
    private final Map<String, Instant> clusters = new HashMap<>();
    private @Nullable ClusterList awaited;
    private @Nullable Instant listUpTo;
    private boolean isLoaded;

    /**
     * A book in which nothing stands.
     *
     * @param sharing who else is told
     */
    FreshnessBook(Sharing sharing) {
        this.sharing = sharing;
    }

    /** Begins with what others have confirmed, or forgets what stands here and not there. */
    synchronized void resume(Confirmation confirmed) {
        clusters.clear();
        clusters.putAll(confirmed.clusters());
        listUpTo = confirmed.listUpTo().orElse(null);
        awaited = null;
        isLoaded = confirmed.isLoaded();
    }

    /** The first complete load is in. */
    synchronized void loaded(long inTerm) {
        if (!isLoaded) {
            isLoaded = true;
            publish(inTerm);
        }
    }

    /** The clusters that there are, all told. */
    synchronized void listed(Set<String> arns, Instant upTo, long inTerm) {
        requireTerm(inTerm);
        awaited = new ClusterList(Set.copyOf(arns), upTo);
        publish(inTerm);
    }

    /** A cluster was compared, and nothing is left open. */
    synchronized void compared(String clusterArn, Instant upTo, long inTerm) {
        requireTerm(inTerm);
        clusters.merge(clusterArn, upTo, FreshnessBook::later);
        publish(inTerm);
    }

    /** A cluster is gone, and so is all that was in it. */
    synchronized void gone(String clusterArn, long inTerm) {
        requireTerm(inTerm);
        clusters.remove(clusterArn);
        publish(inTerm);
    }

    /** What was found in an earlier term is older than what stands here since. */
    private void requireTerm(long inTerm) {
        long now = sharing.term();
        if (now != inTerm) {
            throw new IllegalStateException("term: " + now + " (expected: " + inTerm + ", in which this was found)");
        }
    }

    private void publish(long inTerm) {
        ClusterList list = awaited;
        if (list != null && clusters.keySet().containsAll(list.arns())) {
            listUpTo = listUpTo == null ? list.upTo() : later(listUpTo, list.upTo());
            awaited = null;
        }
        sharing.confirm(new Confirmation(isLoaded, Optional.ofNullable(listUpTo), clusters), inTerm);
    }

    /** Of two clocks, or one that is set, the later moment stands, so that nothing that was confirmed is taken back. */
    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
