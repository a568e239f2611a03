package io.clusterstate.etcd;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A request for a page, which is under way before anybody waits for it.
 *
 * <p>Thread: one thread at a time.
 */
final class PageRequest {

    private final KeyRange range;
    private final long revision;
    private final int most;
    private @Nullable CompletableFuture<Page> underWay;

    private PageRequest(KeyRange range, long revision, int most, CompletableFuture<Page> underWay) {
        this.range = range;
        this.revision = revision;
        this.most = most;
        this.underWay = underWay;
    }

    /** Sends the request; see {@link ReadClient#read}. */
    static PageRequest send(ReadClient client, KeyRange range, long revision, int most) {
        return new PageRequest(range, revision, most, client.read(range, revision, most));
    }

    KeyRange range() {
        return range;
    }

    /** The answer that is under way; at each further call, that of a new request. */
    CompletableFuture<Page> answer(ReadClient client) {
        CompletableFuture<Page> first = underWay;
        underWay = null;
        return first == null ? client.read(range, revision, most) : first;
    }
}
