package io.clusterstate;

/**
 * A subscription to a view's changes: how it is doing, and how to end it.
 *
 * <p>Not to be implemented by applications: methods may be added.
 *
 * <p>Thread: safe for any thread. Blocks: never.
 */
public interface Subscription extends AutoCloseable {

    /**
     * Ends the subscription. One callback may be under way, or just beginning on another thread, and goes on to its
     * end; then there is no more. A listener may call this; idempotent.
     */
    void cancel();

    /** The same as {@link #cancel()}. */
    @Override
    default void close() {
        cancel();
    }

    /**
     * How it is doing.
     *
     * @return the status of this moment; answers also after the end
     */
    SubscriptionStatus status();
}
