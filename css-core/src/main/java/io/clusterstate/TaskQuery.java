package io.clusterstate;

import software.amazon.awssdk.services.ecs.model.Task;

/**
 * A query over tasks. It includes stopped tasks for as long as the store keeps them.
 *
 * <p>Thread: immutable. Blocks: never.
 */
public interface TaskQuery extends Query<Task, TaskQuery> {

    /**
     * Narrows to tasks on a container instance.
     *
     * @param instanceArn the instance's ARN
     * @return the narrower query
     */
    TaskQuery onInstance(String instanceArn);

    /**
     * Narrows to tasks of a service, which have the group {@code service:NAME}.
     *
     * @param service the service's name or ARN; the cluster in an ARN is ignored here, so add {@link #in}
     * @return the narrower query
     */
    TaskQuery ofService(String service);

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
     * @param taskDefinitionArn the ARN with the revision
     * @return the narrower query
     */
    TaskQuery taskDefinition(String taskDefinitionArn);

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
     * @param lastStatus a status such as {@code RUNNING}, in ECS's spelling
     * @return the narrower query
     */
    TaskQuery status(String lastStatus);

    /**
     * Narrows to tasks with a desired status. A task that is being stopped has {@code STOPPED} here, and for a while
     * still {@code RUNNING} in {@link #status}.
     *
     * @param desiredStatus {@code RUNNING} or {@code STOPPED}
     * @return the narrower query
     */
    TaskQuery desiredStatus(String desiredStatus);

    /**
     * Narrows to tasks with a launch type.
     *
     * @param launchType {@code EC2}, {@code FARGATE}, {@code EXTERNAL} or {@code MANAGED_INSTANCES}
     * @return the narrower query
     */
    TaskQuery launchType(String launchType);
}
