package io.clusterstate.etcd;

import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import java.util.List;

/**
 * A position in the changes of several requests, in their order.
 *
 * <p>Thread: one thread at a time.
 */
final class RequestCursor {

    private final List<WriteRequest> requests;
    private int request;
    private int change;

    /** A cursor at the first change that has no outcome yet. */
    RequestCursor(List<WriteRequest> requests) {
        this.requests = requests.stream().filter(each -> !each.isDone()).toList();
        this.change = this.requests.isEmpty() ? 0 : this.requests.get(0).applied();
    }

    boolean isAtEnd() {
        return request == requests.size();
    }

    Change<?> change() {
        return requests.get(request).change(change);
    }

    /** Moves to the next change; returns whether that belongs to another request. */
    boolean advance() {
        change++;
        if (change < requests.get(request).size()) {
            return false;
        }
        request++;
        change = 0;
        return true;
    }

    /** Hands outcomes to the requests of the next changes, and moves behind these changes. */
    void complete(List<Applied> outcomes) {
        for (Applied each : outcomes) {
            requests.get(request).add(each);
            advance();
        }
    }
}
