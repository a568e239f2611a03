package io.clusterstate.internal.ecs;

import io.clusterstate.ecs.EcsArn;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The partition, Region and account whose clusters a mirror follows. The first cluster ARN from the configuration, the
 * store or ECS fixes it, since an ECS client answers for a single account and Region.
 *
 * <p>Thread: safe for any thread.
 */
public final class Home {

    /** The common prefix of all ARNs of the home; null while it is unknown. */
    private volatile @Nullable String prefix;

    /** Creates a home that is unknown yet. */
    public Home() {}

    /**
     * Fixes the home, unless it is known already.
     *
     * @param arn an ARN of the home; a text that is no ECS ARN fixes nothing
     */
    public synchronized void learn(String arn) {
        if (prefix == null && EcsArn.parse(arn).isPresent()) {
            prefix = prefixOf(arn);
        }
    }

    /**
     * Fixes the home by clusters that another mirror on the store has reconciled, if they all have the same home.
     *
     * @param clusterArns the ARNs of those clusters
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
     * @return false for every ARN while the home is unknown
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
        return known == null ? "unknown" : known;
    }
}
