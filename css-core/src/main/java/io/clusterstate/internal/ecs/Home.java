package io.clusterstate.internal.ecs;

import io.clusterstate.ecs.EcsArn;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The partition, Region and account whose clusters a mirror follows. The first cluster's ARN that the configuration,
 * the store or ECS names fixes it: one ECS client answers for one account and Region alone.
 *
 * <p>Thread: safe for any thread.
 */
public final class Home {

    /** What all ARNs of the home begin with; null while it is not known. */
    private volatile @Nullable String prefix;

    /** A home that is not known yet. */
    public Home() {}

    /**
     * Fixes the home, unless it is known already.
     *
     * @param arn an ARN of the home; a string that is no ARN of ECS fixes nothing
     */
    public synchronized void learn(String arn) {
        if (prefix == null && EcsArn.parse(arn).isPresent()) {
            prefix = prefixOf(arn);
        }
    }

    /**
     * Fixes the home by clusters that another mirror on the same store has reconciled, if they are all of one home.
     *
     * @param clusterArns ARNs of those clusters
     */
    public void learnFrom(Collection<String> clusterArns) {
        if (prefix == null
                && clusterArns.stream().map(Home::prefixOf).distinct().count() == 1) {
            clusterArns.forEach(this::learn);
        }
    }

    /**
     * Whether the home is fixed.
     *
     * @return true from the first ARN on
     */
    public boolean isKnown() {
        return prefix != null;
    }

    /**
     * Whether an ARN belongs to the home.
     *
     * @param arn any ARN
     * @return false for every ARN while the home is not known
     */
    public boolean includes(String arn) {
        String known = prefix;
        return known != null && arn.startsWith(known) && arn.indexOf(':', known.length()) < 0;
    }

    /**
     * The part of an ECS ARN that names partition, Region and account.
     *
     * @param arn an ARN of ECS
     * @return the ARN up to its last colon
     */
    public static String prefixOf(String arn) {
        return arn.substring(0, arn.lastIndexOf(':') + 1);
    }

    @Override
    public String toString() {
        String known = prefix;
        return known == null ? "not known yet" : known;
    }
}
