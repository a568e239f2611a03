package io.clusterstate.client;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A write's future for the caller. It completes as the delegate's, once the write is noted. A caller's cancel or
 * timeout ends the delegate's future, and so is noted before any callback of the caller runs.
 */
final class NotedWrite<R> extends CompletableFuture<R> {

    private final CompletableFuture<R> sent;

    NotedWrite(CompletableFuture<R> sent, BiConsumer<R, @Nullable Throwable> note) {
        this.sent = sent;
        var unused = sent.whenComplete((response, failure) -> complete(response, failure, note));
    }

    private void complete(R response, @Nullable Throwable failure, BiConsumer<R, @Nullable Throwable> note) {
        Throwable outcome = failure;
        try {
            note.accept(response, failure);
        } catch (RuntimeException | Error e) {
            outcome = failure == null ? e : failure;
        }
        if (outcome == null) {
            complete(response);
        } else {
            super.completeExceptionally(outcome);
        }
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
        return sent.cancel(mayInterrupt);
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        return sent.completeExceptionally(failure);
    }
}
