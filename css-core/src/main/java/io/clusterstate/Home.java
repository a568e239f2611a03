package io.clusterstate;

import io.clusterstate.ecs.EcsArn;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The partition, Region and account whose clusters a mirror follows. The first cluster's ARN that the configuration, the
 * store or ECS names fixes it: one ECS client answers for one account and Region alone.
 *
 * <p>Thread: safe for any thread.
 */
final class Home {

    /** What all ARNs of the home begin with; null while it is not known. */
    private volatile @Nullable String prefix;

    /** Fixes the home, unless it is known already; what is no ARN of ECS fixes nothing. */
    synchronized void learn(String arn) {
        if (prefix == null && EcsArn.parse(arn).isPresent()) {
            prefix = prefixOf(arn);
        }
    }

    /** Fixes the home by clusters that another mirror on the same store has compared, if they are all of one home. */
    void learnFrom(Collection<String> clusterArns) {
        if (prefix == null
                && clusterArns.stream().map(Home::prefixOf).distinct().count() == 1) {
            clusterArns.forEach(this::learn);
        }
    }

    boolean isKnown() {
        return prefix != null;
    }

    /** Whether an ARN belongs here; no ARN does while the home is not known. */
    boolean includes(String arn) {
        String known = prefix;
        return known != null && arn.startsWith(known) && arn.indexOf(':', known.length()) < 0;
    }

    /** The part of an ECS ARN that names partition, Region and account. */
    static String prefixOf(String arn) {
        return arn.substring(0, arn.lastIndexOf(':') + 1);
    }

    @Override
    public String toString() {
        String known = prefix;
        return known == null ? "not known yet" : known;
    }
}
