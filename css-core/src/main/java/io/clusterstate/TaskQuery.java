package io.clusterstate;

import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * A query over tasks. It includes stopped tasks for as long as the store keeps them; {@link #live()} leaves them out.
 *
 * <p>Thread: immutable. Blocks: never.
 */
public interface TaskQuery extends Query<Task, TaskQuery> {

    /**
     * Narrows to tasks that have not ended: those with any last known status but {@code STOPPED} and {@code DELETED}. A
     * task that is being stopped is live until it has stopped.
     *
     * @return the narrower query
     */
    TaskQuery live();

    /**
     * Narrows to tasks that have ended: {@code STOPPED} or {@code DELETED}.
     *
     * @return the narrower query
     */
    TaskQuery ended();

    /**
     * Narrows to tasks on a container instance.
     *
     * @param arnOrId the instance's ARN, or the id at the end of the ARN
     * @return the narrower query
     */
    TaskQuery onInstance(String arnOrId);

    /**
     * Narrows to tasks of a service, which have the group {@code service:NAME}.
     *
     * @param arnOrName the service's ARN, its name, or {@code CLUSTER/NAME}. A name alone stands for the services of
     *     this name in all clusters, and so does an ARN in the short format, which names no cluster; add {@link #in}
     * @return the narrower query
     */
    TaskQuery ofService(String arnOrName);

    /**
     * Narrows to tasks of any revision of a task definition family.
     *
     * @param family the family's name
     * @return the narrower query
     */
    TaskQuery family(String family);

    /**
     * Narrows to tasks of a task definition.
     *
     * @param arnOrRevision the ARN, or family and revision such as {@code web:7}
     * @return the narrower query
     * @throws IllegalArgumentException if the text names no revision; {@link #family} finds all revisions
     */
    TaskQuery taskDefinition(String arnOrRevision);

    /**
     * Narrows to tasks with a {@code startedBy} value. The caller of RunTask sets it, and so does a service's
     * deployment.
     *
     * @param startedBy the value
     * @return the narrower query
     */
    TaskQuery startedBy(String startedBy);

    /**
     * Narrows to tasks of a group.
     *
     * @param group a group such as {@code service:web} or {@code family:batch}
     * @return the narrower query
     */
    TaskQuery group(String group);

    /**
     * Narrows to tasks with a last known status.
     *
     * @param lastStatus the name of a {@link TaskStatus}
     * @return the narrower query
     * @throws IllegalArgumentException if there is no such status; {@link #where} finds a status of a later ECS
     */
    TaskQuery status(String lastStatus);

    /**
     * Narrows to tasks with a last known status.
     *
     * @param lastStatus the status
     * @return the narrower query
     */
    default TaskQuery status(TaskStatus lastStatus) {
        return status(lastStatus.name());
    }

    /**
     * Narrows to tasks that have reached a status, or gone beyond it. {@code atLeast(RUNNING)} includes stopped tasks;
     * add {@link #live()} to leave them out.
     *
     * @param lastStatus the status
     * @return the narrower query, without the tasks whose status a later ECS has introduced
     */
    TaskQuery atLeast(TaskStatus lastStatus);

    /**
     * Narrows to tasks with a desired status. A task that is being stopped has {@code STOPPED} here, and for a while
     * still {@code RUNNING} in {@link #status}.
     *
     * @param desiredStatus {@code RUNNING}, {@code PENDING} or {@code STOPPED}
     * @return the narrower query
     * @throws IllegalArgumentException if there is no such status; {@link #where} finds a status of a later ECS
     */
    TaskQuery desiredStatus(String desiredStatus);

    /**
     * Narrows to tasks with a desired status.
     *
     * @param desiredStatus the status
     * @return the narrower query
     */
    default TaskQuery desiredStatus(DesiredStatus desiredStatus) {
        return desiredStatus(desiredStatus.toString());
    }

    /**
     * Narrows to tasks with a launch type.
     *
     * @param launchType {@code EC2}, {@code FARGATE}, {@code EXTERNAL} or {@code MANAGED_INSTANCES}
     * @return the narrower query
     * @throws IllegalArgumentException if there is no such launch type; {@link #where} finds one of a later ECS
     */
    TaskQuery launchType(String launchType);

    /**
     * Narrows to tasks with a launch type.
     *
     * @param launchType the launch type
     * @return the narrower query
     */
    default TaskQuery launchType(LaunchType launchType) {
        return launchType(launchType.toString());
    }

    /**
     * Narrows to tasks that a capacity provider has placed. No index answers this step.
     *
     * @param name the provider's name, such as {@code FARGATE_SPOT}
     * @return the narrower query
     */
    TaskQuery capacityProvider(String name);

    /**
     * Narrows to tasks with a container of an image. No index answers this step.
     *
     * @param image an image as in the task definition. Without a tag or digest, it stands for all tags and digests of
     *     the repository
     * @return the narrower query
     */
    TaskQuery image(String image);

    /**
     * Narrows to tasks with a tag. Only the API reports tags: events carry none, so a task that no describe call has
     * reached yet has none here ({@link Observed#describedAt()}). No index answers this step.
     *
     * @param key the tag's key
     * @param value the tag's value
     * @return the narrower query
     */
    TaskQuery tagged(String key, String value);
}
