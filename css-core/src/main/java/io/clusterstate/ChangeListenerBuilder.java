package io.clusterstate;

import static java.util.Objects.requireNonNull;

import io.clusterstate.ChangeListener.BatchHandler;
import io.clusterstate.ChangeListener.NoticeHandler;
import io.clusterstate.JournalCursor.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * Builds a {@link ChangeListener}: handlers of changes for each kind of entity, and handlers of whole batches. At least
 * one handler is required.
 *
 * <p>Thread: one thread at a time.
 */
public final class ChangeListenerBuilder {

    private final EntityHandlers<Task, TaskQuery> tasks = new EntityHandlers<>(EntityKind.TASK);
    private final EntityHandlers<ContainerInstance, InstanceQuery> instances =
            new EntityHandlers<>(EntityKind.INSTANCE);
    private final EntityHandlers<Service, ServiceQuery> services = new EntityHandlers<>(EntityKind.SERVICE);
    private final EntityHandlers<Cluster, ClusterQuery> clusters = new EntityHandlers<>(EntityKind.CLUSTER);
    private final EntityHandlers<TaskDefinition, TaskDefinitionQuery> definitions =
            new EntityHandlers<>(EntityKind.TASK_DEFINITION);
    private final List<BatchHandler> batchHandlers = new ArrayList<>();
    private final List<BatchHandler> initialHandlers = new ArrayList<>();
    private final List<BatchHandler> resetHandlers = new ArrayList<>();
    private final List<NoticeHandler> noticeHandlers = new ArrayList<>();
    private String name = "listener";
    private Start start = Start.INITIAL;
    private long behindAtMost = Long.MAX_VALUE;
    private Function<? super ListenerFailure, ErrorAction> errorHandler = failure -> ErrorAction.SKIP;

    ChangeListenerBuilder() {}

    /**
     * Adds handlers of tasks.
     *
     * @param choices adds them, such as {@code tasks -> tasks.onAdded(task -> …)}
     * @return this
     */
    public ChangeListenerBuilder tasks(Consumer<EntityHandlers<Task, TaskQuery>> choices) {
        choices.accept(tasks);
        return this;
    }

    /**
     * Adds handlers of container instances.
     *
     * @param choices adds them
     * @return this
     */
    public ChangeListenerBuilder instances(Consumer<EntityHandlers<ContainerInstance, InstanceQuery>> choices) {
        choices.accept(instances);
        return this;
    }

    /**
     * Adds handlers of services.
     *
     * @param choices adds them
     * @return this
     */
    public ChangeListenerBuilder services(Consumer<EntityHandlers<Service, ServiceQuery>> choices) {
        choices.accept(services);
        return this;
    }

    /**
     * Adds handlers of clusters themselves.
     *
     * @param choices adds them
     * @return this
     */
    public ChangeListenerBuilder clusters(Consumer<EntityHandlers<Cluster, ClusterQuery>> choices) {
        choices.accept(clusters);
        return this;
    }

    /**
     * Adds handlers of task definitions.
     *
     * @param choices adds them
     * @return this
     */
    public ChangeListenerBuilder definitions(Consumer<EntityHandlers<TaskDefinition, TaskDefinitionQuery>> choices) {
        choices.accept(definitions);
        return this;
    }

    /**
     * Adds a handler of notices: ECS's words about what happened to a service. Notices carry no state, and no store
     * keeps them. They come as often as the queue delivers them, in no order with changes, and only to the process that
     * receives them. Of more than 100 waiting notices, a listener misses the oldest.
     *
     * @param handler takes the notice
     * @return this
     */
    public ChangeListenerBuilder onServiceNotice(NoticeHandler handler) {
        noticeHandlers.add(requireNonNull(handler, "handler: null (expected: a handler)"));
        return this;
    }

    /**
     * Adds a handler of whole batches, which runs after the handlers of the batch's changes.
     *
     * @param handler takes the batch
     * @return this
     */
    public ChangeListenerBuilder onBatch(BatchHandler handler) {
        batchHandlers.add(requireNonNull(handler, "handler: null (expected: a handler)"));
        return this;
    }

    /**
     * Adds a handler that runs once, after the handlers of the initial batch, even if that batch is empty.
     *
     * @param handler takes the initial batch
     * @return this
     */
    public ChangeListenerBuilder onInitial(BatchHandler handler) {
        initialHandlers.add(requireNonNull(handler, "handler: null (expected: a handler)"));
        return this;
    }

    /**
     * Adds a handler of resets, which replaces the handlers of changes for a reset: such a handler begins anew from the
     * batch's snapshot. Without it, the changes of a reset reach the handlers of changes.
     *
     * @param handler takes the reset
     * @return this
     */
    public ChangeListenerBuilder onReset(BatchHandler handler) {
        resetHandlers.add(requireNonNull(handler, "handler: null (expected: a handler)"));
        return this;
    }

    /**
     * Sets the error handler, which decides what follows when a handler throws. If the error handler throws too, the
     * subscription ends, and the status of the mirror names it.
     *
     * @param handler chooses an action; by default always {@link ErrorAction#SKIP}
     * @return this
     */
    public ChangeListenerBuilder onError(Function<? super ListenerFailure, ErrorAction> handler) {
        this.errorHandler = requireNonNull(handler, "handler: null (expected: a handler)");
        return this;
    }

    /**
     * Leaves out the initial batch: the listener is told only the changes after it subscribed. If it subscribed before
     * the view was ready, it is told the changes from some moment after that.
     *
     * @return this
     */
    public ChangeListenerBuilder liveOnly() {
        this.start = Start.LIVE;
        return this;
    }

    /**
     * Sets how many changes the listener may fall behind before it gets a reset. The batch that is next does not count,
     * however large it is. The listener also gets a reset once the store's journal no longer holds its next change.
     *
     * @param changes a number of changes of all kinds; by default as many as the journal holds
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
     * Names the listener in status, metrics, logs and thread names; the view adds a number.
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
        boolean hasHandler = Stream.of(batchHandlers, resetHandlers, initialHandlers, noticeHandlers)
                .anyMatch(handlers -> !handlers.isEmpty());
        if (!hasHandler && handledKinds().isEmpty()) {
            throw new IllegalStateException("handlers: none (expected: at least one, before build)");
        }
        return new ChangeListener(this);
    }

    String name() {
        return name;
    }

    Start start() {
        return start;
    }

    /**
     * The listener's filter. Handlers of batches see all kinds; without them, only the kinds that have handlers pass.
     */
    ChangeFilter filter() {
        ChangeFilter filter = ChangeFilter.NONE;
        for (EntityHandlers<?, ?> each : entityHandlers()) {
            filter = each.added(filter);
        }
        boolean seesBatches =
                Stream.of(batchHandlers, initialHandlers, resetHandlers).anyMatch(handlers -> !handlers.isEmpty());
        return seesBatches ? filter : filter.only(handledKinds());
    }

    private Set<EntityKind<?>> handledKinds() {
        return entityHandlers().stream()
                .filter(each -> !each.handlers().isEmpty())
                .map(EntityHandlers::kind)
                .collect(Collectors.toSet());
    }

    long behindAtMost() {
        return behindAtMost;
    }

    /** The handlers of each kind. */
    List<EntityHandlers<?, ?>> entityHandlers() {
        return List.of(tasks, instances, services, clusters, definitions);
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
