package io.clusterstate.examples.quickstart;

import io.clusterstate.ChangeBatch;
import io.clusterstate.ChangeListener;
import io.clusterstate.EntityChange;
import io.clusterstate.Observed;
import io.clusterstate.ecs.EcsArn;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/** Keeps the last changes of tasks and instances, as a listener of a view. */
final class RecentChanges {

    private static final int REMEMBERED = 6;

    private final Deque<String> last = new ArrayDeque<>();

    /** The listener to subscribe to a view. */
    ChangeListener listener() {
        return ChangeListener.builder()
                .named("recent-changes")
                .liveOnly()
                .tasks(tasks -> tasks.onEach(this::note))
                .instances(instances -> instances.onEach(this::note))
                .build();
    }

    /** The last changes as text, newest first. */
    synchronized List<String> last() {
        return List.copyOf(last);
    }

    private synchronized void note(EntityChange<?> change, ChangeBatch batch) {
        last.addFirst(words(change));
        if (last.size() > REMEMBERED) {
            last.removeLast();
        }
    }

    private static String words(EntityChange<?> change) {
        String id = EcsArn.nameOf(change.arn());
        return "%-9s %-18s %s  %s"
                .formatted(
                        change.isAddition() ? "added" : change.isRemoval() ? "removed" : "changed",
                        change.kind(),
                        id.substring(0, Math.min(12, id.length())),
                        status(change.before()) + " -> " + status(change.after()));
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
