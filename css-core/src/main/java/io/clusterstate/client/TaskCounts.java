package io.clusterstate.client;

import io.clusterstate.TaskQuery;
import io.clusterstate.TaskStatus;

/**
 * The tasks of an instance, a service or a cluster, as ECS counts them.
 *
 * @param running the tasks with the last status {@code RUNNING}
 * @param pending the tasks on their way there. ECS's words name the status {@code PENDING} alone, and are older than
 *     the two others before {@code RUNNING}
 */
record TaskCounts(int running, int pending) {

    static TaskCounts of(TaskQuery tasks) {
        return new TaskCounts(
                tasks.status(TaskStatus.RUNNING).count(),
                tasks.status(TaskStatus.PROVISIONING).count()
                        + tasks.status(TaskStatus.PENDING).count()
                        + tasks.status(TaskStatus.ACTIVATING).count());
    }
}
