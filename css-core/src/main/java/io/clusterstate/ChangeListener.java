package io.clusterstate;

import io.clusterstate.JournalCursor.Start;
import io.clusterstate.ListenerRecipient.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is to be done when something changes in a view. Built by {@link #builder()}, and told once it is given to
 * {@link ClusterStateView#subscribe}.
 *
 * <p><b>What it is told.</b> First all that is there, as additions in one batch of type
 * {@link ChangeBatch.Type#INITIAL}; then every change, one after the other in the order of revisions, never two at
 * once. What it has been told, entered into a map, is what the view had at the batch's snapshot (promise 9). Before the
 * view is ready it is told nothing.
 *
 * <p><b>What it is not told.</b> A listener that is too far behind, because it is slow, is told the difference between
 * what it knows and what is now, in one batch of type {@link ChangeBatch.Type#RESET}: what came and went in between is
 * missing then, and nothing else. Being slow costs neither the mirror nor other listeners anything.
 *
 * <p><b>If it throws</b>, {@link ChangeListenerBuilder#onError} says what to do; by default the change is skipped, with
 * a log line now and then. What is skipped or told again is one change to one handler; the others are not concerned.
 *
 * <p><b>Threads.</b> Each subscription has a thread of its own. A listener may block, and may cancel its subscription
 * or close the mirror. It must not wait for another change to be told to itself.
 *
 * <p>One listener may be given to several views, and is then called by several threads.
 *
 * <p>Thread: immutable.
 */
public final class ChangeListener {

    /**
     * Is told of one change.
     *
     * @param <T> the AWS SDK's type of the entity
     */
    @FunctionalInterface
    public interface Handler<T> {

        /**
         * Takes a change in.
         *
         * @param change with the old and the new value and the cause
         * @param batch the batch that it came in: whether it is part of the beginning, and the snapshot after it
         * @throws Exception whatever goes wrong; see {@link ChangeListenerBuilder#onError}
         */
        void on(EntityChange<T> change, ChangeBatch batch) throws Exception;
    }

    /** Is told of a whole batch. */
    @FunctionalInterface
    public interface BatchHandler {

        /**
         * Takes a batch in.
         *
         * @param batch the changes and the snapshot after them
         * @throws Exception whatever goes wrong; see {@link ChangeListenerBuilder#onError}
         */
        void on(ChangeBatch batch) throws Exception;
    }

    /** Is told what happened to a service. */
    @FunctionalInterface
    public interface NoticeHandler {

        /**
         * Takes a notice in.
         *
         * @param notice what happened
         * @throws Exception whatever goes wrong; see {@link ChangeListenerBuilder#onError}
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

    /** What is to be called for a batch, one after the other. */
    List<Call> calls(ChangeBatch batch) {
        List<Call> calls = new ArrayList<>();
        boolean isTakenAsReset = batch.type() == ChangeBatch.Type.RESET && !resetHandlers.isEmpty();
        if (isTakenAsReset) {
            addAll(resetHandlers, batch, calls);
        } else {
            batch.changes().forEach(change -> calls(change, batch).forEach(calls::add));
        }
        addAll(batchHandlers, batch, calls);
        if (batch.type() == ChangeBatch.Type.INITIAL) {
            addAll(initialHandlers, batch, calls);
        }
        return calls;
    }

    boolean listensForNotices() {
        return !noticeHandlers.isEmpty();
    }

    /** What is to be called for a notice. */
    List<Call> calls(ServiceNotice notice) {
        return noticeHandlers.stream()
                .map(handler -> new Call(Optional.empty(), () -> handler.on(notice)))
                .toList();
    }

    @SuppressWarnings("unchecked") // the handlers of a kind take its type
    private <T> Stream<Call> calls(EntityChange<T> change, ChangeBatch batch) {
        return handlers.getOrDefault(change.kind(), List.of()).stream()
                .map(handler -> (Handler<T>) handler)
                .map(handler -> new Call(Optional.of(change), () -> handler.on(change, batch)));
    }

    private static void addAll(List<BatchHandler> handlers, ChangeBatch batch, List<Call> calls) {
        handlers.forEach(handler -> calls.add(new Call(Optional.empty(), () -> handler.on(batch))));
    }

    @Override
    public String toString() {
        return "listener " + name;
    }
}
