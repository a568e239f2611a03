package io.clusterstate.mirror;

import io.clusterstate.internal.ecs.Home;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Coordination;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a mirror to the account and Region that own the state in its store. A leader judges clusters only after its own
 * ECS client has named that home and the store has registered it; a leader of another home resigns.
 *
 * <p>Thread: safe for any thread.
 */
final class Ownership {

    private static final Logger LOG = LoggerFactory.getLogger(Ownership.class);

    private final Home home;
    private final Coordination coordination;
    /** The last term in which the store has registered the home of the client. */
    private volatile long settledIn;

    Ownership(Home home, Coordination coordination) {
        this.home = home;
        this.coordination = coordination;
    }

    /**
     * Notes the owner of the state. A leader of an earlier version has registered none; then the clusters that it has
     * confirmed count, if they have one home.
     */
    void follow() {
        Optional<String> owner = coordination.owner();
        owner.ifPresent(home::stateBelongsTo);
        if (owner.isEmpty() && home.state().isEmpty()) {
            homeOf(coordination.confirmation()).ifPresent(home::stateBelongsTo);
        }
    }

    private static Optional<String> homeOf(Confirmation confirmed) {
        List<String> homes = confirmed.clusters().keySet().stream()
                .map(Home::prefixOf)
                .distinct()
                .limit(2)
                .toList();
        return homes.size() == 1 ? Optional.of(homes.get(0)) : Optional.empty();
    }

    /** Whether the client is known to read the home of the state, in a term of this mirror. */
    boolean isSettled(long term) {
        return settledIn == term;
    }

    /**
     * Whether the leader may list clusters: a state without an owner receives it by the first list.
     *
     * @param term the term of this mirror
     */
    boolean mayList(long term) {
        return isSettled(term) || home.state().isEmpty();
    }

    /**
     * Registers the home of the client as the owner of the state, once in a term. Gives the lead up if the state
     * belongs to another home.
     *
     * @param term the term of this mirror; 0 if it does not lead
     */
    synchronized void settle(long term) {
        Optional<String> client = home.client();
        if (term == 0 || client.isEmpty()) {
            return;
        }
        if (!isSettled(term) && home.conflict().isEmpty()) {
            home.stateBelongsTo(coordination.registerOwner(client.get(), term));
        }
        Optional<String> conflict = home.conflict();
        if (conflict.isPresent()) {
            coordination.resign(term, conflict.get());
        } else {
            settledIn = term;
        }
    }

    /**
     * Notes an ARN that ECS has named to the client. Fails if it is of another home: then each answer misleads.
     *
     * @param term the term of this mirror; 0 if it does not lead
     */
    void named(String arn, long term) {
        home.clientReads(arn);
        if (!isSettled(term) || home.conflict().isPresent()) {
            settle(term);
        }
        home.conflict().ifPresent(why -> {
            throw new IllegalStateException(why);
        });
    }

    /**
     * The part of a confirmation that this mirror may continue: the clusters of its home. Without a known home, it
     * starts anew.
     */
    Confirmation own(Confirmation confirmed) {
        Map<String, Instant> own = new HashMap<>(confirmed.clusters());
        own.keySet().removeIf(arn -> !home.includes(arn));
        int others = confirmed.clusters().size() - own.size();
        if (others == 0) {
            return confirmed;
        }
        LOG.warn("{} confirmed clusters are left to other mirrors (expected: clusters of {})", others, home);
        return new Confirmation(confirmed.isLoaded(), home.isKnown() ? confirmed.listUpTo() : Optional.empty(), own);
    }
}
