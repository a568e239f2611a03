package io.clusterstate.spi;

import io.clusterstate.Freshness;
import io.clusterstate.NotReadyException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * What keeps a view's store current, as its view asks it. A view that runs must be told, by
 * {@link io.clusterstate.StoreView#moved}, whenever one of these answers has changed.
 *
 * <p>Thread: safe for any thread. Blocks: never, but for {@link #currentRevision}.
 */
public interface ViewHost {

    /**
     * Whether questions are answered.
     *
     * @return true from the first complete load on, until the end
     */
    boolean isReady();

    /**
     * Whether no question will be answered ever again, so that waiting is of no use.
     *
     * @return true once closed, or failed for good
     */
    boolean isOver();

    /**
     * Why no question is answered.
     *
     * @return what a reader is to be told, asked for while not ready; its cause is what failed, if something did
     */
    NotReadyException notReady();

    /**
     * What readiness waits for, for people.
     *
     * @return a few words
     */
    String waitsFor();

    /**
     * How fresh the store is.
     *
     * @return what is known at this moment
     */
    Freshness freshness();

    /**
     * The revision of the store at this moment, asked of the store itself, where a view may be behind it.
     *
     * <p>Blocks: up to {@code limit}, unlike all else here.
     *
     * @param limit how long to wait at the most
     * @return the revision; 0 where the view shows the store itself
     * @throws TimeoutException if the store does not answer by then
     * @throws InterruptedException if the thread was interrupted
     */
    default long currentRevision(Duration limit) throws TimeoutException, InterruptedException {
        return 0;
    }

    /**
     * Somebody has subscribed or asked for more, in a view by hand: its keeper may
     * {@link io.clusterstate.StoreView#tell} at once. Called on the thread of who did; what this throws is thrown
     * there.
     */
    default void subscriberAsked() {}

    /**
     * A subscriber has failed. The view has counted it and goes on as the subscriber's
     * {@link io.clusterstate.ErrorAction} says; nothing is to be done. Called on the thread that told it.
     *
     * @param subscription the subscription's name
     * @param failure what it threw
     */
    default void subscriberFailed(String subscription, Throwable failure) {}
}
