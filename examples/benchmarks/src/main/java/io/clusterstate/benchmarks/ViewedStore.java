package io.clusterstate.benchmarks;

import io.clusterstate.ChangeListener;
import io.clusterstate.EntityKind;
import io.clusterstate.Origin;
import io.clusterstate.StoreView;
import io.clusterstate.Subscription;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.spi.Upsert;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Task;

/** The library: a memory store with a view, whose listeners run on the thread of {@link #catchUp}. */
final class ViewedStore implements TaskCache {

    private final MemoryStateStore store = new MemoryStateStore();
    private final StoreView view = StoreView.byHand(store.journal(), new AlwaysReady(), InstantSource.system());

    @Override
    public String name() {
        return "css";
    }

    MemoryStateStore store() {
        return store;
    }

    StoreView view() {
        return view;
    }

    @Override
    public @Nullable Object get(String arn) {
        return view.task(arn);
    }

    @Override
    public int find(String status) {
        return view.snapshot().tasks().in("prod").status(status).list().size();
    }

    @Override
    public Runnable putting(Task task) {
        return putting(List.of(task));
    }

    /** Prepares new values of tasks; to run the result applies them together. */
    Runnable putting(List<Task> tasks) {
        List<Upsert<Task>> changes = tasks.stream().map(ViewedStore::change).toList();
        return () -> store.apply(changes);
    }

    static Upsert<Task> change(Task task) {
        return Upsert.of(EntityKind.TASK, task.clusterArn(), task, Origin.EVENT, SampleChanges.RECEIVED);
    }

    @Override
    public void list(Consumer<Object> listener) {
        Subscription subscription = subscribe(listener);
        catchUp();
        subscription.cancel();
    }

    /** Subscribes a listener, which gets every task of its first batch, and every changed task of the others. */
    Subscription subscribe(Consumer<Object> listener) {
        return view.subscribe(ChangeListener.builder()
                .onBatch(batch -> batch.changes().forEach(listener))
                .build());
    }

    /** Lets the listeners catch up. */
    void catchUp() {
        try {
            view.tell();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
