package io.clusterstate.benchmarks;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.impl.cache.CacheImpl;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Task;

/** The informer cache of fabric8's client. */
final class Fabric8Cache implements TaskCache {

    private static final String INDEX = "status";

    private final CacheImpl<TaskPod> cache =
            new CacheImpl<>(INDEX, pod -> List.of(TaskCache.indexKey(pod.task)), pod -> pod.task.taskArn());

    @Override
    public String name() {
        return "fabric8's cache";
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
        TaskPod pod = new TaskPod(task);
        return () -> cache.put(pod);
    }

    @Override
    public void list(Consumer<Object> listener) {
        cache.list().forEach(listener);
    }

    /** An object that the cache accepts. Objects of an equal version share the metadata, in favour of this cache. */
    @SuppressWarnings("serial")
    private static final class TaskPod extends Pod {

        private static final Map<Long, ObjectMeta> METADATA = new ConcurrentHashMap<>();

        private final Task task;

        TaskPod(Task task) {
            this.task = task;
            setMetadata(METADATA.computeIfAbsent(task.version(), TaskPod::metadata));
        }

        private static ObjectMeta metadata(Long version) {
            ObjectMeta metadata = new ObjectMeta();
            metadata.setResourceVersion(version.toString());
            return metadata;
        }
    }
}
