package io.clusterstate.spi;

import io.clusterstate.LoopStatus;
import io.clusterstate.StoreLink;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * The coordination of several mirrors on a shared store. It elects a leader, which alone reconciles the store with the
 * ECS API, and shares the leader's confirmations with every process. Each process may be cut off from the store.
 *
 * <p>Duties of an implementation: at any moment, the removals with the reason {@link Removal.Reason#MISSING} and the
 * {@link #confirm} calls of at most one process take effect. The store itself refuses a confirmation of an earlier
 * term, and a removal by a process that does not lead at the time of the write. A process's own belief that it leads is
 * no proof.
 *
 * <p>Thread: safe for any thread.
 */
public interface Coordination {

    /**
     * The mirror that leads, as this process sees it.
     *
     * @param name the name of that mirror's process, for people
     * @param heardOfAt the last time at which this process saw it begin to lead or confirm something, by the wall clock
     */
    record Leader(String name, Instant heardOfAt) {}

    /**
     * Begins to follow the store and to campaign for leadership. Returns at once; during an outage the store keeps
     * retrying. {@link StateStore#close()} ends it.
     */
    void start();

    /**
     * The connection of this process to the store.
     *
     * @return the link at this moment
     */
    StoreLink link();

    /**
     * Whether the store accepts changes. While it does not, the mirror receives no events from the queue, since each
     * receipt counts for the redrive policy.
     *
     * @return false while the store is cut off, or while its last write failed and none has succeeded since
     */
    boolean takesWrites();

    /**
     * The term in which this process leads, judged by its own clock, so that the term ends here no later than in the
     * store.
     *
     * @return a number that no other term has; 0 while this process does not lead
     */
    long term();

    /**
     * The mirror that leads.
     *
     * @return the leader; empty if there is none, or this process has not seen it yet
     */
    Optional<Leader> leader();

    /**
     * Gives the lead up, since this process cannot use it. It stands again only if no other process takes the lead over
     * within the time of a lease, and within longer times after repeated resignations.
     *
     * <p>Blocks: never.
     *
     * @param inTerm the term to give up; if it is over, nothing happens
     * @param why the reason, for people
     */
    void resign(long inTerm, String why);

    /**
     * The owner of the state: the ARN prefix of the account and Region whose clusters the state holds.
     *
     * @return the owner, as the first leader registered it; empty if this process has not seen one
     */
    Optional<String> owner();

    /**
     * Registers the owner of the state, unless the state has one.
     *
     * <p>Blocks: until the store has it.
     *
     * @param home the ARN prefix of the account and Region that the leader's ECS client reads
     * @param inTerm the term of the leader
     * @return the owner from now on; another one than {@code home} if the state belongs to another account or Region,
     *     whose clusters this process must not judge
     * @throws StateStoreException if the store failed, or that term is over
     */
    String registerOwner(String home, long inTerm);

    /**
     * The confirmation of the leaders so far.
     *
     * @return the last confirmation that this process has seen
     */
    Confirmation confirmation();

    /**
     * Shares a confirmation with all processes.
     *
     * <p>Blocks: until the store has it.
     *
     * @param now the whole confirmation
     * @param inTerm the term in which the leader found it
     * @throws StateStoreException if the store failed, or that term is over
     */
    void confirm(Confirmation now, long inTerm);

    /**
     * The present revision of the store, asked of the store itself. It covers every change of any process whose
     * {@link StateStore#apply} took effect before the call.
     *
     * <p>Blocks: up to {@code limit}.
     *
     * @param limit the longest wait
     * @return the revision, which the view reaches by itself
     * @throws TimeoutException if the store does not answer by then
     * @throws InterruptedException if the thread was interrupted
     */
    long currentRevision(Duration limit) throws TimeoutException, InterruptedException;

    /**
     * Runs a hook whenever the link, the term, the owner or the confirmation has changed, on the thread that noticed
     * the change.
     *
     * @param hook a hook that is quick, never blocks and never throws
     */
    void afterMove(Runnable hook);

    /**
     * The store's own loops.
     *
     * @return the health of each loop
     */
    List<LoopStatus> loops();

    /**
     * A problem of the store, for people.
     *
     * @return one sentence; empty if there is none
     */
    Optional<String> problem();
}
