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
 * @param replay the name of the replay that sends it again from an archive; null for an event that is new
 */
record EcsEvent(
        String id,
        String kind,
        String resource,
        Instant at,
        @Nullable SdkPojo entity,
        Map<String, Object> extra,
        @Nullable String replay) {
    static final String TASK = "ECS Task State Change";
    static final String HOST = "ECS Container Instance State Change";
    static final String SERVICE = "ECS Service Action";
    static final String DEPLOYMENT = "ECS Deployment State Change";

    /** An event that is new. */
    EcsEvent(String id, String kind, String resource, Instant at, @Nullable SdkPojo entity, Map<String, Object> extra) {
        this(id, kind, resource, at, entity, extra, null);
    }

    /** The same event, sent again from an archive. */
    EcsEvent replayedBy(String name) {
        return new EcsEvent(id, kind, resource, at, entity, extra, name);
    }
}
