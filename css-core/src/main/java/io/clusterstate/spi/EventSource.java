package io.clusterstate.spi;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Where state-change events come from. At least once is enough; order does not matter.
 *
 * <p>Duties of an implementation: a delivery that is never settled comes again. Failures are exceptions; the mirror
 * then waits and calls again, so that nothing need be repeated inside.
 *
 * <p>Thread: safe for any thread; several may poll at once.
 */
public interface EventSource extends AutoCloseable {

    /** How many deliveries a {@link #poll} that found plenty brings; fuller ones make the mirror poll more. */
    int FULL_BATCH = 10;

    /**
     * Waits for deliveries.
     *
     * <p>Blocks: for as long as the source's own wait, which has to end well within the mirror's close limit, since a
     * poll under way may not be interruptible.
     *
     * @return the deliveries; none if the wait brought none
     * @throws InterruptedException if the thread was interrupted
     */
    List<Delivery> poll() throws InterruptedException;

    /**
     * Tells the source that deliveries need not come again. What could not be settled comes again, without harm.
     *
     * @param deliveries from {@link #poll}
     */
    void settle(Collection<Delivery> deliveries);

    /**
     * Tells the source that deliveries will not be worked on and should come again at once, here or elsewhere.
     *
     * @param deliveries from {@link #poll}
     */
    void handBack(Collection<Delivery> deliveries);

    /**
     * Asks the source to keep deliveries from coming again for a time, since they are still being worked on. A source
     * that cannot do so does nothing: they then come again, which is harmless but counts as a receipt.
     *
     * <p>Blocks: perhaps, for calls.
     *
     * @param deliveries from {@link #poll}
     * @param time from now on
     */
    default void keep(Collection<Delivery> deliveries, Duration time) {}

    /**
     * Whether messages that are never settled end somewhere by themselves, such as in a dead-letter queue, so that the
     * mirror need not care for those that it cannot understand.
     *
     * <p>Blocks: perhaps, for a call. Asked only when such a message has come several times.
     *
     * @return true if so, or if that cannot be found out
     */
    default boolean keepsDeadLetters() {
        return false;
    }

    /**
     * What is wrong with how the source was set up, for people, as far as it notices.
     *
     * @return one sentence; empty if nothing is
     */
    default Optional<String> problem() {
        return Optional.empty();
    }

    /** Releases what the source holds. Clients that it was given stay open. Idempotent. */
    @Override
    void close();
}
