package io.clusterstate.benchmarks;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Task;

/** A holder of tasks: the library, or the cache of another client. It has an index by cluster and status. */
interface TaskCache {

    /** The name in results. */
    String name();

    /** The task with this ARN. */
    @Nullable Object get(String arn);

    /** The number of tasks with this status, which are put into a list. */
    int find(String status);

    /** Prepares a new value of a task; to run the result puts it into the cache. */
    Runnable putting(Task task);

    /** Hands every task to a listener that has just come. */
    void list(Consumer<Object> listener);

    /** The key of the index. */
    static String indexKey(@Nullable Task task) {
        return Optional.ofNullable(task)
                .map(known -> known.clusterArn() + ' ' + known.lastStatus())
                .orElse("");
    }

    /** The index key of the tasks of the only cluster with this status. */
    static String indexKey(String status) {
        return SampleIds.clusterArn("prod") + ' ' + status;
    }
}
