package io.clusterstate;

import software.amazon.awssdk.services.ecs.model.Service;

/**
 * A query over services.
 *
 * <p>Thread: immutable. Blocks: never.
 */
public interface ServiceQuery extends Query<Service, ServiceQuery> {

    /**
     * Narrows to services with a name; a cluster has at most one of a name.
     *
     * @param name the service's name
     * @return the narrower query
     */
    ServiceQuery named(String name);

    /**
     * Narrows to services with a status.
     *
     * @param status {@code ACTIVE}, {@code DRAINING} or {@code INACTIVE}
     * @return the narrower query
     */
    ServiceQuery status(String status);

    /**
     * Narrows to services that run any revision of a task definition family.
     *
     * @param family the family's name
     * @return the narrower query
     */
    ServiceQuery family(String family);

    /**
     * Narrows to services with a launch type.
     *
     * @param launchType {@code EC2}, {@code FARGATE}, {@code EXTERNAL} or {@code MANAGED_INSTANCES}
     * @return the narrower query
     */
    ServiceQuery launchType(String launchType);
}
