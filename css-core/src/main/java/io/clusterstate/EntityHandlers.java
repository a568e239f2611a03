package io.clusterstate;

import static java.util.Objects.requireNonNull;

import io.clusterstate.ChangeListener.Handler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The handlers of a {@link ChangeListener} for one kind of entity, and the query that narrows what they are told.
 * Handlers are called in the order in which they were added; several of one sort are all called.
 *
 * <p>Thread: one thread at a time, before {@link ChangeListenerBuilder#build}.
 *
 * @param <T> the AWS SDK's type of the entities
 * @param <Q> the type of queries over them
 */
public final class EntityHandlers<T, Q extends Query<T, Q>> {

    private final EntityKind<T> kind;
    private final List<Handler<T>> handlers = new ArrayList<>();
    private @Nullable UnaryOperator<Q> narrowing;

    EntityHandlers(EntityKind<T> kind) {
        this.kind = kind;
    }

    /**
     * Narrows the changes to the entities that match a query. An entity that comes to match is an addition to this
     * listener, and an entity that ceases to match is a removal with {@link ChangeCause#FILTER}. Other kinds of entity
     * are not affected. The last query that is given counts.
     *
     * @param query narrows the query over all entities of the kind. Its {@link Query#where} tests must give the same
     *     result for the same value every time, and must not throw: an exception ends the subscription
     * @return this
     */
    public EntityHandlers<T, Q> matching(UnaryOperator<Q> query) {
        this.narrowing = requireNonNull(query, "query: null (expected: a query)");
        return this;
    }

    /**
     * Adds an action for entities that were not there before.
     *
     * @param action takes the entity
     * @return this
     */
    public EntityHandlers<T, Q> onAdded(Consumer<? super T> action) {
        requireNonNull(action, "action: null (expected: an action)");
        return onEach((change, batch) -> {
            if (change.isAddition()) {
                action.accept(change.latest().value());
            }
        });
    }

    /**
     * Adds an action for entities that differ from before.
     *
     * @param action takes the entity before the change, and after it
     * @return this
     */
    public EntityHandlers<T, Q> onChanged(BiConsumer<? super T, ? super T> action) {
        requireNonNull(action, "action: null (expected: an action)");
        return onEach((change, batch) -> {
            Observed<T> before = change.before();
            Observed<T> after = change.after();
            if (before != null && after != null) {
                action.accept(before.value(), after.value());
            }
        });
    }

    /**
     * Adds an action for entities that are gone.
     *
     * @param action takes the entity in its last state
     * @return this
     */
    public EntityHandlers<T, Q> onRemoved(Consumer<? super T> action) {
        requireNonNull(action, "action: null (expected: an action)");
        return onEach((change, batch) -> {
            if (change.isRemoval()) {
                action.accept(change.latest().value());
            }
        });
    }

    /**
     * Adds a handler for every change: additions, changes and removals, with their causes and their batch.
     *
     * @param handler takes the change
     * @return this
     */
    public EntityHandlers<T, Q> onEach(Handler<T> handler) {
        handlers.add(requireNonNull(handler, "handler: null (expected: a handler)"));
        return this;
    }

    EntityKind<T> kind() {
        return kind;
    }

    List<Handler<T>> handlers() {
        return handlers;
    }

    /** A filter that lets of this kind only the matching entities pass, and others as {@code filter} does. */
    @SuppressWarnings("unchecked") // the query of a kind is of the type that its handlers narrow
    ChangeFilter added(ChangeFilter filter) {
        UnaryOperator<Q> wanted = narrowing;
        return wanted == null ? filter : filter.with(kind, all -> wanted.apply((Q) all.query(kind)));
    }
}
