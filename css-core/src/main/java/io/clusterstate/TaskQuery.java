package io.clusterstate;

import software.amazon.awssdk.services.ecs.model.Task;

/**
 * A question about tasks. Stopped tasks are among them for as long as the store keeps them.
 *
 * <p>Thread: immutable. Blocks: never.
 */
public interface TaskQuery extends Query<Task, TaskQuery> {

    /**
     * Only those on one container instance.
     *
     * @param instanceArn the instance's ARN
     * @return the narrower question
     */
    TaskQuery onInstance(String instanceArn);

    /**
     * Only those of one service: whose group is {@code service:NAME}.
     *
     * @param service the service's name or ARN; an ARN says nothing of the cluster here, use {@link #in}
     * @return the narrower question
     */
    TaskQuery ofService(String service);

    /**
     * Only those of one family, of any revision.
     *
     * @param family the family's name
     * @return the narrower question
     */
    TaskQuery family(String family);

    /**
     * Only those of one task definition.
     *
     * @param taskDefinitionArn with the revision
     * @return the narrower question
     */
    TaskQuery taskDefinition(String taskDefinitionArn);

    /**
     * Only those started by one starter, as given to RunTask or set by a service's deployment.
     *
     * @param startedBy the word
     * @return the narrower question
     */
    TaskQuery startedBy(String startedBy);

    /**
     * Only those of one group.
     *
     * @param group such as {@code service:web} or {@code family:batch}
     * @return the narrower question
     */
    TaskQuery group(String group);

    /**
     * Only those with a last known status.
     *
     * @param lastStatus such as {@code RUNNING}, in ECS's spelling
     * @return the narrower question
     */
    TaskQuery status(String lastStatus);

    /**
     * Only those with a desired status. A task that was told to stop still runs for a while: {@code STOPPED} here and
     * {@code RUNNING} in {@link #status}.
     *
     * @param desiredStatus {@code RUNNING} or {@code STOPPED}
     * @return the narrower question
     */
    TaskQuery desiredStatus(String desiredStatus);

    /**
     * Only those of one launch type.
     *
     * @param launchType {@code EC2}, {@code FARGATE}, {@code EXTERNAL}, {@code MANAGED_INSTANCES}
     * @return the narrower question
     */
    TaskQuery launchType(String launchType);
}
