package io.clusterstate;

import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * A query over task definitions. They belong to no cluster, so that no cluster's name or ARN finds any.
 *
 * <p>Thread: immutable. Blocks: never.
 */
public interface TaskDefinitionQuery extends Query<TaskDefinition, TaskDefinitionQuery> {

    /**
     * Narrows to the revisions of a family.
     *
     * @param family the family's name
     * @return the narrower query
     */
    TaskDefinitionQuery family(String family);

    /**
     * Narrows to definitions with a status, as of their fetch: a view does not follow a later deregistration.
     *
     * @param status {@code ACTIVE}, {@code INACTIVE} or {@code DELETE_IN_PROGRESS}
     * @return the narrower query
     * @throws IllegalArgumentException if there is no such status; {@link #where} finds a status of a later ECS
     */
    TaskDefinitionQuery status(String status);
}
