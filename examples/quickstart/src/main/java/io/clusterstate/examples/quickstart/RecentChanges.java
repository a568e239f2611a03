package io.clusterstate.examples.quickstart;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.StateStore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/** A store that remembers the last changes of tasks and instances that another store took in. */
final class RecentChanges implements StateStore {

    private static final int REMEMBERED = 6;

    private final StateStore store;
    private final Deque<String> last = new ArrayDeque<>();

    RecentChanges(StateStore store) {
        this.store = store;
    }

    /** The last changes in words, the newest first. */
    synchronized List<String> last() {
        return List.copyOf(last);
    }

    @Override
    public List<Applied> apply(List<? extends Change<?>> changes) {
        return note(store.apply(changes));
    }

    @Override
    public List<Applied> expire() {
        return note(store.expire());
    }

    @Override
    public Snapshot snapshot() {
        return store.snapshot();
    }

    @Override
    public boolean isShared() {
        return store.isShared();
    }

    @Override
    public void close() {
        store.close();
    }

    private synchronized List<Applied> note(List<Applied> applied) {
        for (Applied each : applied) {
            boolean isShown =
                    each.change().kind() == EntityKind.TASK || each.change().kind() == EntityKind.INSTANCE;
            if (each.outcome().hasEffect() && isShown) {
                last.addFirst(words(each));
            }
        }
        while (last.size() > REMEMBERED) {
            last.removeLast();
        }
        return applied;
    }

    private static String words(Applied applied) {
        String id = EcsArn.nameOf(applied.change().arn());
        return "%-9s %-18s %s  %s"
                .formatted(
                        applied.outcome().name().toLowerCase(Locale.ROOT),
                        applied.change().kind(),
                        id.substring(0, Math.min(12, id.length())),
                        status(applied.before()) + " -> " + status(applied.after()));
    }

    private static String status(@Nullable Observed<?> observed) {
        if (observed == null) {
            return "none";
        }
        String version = " v" + observed.version();
        if (observed.value() instanceof Task task) {
            return task.lastStatus() + version;
        }
        return observed.value() instanceof ContainerInstance instance ? instance.status() + version : version;
    }
}
