package io.clusterstate.etcd;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A client for the requests of a replica, which only reads. A failure is one that {@link EtcdFailure#kindOf} knows.
 *
 * <p>Thread: safe for any thread.
 */
interface ReadClient extends AutoCloseable {

    /** The revision of a read of the present. */
    long PRESENT = 0;

    /** The limit of a read of all keys. */
    int ALL = 0;

    /**
     * Reads the first keys of a range.
     *
     * @param revision the revision to read at, or {@link #PRESENT}
     * @param most the limit of keys, or {@link #ALL}
     * @return the answer of a linearizable read
     */
    CompletableFuture<Page> read(KeyRange range, long revision, int most);

    /**
     * Watches a range from a revision on.
     *
     * @param revision the first revision to deliver
     * @return ends the watch; the listener may still receive what was under way
     */
    Runnable watch(KeyRange range, long revision, WatchListener listener);

    @Override
    void close();

    /** A receiver of a watch. Thread: one thread at a time calls it, and it must be quick. */
    interface WatchListener {

        /** The watch has begun. */
        void onBegin();

        /** Keys have changed; the updates of one revision arrive together. */
        void onUpdates(List<KeyUpdate> updates);

        /** The watch has ended by itself, or it has missed updates. */
        void onFailure(Throwable why);
    }
}
