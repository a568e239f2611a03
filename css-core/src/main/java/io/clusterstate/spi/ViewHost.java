package io.clusterstate.spi;

import io.clusterstate.Freshness;
import io.clusterstate.NotReadyException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * The owner of a view's store, which keeps it current and answers for the view. Whenever one of these answers has
 * changed, the host calls {@link io.clusterstate.StoreView#moved}; a view answers queries until that call, even if the
 * host is no longer ready.
 *
 * <p>Thread: safe for any thread. Blocks: never, except for {@link #currentRevision}.
 */
public interface ViewHost {

    /**
     * Whether the view answers queries.
     *
     * @return true from the first complete load until the end
     */
    boolean isReady();

    /**
     * Whether the view will never answer queries again, so that waits fail at once.
     *
     * @return true once closed, or failed for good
     */
    boolean isOver();

    /**
     * The exception for a reader while the view is not ready.
     *
     * @return the exception; its cause is the failure, if there was one
     */
    NotReadyException notReady();

    /**
     * The condition that readiness still waits for, for people.
     *
     * @return a few words
     */
    String waitsFor();

    /**
     * The freshness of the store.
     *
     * @return the freshness at this moment
     */
    Freshness freshness();

    /**
     * The present revision of the store, asked of the store itself, for a view that may lag behind it.
     *
     * <p>Blocks: up to {@code limit}.
     *
     * @param limit the longest wait
     * @return the revision; 0 if the view shows the store itself
     * @throws TimeoutException if the store does not answer by then
     * @throws InterruptedException if the thread was interrupted
     */
    default long currentRevision(Duration limit) throws TimeoutException, InterruptedException {
        return 0;
    }

    /**
     * Notes that a subscriber of a view by hand has subscribed or requested more. The host may call
     * {@link io.clusterstate.StoreView#tell} at once. It runs on the subscriber's thread, which receives whatever this
     * throws.
     */
    default void subscriberAsked() {}

    /**
     * Notes that a subscriber has failed. The view has counted the failure and follows the subscriber's
     * {@link io.clusterstate.ErrorAction}; the host need not act. It runs on the thread that called the subscriber.
     *
     * @param subscription the subscription's name
     * @param failure the thrown failure
     */
    default void subscriberFailed(String subscription, Throwable failure) {}
}
