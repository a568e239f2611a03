package io.clusterstate.benchmarks;

import io.kubernetes.client.informer.cache.Cache;
import io.kubernetes.client.openapi.models.V1Pod;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Task;

/** The informer cache of the official Kubernetes client. */
final class OfficialCache implements TaskCache {

    private static final String INDEX = "status";

    private final Cache<TaskV1Pod> cache =
            new Cache<>(INDEX, pod -> List.of(TaskCache.indexKey(pod.task)), pod -> pod.task.taskArn());

    @Override
    public String name() {
        return "official client's cache";
    }

    @Override
    public @Nullable Object get(String arn) {
        return cache.getByKey(arn);
    }

    @Override
    public int find(String status) {
        return cache.byIndex(INDEX, TaskCache.indexKey(status)).size();
    }

    @Override
    public Runnable putting(Task task) {
        TaskV1Pod pod = new TaskV1Pod(task);
        return () -> cache.update(pod);
    }

    @Override
    public void list(Consumer<Object> listener) {
        cache.list().forEach(listener);
    }

    /** An object that the cache accepts. */
    private static final class TaskV1Pod extends V1Pod {
        private final Task task;

        TaskV1Pod(Task task) {
            this.task = task;
        }
    }
}
