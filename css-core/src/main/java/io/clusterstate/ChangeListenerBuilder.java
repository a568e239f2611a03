package io.clusterstate;

import static java.util.Objects.requireNonNull;

import io.clusterstate.ChangeListener.BatchHandler;
import io.clusterstate.ChangeListener.Handler;
import io.clusterstate.ChangeListener.Handling;
import io.clusterstate.ChangeListener.NoticeHandler;
import io.clusterstate.JournalCursor.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Puts a {@link ChangeListener} together. Of each kind of entity it can be told everything, or additions, changes and
 * removals apart; several handlers of one kind are called in the order in which they were given.
 *
 * <p>Thread: one thread at a time.
 */
public final class ChangeListenerBuilder {

    private final List<Handling<?>> handlings = new ArrayList<>();
    private final List<BatchHandler> batchHandlers = new ArrayList<>();
    private final List<BatchHandler> initialHandlers = new ArrayList<>();
    private final List<BatchHandler> resetHandlers = new ArrayList<>();
    private final List<NoticeHandler> noticeHandlers = new ArrayList<>();
    private ChangeFilter filter = ChangeFilter.NONE;
    private String name = "listener";
    private Start start = Start.INITIAL;
    private long behindAtMost = Long.MAX_VALUE;
    private @Nullable Executor executor;
    private Function<? super ListenerFailure, ErrorAction> errorHandler = failure -> ErrorAction.SKIP;

    ChangeListenerBuilder() {}

    /**
     * Of tasks, only those that a question asks for; other kinds are not concerned. One that comes to match is an
     * addition to this listener, and one that ceases to is a removal with {@link ChangeCause#FILTER}.
     *
     * @param narrowed narrows the question for all tasks, as one to a snapshot; its tests must always answer the same
     *     for the same value, and must not throw: that ends the subscription
     * @return this
     */
    public ChangeListenerBuilder tasks(UnaryOperator<TaskQuery> narrowed) {
        filter = filter.with(EntityKind.TASK, Snapshot::tasks, narrowed);
        return this;
    }

    /**
     * Is told of every change of tasks, with the batch that it came in.
     *
     * @param handler what is to be done
     * @return this
     */
    public ChangeListenerBuilder onTask(Handler<Task> handler) {
        return on(EntityKind.TASK, handler);
    }

    /**
     * Is told of tasks that were not there before.
     *
     * @param action what is to be done with the task
     * @return this
     */
    public ChangeListenerBuilder onTaskAdded(Consumer<? super Task> action) {
        return onAdded(EntityKind.TASK, action);
    }

    /**
     * Is told of tasks that are other than before.
     *
     * @param action what is to be done with the task as it was and as it is
     * @return this
     */
    public ChangeListenerBuilder onTaskChanged(BiConsumer<? super Task, ? super Task> action) {
        return onChanged(EntityKind.TASK, action);
    }

    /**
     * Is told of tasks that are not there any more.
     *
     * @param action what is to be done with the task as it was last
     * @return this
     */
    public ChangeListenerBuilder onTaskRemoved(Consumer<? super Task> action) {
        return onRemoved(EntityKind.TASK, action);
    }

    /**
     * Of container instances, only those that a question asks for; other kinds are not concerned. One that comes to
     * match is an addition to this listener, and one that ceases to is a removal with {@link ChangeCause#FILTER}.
     *
     * @param narrowed narrows the question for all container instances, as one to a snapshot; its tests must always
     *     answer the same for the same value, and must not throw: that ends the subscription
     * @return this
     */
    public ChangeListenerBuilder instances(UnaryOperator<InstanceQuery> narrowed) {
        filter = filter.with(EntityKind.INSTANCE, Snapshot::instances, narrowed);
        return this;
    }

    /**
     * Is told of every change of container instances, with the batch that it came in.
     *
     * @param handler what is to be done
     * @return this
     */
    public ChangeListenerBuilder onInstance(Handler<ContainerInstance> handler) {
        return on(EntityKind.INSTANCE, handler);
    }

    /**
     * Is told of container instances that were not there before.
     *
     * @param action what is to be done with the container instance
     * @return this
     */
    public ChangeListenerBuilder onInstanceAdded(Consumer<? super ContainerInstance> action) {
        return onAdded(EntityKind.INSTANCE, action);
    }

    /**
     * Is told of container instances that are other than before.
     *
     * @param action what is to be done with the container instance as it was and as it is
     * @return this
     */
    public ChangeListenerBuilder onInstanceChanged(
            BiConsumer<? super ContainerInstance, ? super ContainerInstance> action) {
        return onChanged(EntityKind.INSTANCE, action);
    }

    /**
     * Is told of container instances that are not there any more.
     *
     * @param action what is to be done with the container instance as it was last
     * @return this
     */
    public ChangeListenerBuilder onInstanceRemoved(Consumer<? super ContainerInstance> action) {
        return onRemoved(EntityKind.INSTANCE, action);
    }

    /**
     * Of services, only those that a question asks for; other kinds are not concerned. One that comes to match is an
     * addition to this listener, and one that ceases to is a removal with {@link ChangeCause#FILTER}.
     *
     * @param narrowed narrows the question for all services, as one to a snapshot; its tests must always answer the
     *     same for the same value, and must not throw: that ends the subscription
     * @return this
     */
    public ChangeListenerBuilder services(UnaryOperator<ServiceQuery> narrowed) {
        filter = filter.with(EntityKind.SERVICE, Snapshot::services, narrowed);
        return this;
    }

    /**
     * Is told of every change of services, with the batch that it came in.
     *
     * @param handler what is to be done
     * @return this
     */
    public ChangeListenerBuilder onService(Handler<Service> handler) {
        return on(EntityKind.SERVICE, handler);
    }

    /**
     * Is told of services that were not there before.
     *
     * @param action what is to be done with the service
     * @return this
     */
    public ChangeListenerBuilder onServiceAdded(Consumer<? super Service> action) {
        return onAdded(EntityKind.SERVICE, action);
    }

    /**
     * Is told of services that are other than before.
     *
     * @param action what is to be done with the service as it was and as it is
     * @return this
     */
    public ChangeListenerBuilder onServiceChanged(BiConsumer<? super Service, ? super Service> action) {
        return onChanged(EntityKind.SERVICE, action);
    }

    /**
     * Is told of services that are not there any more.
     *
     * @param action what is to be done with the service as it was last
     * @return this
     */
    public ChangeListenerBuilder onServiceRemoved(Consumer<? super Service> action) {
        return onRemoved(EntityKind.SERVICE, action);
    }

    /**
     * Is told what happened to services, in ECS's words. Notices carry no state and are kept nowhere: they come as
     * often as the queue delivers them, in no order with changes, and only those that this process receives. A listener
     * that has not been told a hundred of them misses the oldest.
     *
     * @param handler what is to be done
     * @return this
     */
    public ChangeListenerBuilder onServiceNotice(NoticeHandler handler) {
        noticeHandlers.add(requireNonNull(handler, "handler: null (expected: a handler)"));
        return this;
    }

    /**
     * Is told of every change of clusters themselves.
     *
     * @param handler what is to be done
     * @return this
     */
    public ChangeListenerBuilder onCluster(Handler<Cluster> handler) {
        return on(EntityKind.CLUSTER, handler);
    }

    /**
     * Is told of every batch, after the handlers of its changes.
     *
     * @param handler what is to be done
     * @return this
     */
    public ChangeListenerBuilder onBatch(BatchHandler handler) {
        batchHandlers.add(requireNonNull(handler, "handler: null (expected: a handler)"));
        return this;
    }

    /**
     * Is told once that the initial batch has been told, even if it was empty.
     *
     * @param handler what is to be done with the initial batch
     * @return this
     */
    public ChangeListenerBuilder onInitial(BatchHandler handler) {
        initialHandlers.add(requireNonNull(handler, "handler: null (expected: a handler)"));
        return this;
    }

    /**
     * Takes resets, in place of the handlers of changes: to begin anew from the batch's snapshot. Without it a reset's
     * changes are told as any others.
     *
     * @param handler what is to be done with a reset
     * @return this
     */
    public ChangeListenerBuilder onReset(BatchHandler handler) {
        resetHandlers.add(requireNonNull(handler, "handler: null (expected: a handler)"));
        return this;
    }

    /**
     * What is to be done when a handler throws, whatever it throws. If this throws too, the subscription ends, and the
     * status of the mirror names it.
     *
     * @param handler by default {@link ErrorAction#SKIP}
     * @return this
     */
    public ChangeListenerBuilder onError(Function<? super ListenerFailure, ErrorAction> handler) {
        this.errorHandler = requireNonNull(handler, "handler: null (expected: a handler)");
        return this;
    }

    /**
     * Tells only what happens from the subscription on, without what is there by then. Who subscribes before the view
     * is ready is told what happens from some moment after that.
     *
     * @return this
     */
    public ChangeListenerBuilder liveOnly() {
        this.start = Start.LIVE;
        return this;
    }

    /**
     * Calls the handlers on an executor. The subscription's own thread waits for each batch, so that there is never
     * more than one at work. If the executor refuses a batch the subscription ends; if it drops one silently, nothing
     * more is ever told.
     *
     * @param callers where the handlers are called; by default the subscription's own thread
     * @return this
     */
    public ChangeListenerBuilder executor(Executor callers) {
        this.executor = requireNonNull(callers, "callers: null (expected: an executor)");
        return this;
    }

    /**
     * How far behind the listener may fall before it gets a reset; not counting the batch that is next, however large.
     * Whatever is set, it gets one when the store's journal holds no more what it has not been told.
     *
     * @param changes changes of all kinds; by default as many as the journal holds
     * @return this
     * @throws IllegalArgumentException if the number is negative
     */
    public ChangeListenerBuilder behindAtMost(int changes) {
        if (changes < 0) {
            throw new IllegalArgumentException("changes: " + changes + " (expected: 0 or more)");
        }
        this.behindAtMost = changes;
        return this;
    }

    /**
     * The name in status, metrics, logs and thread names, to which a number is added.
     *
     * @param word by default {@code listener}
     * @return this
     */
    public ChangeListenerBuilder named(String word) {
        this.name = requireNonNull(word, "word: null (expected: a name)");
        return this;
    }

    /**
     * Builds the listener.
     *
     * @return a listener to be given to {@link ClusterStateView#subscribe}
     * @throws IllegalStateException if it has no handler
     */
    public ChangeListener build() {
        boolean hasHandler = Stream.of(handlings, batchHandlers, resetHandlers, initialHandlers, noticeHandlers)
                .anyMatch(handlers -> !handlers.isEmpty());
        if (!hasHandler) {
            throw new IllegalStateException("handlers: none (expected: at least one, before build)");
        }
        return new ChangeListener(this);
    }

    private <T> ChangeListenerBuilder onAdded(EntityKind<T> kind, Consumer<? super T> action) {
        requireNonNull(action, "action: null (expected: an action)");
        return on(kind, (change, batch) -> {
            if (change.isAddition()) {
                action.accept(change.latest().value());
            }
        });
    }

    private <T> ChangeListenerBuilder onChanged(EntityKind<T> kind, BiConsumer<? super T, ? super T> action) {
        requireNonNull(action, "action: null (expected: an action)");
        return on(kind, (change, batch) -> {
            Observed<T> before = change.before();
            Observed<T> after = change.after();
            if (before != null && after != null) {
                action.accept(before.value(), after.value());
            }
        });
    }

    private <T> ChangeListenerBuilder onRemoved(EntityKind<T> kind, Consumer<? super T> action) {
        requireNonNull(action, "action: null (expected: an action)");
        return on(kind, (change, batch) -> {
            if (change.isRemoval()) {
                action.accept(change.latest().value());
            }
        });
    }

    private <T> ChangeListenerBuilder on(EntityKind<T> kind, Handler<T> handler) {
        handlings.add(new Handling<>(kind, requireNonNull(handler, "handler: null (expected: a handler)")));
        return this;
    }

    String name() {
        return name;
    }

    Start start() {
        return start;
    }

    /** Without handlers of batches, only the kinds that have handlers are of any interest. */
    ChangeFilter filter() {
        Set<EntityKind<?>> told = handlings.stream().map(Handling::kind).collect(Collectors.toSet());
        boolean seesBatches =
                Stream.of(batchHandlers, initialHandlers, resetHandlers).anyMatch(handlers -> !handlers.isEmpty());
        return seesBatches ? filter : filter.only(told);
    }

    long behindAtMost() {
        return behindAtMost;
    }

    Optional<Executor> executor() {
        return Optional.ofNullable(executor);
    }

    List<Handling<?>> handlings() {
        return handlings;
    }

    List<BatchHandler> batchHandlers() {
        return batchHandlers;
    }

    List<BatchHandler> initialHandlers() {
        return initialHandlers;
    }

    List<NoticeHandler> noticeHandlers() {
        return noticeHandlers;
    }

    List<BatchHandler> resetHandlers() {
        return resetHandlers;
    }

    Function<? super ListenerFailure, ErrorAction> errorHandler() {
        return errorHandler;
    }
}
