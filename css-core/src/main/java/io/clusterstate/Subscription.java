package io.clusterstate;

/**
 * A handle on a subscription to a view's changes: its status, and the means to end it.
 *
 * <p>Not to be implemented by applications: methods may be added.
 *
 * <p>Thread: safe for any thread. Blocks: never.
 */
public interface Subscription extends AutoCloseable {

    /**
     * Ends the subscription. A callback that is under way, or just beginning on another thread, runs to its end; no
     * further callback follows. A listener may call this; idempotent.
     */
    void cancel();

    /** Calls {@link #cancel()}. */
    @Override
    default void close() {
        cancel();
    }

    /**
     * The status of the subscription.
     *
     * @return the status at this moment; also available after the end
     */
    SubscriptionStatus status();
}
