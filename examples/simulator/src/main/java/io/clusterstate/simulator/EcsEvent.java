package io.clusterstate.simulator;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/**
 * An event as it was emitted, not yet written as JSON.
 *
 * @param id the UUID of the event
 * @param kind the detail-type
 * @param resource the ARN of the subject
 * @param at the time of the change
 * @param entity the task or instance at that time; null for notices about services
 * @param extra members of the detail beside the entity, or, for notices, instead of it
 * @param replay the name of the replay that sends the event again from an archive; null for a new event
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

    /** A new event. */
    EcsEvent(String id, String kind, String resource, Instant at, @Nullable SdkPojo entity, Map<String, Object> extra) {
        this(id, kind, resource, at, entity, extra, null);
    }

    /** This event as a replay from an archive. */
    EcsEvent replayedBy(String name) {
        return new EcsEvent(id, kind, resource, at, entity, extra, name);
    }
}
