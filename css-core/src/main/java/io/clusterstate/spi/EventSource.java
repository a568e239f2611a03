package io.clusterstate.spi;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A source of state-change events. It delivers each event at least once, in any order.
 *
 * <p>Duties of an implementation: a delivery that is never settled comes again. A failure is an exception; the mirror
 * then waits and calls again, so an implementation need not retry.
 *
 * <p>Thread: safe for any thread; several may poll at once.
 */
public interface EventSource extends AutoCloseable {

    /** The number of deliveries in a full {@link #poll}; full polls make the mirror poll more. */
    int FULL_BATCH = 10;

    /**
     * Waits for deliveries.
     *
     * <p>Blocks: for the source's own wait, which must end well within the mirror's close limit, since a poll may not
     * be interruptible.
     *
     * @return the deliveries; none if none arrived during the wait
     * @throws InterruptedException if the thread was interrupted
     */
    List<Delivery> poll() throws InterruptedException;

    /**
     * Settles deliveries: they need not come again. A delivery that could not be settled comes again, without harm.
     *
     * @param deliveries the deliveries, from {@link #poll}
     */
    void settle(Collection<Delivery> deliveries);

    /**
     * Hands back deliveries that this process will not handle, so that they come again at once, here or elsewhere.
     *
     * @param deliveries the deliveries, from {@link #poll}
     */
    void handBack(Collection<Delivery> deliveries);

    /**
     * Keeps deliveries that are still in work from coming again for a time. A source that cannot do so does nothing;
     * the deliveries then come again, which is harmless but counts as a receipt.
     *
     * <p>Blocks: perhaps, for calls.
     *
     * @param deliveries the deliveries, from {@link #poll}
     * @param time the time, from now on
     */
    default void keep(Collection<Delivery> deliveries, Duration time) {}

    /**
     * Whether the source itself keeps messages that are never settled, for instance in a dead-letter queue. If so, the
     * mirror need not handle the messages that it cannot read.
     *
     * <p>Blocks: perhaps, for a call. The mirror asks only after such a message has come several times.
     *
     * @return true if the source keeps them, or if that cannot be found out
     */
    default boolean keepsDeadLetters() {
        return false;
    }

    /**
     * A problem with the set-up of the source, for people, as far as the source notices it.
     *
     * @return one sentence; empty if there is none
     */
    default Optional<String> problem() {
        return Optional.empty();
    }

    /** Releases the resources of the source. Clients that were handed in stay open. Idempotent. */
    @Override
    void close();
}
