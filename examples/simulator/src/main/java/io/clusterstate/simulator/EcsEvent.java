package io.clusterstate.simulator;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/**
 * One event as it was emitted, not yet spelled out.
 *
 * @param id the UUID of the event
 * @param kind the detail-type
 * @param resource the ARN it is about
 * @param at when the change happened
 * @param entity the task or instance as it then was; null for notices about services
 * @param extra what the detail says beside (or, for notices, instead of) the entity
 */
record EcsEvent(
        String id, String kind, String resource, Instant at, @Nullable SdkPojo entity, Map<String, Object> extra) {
    static final String TASK = "ECS Task State Change";
    static final String HOST = "ECS Container Instance State Change";
    static final String SERVICE = "ECS Service Action";
    static final String DEPLOYMENT = "ECS Deployment State Change";
}
