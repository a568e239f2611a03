package io.clusterstate;

import software.amazon.awssdk.services.ecs.model.Service;

/**
 * A question about services.
 *
 * <p>Thread: immutable. Blocks: never.
 */
public interface ServiceQuery extends Query<Service, ServiceQuery> {

    /**
     * Only those with a name; names are unique within a cluster.
     *
     * @param name the service's name
     * @return the narrower question
     */
    ServiceQuery named(String name);

    /**
     * Only those with a status.
     *
     * @param status {@code ACTIVE}, {@code DRAINING} or {@code INACTIVE}
     * @return the narrower question
     */
    ServiceQuery status(String status);

    /**
     * Only those that run one family, of any revision.
     *
     * @param family the family's name
     * @return the narrower question
     */
    ServiceQuery family(String family);

    /**
     * Only those of one launch type.
     *
     * @param launchType {@code EC2}, {@code FARGATE}, {@code EXTERNAL}, {@code MANAGED_INSTANCES}
     * @return the narrower question
     */
    ServiceQuery launchType(String launchType);
}
