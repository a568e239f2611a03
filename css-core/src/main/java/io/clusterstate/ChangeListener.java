package io.clusterstate;

import io.clusterstate.JournalCursor.Start;
import io.clusterstate.ListenerRecipient.Call;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The handlers of changes in a view. {@link #builder()} builds a listener, and {@link ClusterStateView#subscribe}
 * begins to tell it.
 *
 * <p><b>A listener is told</b> first everything that exists, as additions in one batch of type
 * {@link ChangeBatch.Type#INITIAL}; then the changes, in the order of revisions, never two at once. A map into which it
 * enters every change equals the view at the batch's snapshot (promise 9). On a shared store, changes of one entity
 * that were written together arrive as one. Before the view is ready, it is told nothing.
 *
 * <p><b>A listener that falls too far behind</b> gets one batch of type {@link ChangeBatch.Type#RESET}: the difference
 * between what it was told last and the present state. It misses only what came and went in between. A slow listener
 * delays neither the mirror nor other listeners.
 *
 * <p><b>If a handler throws</b>, {@link ChangeListenerBuilder#onError} decides what follows. By default the listener
 * skips the change, and the log names the failure, less and less often. Skipping and retrying concern one change and
 * one handler.
 *
 * <p><b>Threads.</b> Each subscription has a thread of its own. A handler may block, cancel its subscription or close
 * the mirror. It must not wait for its own next change. A handler that wants another thread dispatches to it.
 *
 * <p>Several views may share one listener; each calls it on a thread of its own.
 *
 * <p>Thread: immutable.
 */
public final class ChangeListener {

    /**
     * Handles one change.
     *
     * @param <T> the AWS SDK's type of the entity
     */
    @FunctionalInterface
    public interface Handler<T> {

        /**
         * Handles a change.
         *
         * @param change the entity before and after, and the cause
         * @param batch the batch that the change is part of: its type, and the snapshot after it
         * @throws Exception any failure; {@link ChangeListenerBuilder#onError} decides what follows
         */
        void on(EntityChange<T> change, ChangeBatch batch) throws Exception;
    }

    /** Handles a whole batch. */
    @FunctionalInterface
    public interface BatchHandler {

        /**
         * Handles a batch.
         *
         * @param batch the changes and the snapshot after them
         * @throws Exception any failure; {@link ChangeListenerBuilder#onError} decides what follows
         */
        void on(ChangeBatch batch) throws Exception;
    }

    /** Handles notices about services. */
    @FunctionalInterface
    public interface NoticeHandler {

        /**
         * Handles a notice.
         *
         * @param notice ECS's words about a service
         * @throws Exception any failure; {@link ChangeListenerBuilder#onError} decides what follows
         */
        void on(ServiceNotice notice) throws Exception;
    }

    private final String name;
    private final Start start;
    private final ChangeFilter filter;
    private final long behindAtMost;
    private final Map<EntityKind<?>, List<Handler<?>>> handlers;
    private final List<BatchHandler> batchHandlers;
    private final List<BatchHandler> initialHandlers;
    private final List<BatchHandler> resetHandlers;
    private final List<NoticeHandler> noticeHandlers;
    private final Function<? super ListenerFailure, ErrorAction> errorHandler;

    ChangeListener(ChangeListenerBuilder choices) {
        this.name = choices.name();
        this.start = choices.start();
        this.filter = choices.filter();
        this.behindAtMost = choices.behindAtMost();
        this.handlers = choices.entityHandlers().stream()
                .collect(Collectors.toUnmodifiableMap(EntityHandlers::kind, each -> List.copyOf(each.handlers())));
        this.batchHandlers = List.copyOf(choices.batchHandlers());
        this.initialHandlers = List.copyOf(choices.initialHandlers());
        this.resetHandlers = List.copyOf(choices.resetHandlers());
        this.noticeHandlers = List.copyOf(choices.noticeHandlers());
        this.errorHandler = choices.errorHandler();
    }

    /**
     * Begins to build a listener.
     *
     * @return a builder with the defaults that it documents
     */
    public static ChangeListenerBuilder builder() {
        return new ChangeListenerBuilder();
    }

    String name() {
        return name;
    }

    Start start() {
        return start;
    }

    ChangeFilter filter() {
        return filter;
    }

    long behindAtMost() {
        return behindAtMost;
    }

    ErrorAction onError(ListenerFailure failure) {
        return errorHandler.apply(failure);
    }

    /** The calls of handlers for a batch, in order; each is made when it is asked for, since a batch may be huge. */
    Iterator<Call> calls(ChangeBatch batch) {
        boolean isTakenAsReset = batch.type() == ChangeBatch.Type.RESET && !resetHandlers.isEmpty();
        Stream<Call> changes = isTakenAsReset
                ? calls(resetHandlers, batch)
                : batch.changes().stream().flatMap(change -> calls(change, batch));
        Stream<Call> batches = Stream.concat(
                calls(batchHandlers, batch),
                batch.type() == ChangeBatch.Type.INITIAL ? calls(initialHandlers, batch) : Stream.empty());
        return Stream.concat(changes, batches).iterator();
    }

    boolean listensForNotices() {
        return !noticeHandlers.isEmpty();
    }

    /** The calls of handlers for a notice. */
    Iterator<Call> calls(ServiceNotice notice) {
        return noticeHandlers.stream()
                .map(handler -> new Call(Optional.empty(), () -> handler.on(notice)))
                .iterator();
    }

    @SuppressWarnings("unchecked") // the handlers of a kind take its type
    private <T> Stream<Call> calls(EntityChange<T> change, ChangeBatch batch) {
        return handlers.getOrDefault(change.kind(), List.of()).stream()
                .map(handler -> (Handler<T>) handler)
                .map(handler -> new Call(Optional.of(change), () -> handler.on(change, batch)));
    }

    private static Stream<Call> calls(List<BatchHandler> handlers, ChangeBatch batch) {
        return handlers.stream().map(handler -> new Call(Optional.empty(), () -> handler.on(batch)));
    }

    @Override
    public String toString() {
        return "listener " + name;
    }
}
