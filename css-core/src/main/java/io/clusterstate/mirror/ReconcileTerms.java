package io.clusterstate.mirror;

import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Coordination;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The terms in which this mirror leads, and therefore reconciles. The findings of one term confirm nothing in a later
 * term, since other mirrors may have confirmed more in between.
 *
 * <p>Thread: safe for any thread.
 */
final class ReconcileTerms {

    /** Continues the work of earlier leaders. */
    @FunctionalInterface
    interface TakeOver {

        /** Continues from the confirmations of earlier leaders, in a new term. */
        void from(Confirmation confirmed, long term);
    }

    private static final Logger LOG = LoggerFactory.getLogger(ReconcileTerms.class);

    private final Coordination coordination;
    private final TakeOver takeOver;
    /** The last term entered; guarded by this. */
    private long entered;

    /**
     * Terms of which none is entered.
     *
     * @param takeOver runs at the start of each term; if it fails, the next {@link #enter} repeats it
     */
    ReconcileTerms(Coordination coordination, TakeOver takeOver) {
        this.coordination = coordination;
        this.takeOver = takeOver;
    }

    /** Whether this mirror leads at this moment. */
    boolean isLeading() {
        return coordination.term() != 0;
    }

    /** Enters the present term, and takes over if the term is new; returns 0 while this mirror does not lead. */
    synchronized long enter() {
        long now = coordination.term();
        if (now == 0 && entered != 0) {
            LOG.info("no longer leads, stops reconciling");
        } else if (now != entered) {
            takeOver.from(coordination.confirmation(), now);
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
