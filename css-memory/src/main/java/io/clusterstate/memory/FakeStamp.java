package io.clusterstate.memory;

import io.clusterstate.EntityKind;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/** Sets what ECS sets on an entity: the version and, on a task, the times of its creation, start and stop. */
final class FakeStamp {

    private FakeStamp() {}

    /** The value at a version; a missing time is that of the value before, or now. */
    @SuppressWarnings("unchecked") // a copy is of the same type
    static <T> T put(T value, Optional<T> before, long version, Instant now) {
        if (value instanceof Task task) {
            return (T)
                    put(task, (Task) before.orElse(null), now).version(version).build();
        }
        return value instanceof ContainerInstance instance
                ? (T) instance.toBuilder().version(version).build()
                : value;
    }

    private static Task.Builder put(Task task, @Nullable Task before, Instant now) {
        boolean isRunning = "RUNNING".equals(task.lastStatus());
        boolean hasStopped = EntityKind.TASK.hasEnded(task);
        return task.toBuilder()
                .createdAt(first(task.createdAt(), before == null ? null : before.createdAt(), now))
                .startedAt(first(task.startedAt(), before == null ? null : before.startedAt(), isRunning ? now : null))
                .stoppedAt(
                        first(task.stoppedAt(), before == null ? null : before.stoppedAt(), hasStopped ? now : null));
    }

    private static @Nullable Instant first(@Nullable Instant... candidates) {
        for (Instant candidate : candidates) {
            if (candidate != null) {
                return candidate;
            }
        }
        return null;
    }
}
