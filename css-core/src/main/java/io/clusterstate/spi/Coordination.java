package io.clusterstate.spi;

import io.clusterstate.LoopStatus;
import io.clusterstate.StoreLink;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * What a store of several processes is to its mirrors beside a place for entities: one of them leads, which means that
 * it compares the store with the ECS API; what that confirms, all of them know; and each may be cut off from the store.
 *
 * <p>Duties of an implementation: at any moment at most one process can have a removal with the reason
 * {@link Removal.Reason#MISSING}, or a {@link #confirm}, take effect: the store itself refuses a confirmation of an
 * earlier term, and a removal by one who does not lead when it is written. That a process thinks that it leads is no
 * proof.
 *
 * <p>Thread: safe for any thread.
 */
public interface Coordination {

    /**
     * Begins to follow the store and to stand for leader. Returns at once; an outage is waited out. Ended by
     * {@link StateStore#close()}.
     */
    void start();

    /**
     * How this process is connected with the store.
     *
     * @return the link of this moment
     */
    StoreLink link();

    /**
     * Whether the store takes changes in. While it does not, the mirror takes no events from the queue, where each
     * receipt counts for the redrive policy.
     *
     * @return false while it is cut off, or while its last write failed and none has succeeded since
     */
    boolean takesWrites();

    /**
     * The term in which this process leads, judged by its own clock, so that it ends here no later than in the store.
     *
     * @return a number that no other term has; 0 while this process does not lead
     */
    long term();

    /**
     * What the processes that led have confirmed.
     *
     * @return the last that this process has seen
     */
    Confirmation confirmation();

    /**
     * Tells all processes what has been confirmed.
     *
     * <p>Blocks: until it is safe.
     *
     * @param now all of it
     * @param inTerm the term in which it was found
     * @throws StateStoreException if the store failed, or that term is over
     */
    void confirm(Confirmation now, long inTerm);

    /**
     * The revision of the store at this moment, asked of the store itself: it has every change that anybody's
     * {@link StateStore#apply} had brought about before the call.
     *
     * <p>Blocks: up to {@code limit}.
     *
     * @param limit how long to wait at the most
     * @return the revision, which a view reaches by itself
     * @throws TimeoutException if the store does not answer by then
     * @throws InterruptedException if the thread was interrupted
     */
    long currentRevision(Duration limit) throws TimeoutException, InterruptedException;

    /**
     * Runs something whenever the link, the term or the confirmation has moved, on the thread that noticed.
     *
     * @param hook must be quick, must not block and must not throw
     */
    void afterMove(Runnable hook);

    /**
     * The store's own loops.
     *
     * @return how they are doing
     */
    List<LoopStatus> loops();

    /**
     * What is wrong with the store, for people.
     *
     * @return one sentence; empty if nothing is
     */
    Optional<String> problem();
}
