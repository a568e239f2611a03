package io.clusterstate.mirror;

import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Coordination;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The terms in which this mirror leads, and so reconciles. What a pass found in one term confirms nothing in a later
 * one, since other mirrors may have confirmed more in between.
 *
 * <p>Thread: safe for any thread.
 */
final class ReconcileTerms {

    private static final Logger LOG = LoggerFactory.getLogger(ReconcileTerms.class);

    private final Coordination coordination;
    private final Consumer<Confirmation> takeOver;
    /** The term that was entered last; guarded by this. */
    private long entered;

    /**
     * No term yet.
     *
     * @param takeOver runs at the beginning of each term, with what earlier leaders have confirmed; a term that it
     *     fails in is entered again
     */
    ReconcileTerms(Coordination coordination, Consumer<Confirmation> takeOver) {
        this.coordination = coordination;
        this.takeOver = takeOver;
    }

    /** Whether this mirror leads at this moment. */
    boolean isLeading() {
        return coordination.term() != 0;
    }

    /** Enters the present term, after taking over if it is new; returns 0 while this mirror does not lead. */
    synchronized long enter() {
        long now = coordination.term();
        if (now == 0 && entered != 0) {
            LOG.info("another process leads; this one stops reconciling");
        } else if (now != entered) {
            takeOver.accept(coordination.confirmation());
        }
        entered = now; // after the take-over, so that a failed one is repeated
        return now;
    }

    /** Whether this mirror still leads in a term. */
    boolean isStill(long term) {
        return coordination.term() == term;
    }

    /** The failure of a request to a mirror that does not lead. */
    static IllegalStateException notLeading() {
        return new IllegalStateException(
                "reconcileNow: another process leads (expected: a request to the mirror that leads)");
    }

    /** The failure of a pass whose term ended before it. */
    static IllegalStateException lost() {
        return new IllegalStateException("the lead was lost during the pass (expected: to lead until its end)");
    }
}
