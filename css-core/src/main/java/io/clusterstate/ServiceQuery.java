package io.clusterstate;

import software.amazon.awssdk.services.ecs.model.LaunchType;
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
     * @param arnOrName the service's name, or its ARN
     * @return the narrower query
     */
    ServiceQuery named(String arnOrName);

    /**
     * Narrows to services with a status.
     *
     * @param status {@code ACTIVE}, {@code DRAINING} or {@code INACTIVE}
     * @return the narrower query
     * @throws IllegalArgumentException if there is no such status; {@link #where} finds a status of a later ECS
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
     * @throws IllegalArgumentException if there is no such launch type; {@link #where} finds one of a later ECS
     */
    ServiceQuery launchType(String launchType);

    /**
     * Narrows to services with a launch type.
     *
     * @param launchType the launch type
     * @return the narrower query
     */
    default ServiceQuery launchType(LaunchType launchType) {
        return launchType(launchType.toString());
    }

    /**
     * Narrows to services with a tag. Only the API reports tags, as it does services. No index answers this step.
     *
     * @param key the tag's key
     * @param value the tag's value
     * @return the narrower query
     */
    ServiceQuery tagged(String key, String value);
}
