package io.clusterstate.internal.ecs;

import io.clusterstate.ecs.EcsArn;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The partition, Region and account whose clusters a mirror follows. The configuration or the state in the store fixes
 * it. The mirror's ECS client has to read the same home, since it answers for a single account and Region.
 *
 * <p>Thread: safe for any thread.
 */
public final class Home {

    private static final String NO_POLL = ", so the mirror does not poll ";

    /** The common prefix of all ARNs in the configuration; null if it has none. */
    private volatile @Nullable String ofConfiguration;
    /** The prefix of the state in the store; null while nobody has registered it. */
    private volatile @Nullable String ofState;
    /** The prefix of the last ARN that ECS named to the client; null while it has named none. */
    private volatile @Nullable String ofClient;

    /** Creates a home that is unknown yet. */
    public Home() {}

    /**
     * Fixes the home by the configuration.
     *
     * @param arn an ARN of the home; a text that is no ECS ARN fixes nothing
     */
    public void configure(String arn) {
        if (EcsArn.parse(arn).isPresent()) {
            ofConfiguration = prefixOf(arn);
        }
    }

    /**
     * Fixes the home by the state in the store, unless the configuration has fixed it.
     *
     * @param prefix the part of an ARN that {@link #prefixOf} returns
     */
    public void stateBelongsTo(String prefix) {
        ofState = prefix;
    }

    /**
     * Notes that ECS has named an ARN to the client.
     *
     * @param arn an ARN in an answer of ECS
     */
    public void clientReads(String arn) {
        ofClient = prefixOf(arn);
    }

    /**
     * The home of the client.
     *
     * @return the prefix of its ARNs; empty while ECS has named none to it
     */
    public Optional<String> client() {
        return Optional.ofNullable(ofClient);
    }

    /**
     * The home of the state in the store.
     *
     * @return the prefix of its ARNs; empty while nobody has registered it
     */
    public Optional<String> state() {
        return Optional.ofNullable(ofState);
    }

    /**
     * Whether the home is fixed.
     *
     * @return true if the configuration or the state has fixed it
     */
    public boolean isKnown() {
        return known() != null;
    }

    private @Nullable String known() {
        String configured = ofConfiguration;
        return configured == null ? ofState : configured;
    }

    /**
     * Whether an ARN belongs to the home.
     *
     * @param arn any ARN
     * @return false for every ARN while the home is unknown
     */
    public boolean includes(String arn) {
        String known = known();
        return known != null && arn.startsWith(known) && arn.indexOf(':', known.length()) < 0;
    }

    /**
     * The contradiction between the homes of the configuration, the state and the client.
     *
     * @return one sentence that names both homes; empty if there is none
     */
    public Optional<String> conflict() {
        String configured = ofConfiguration;
        String state = ofState;
        String client = ofClient;
        if (configured != null && state != null && !configured.equals(state)) {
            return Optional.of("clusters: selected of " + configured + NO_POLL + "(expected: of " + state
                    + ", to which the state in the store belongs)");
        }
        String known = configured == null ? state : configured;
        if (client != null && known != null && !client.equals(known)) {
            return Optional.of("ecs client: it reads " + client + NO_POLL + "(expected: " + known
                    + (configured == null ? ", to which the state in the store belongs)" : ", as configured)"));
        }
        return Optional.empty();
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
        String known = known();
        return known == null ? "unknown" : known;
    }
}
