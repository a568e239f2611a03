package io.clusterstate;

import java.time.Instant;
import java.util.Optional;

/**
 * ECS tells that something happened to a service: a <em>service action</em> or a deployment's state change. It does not
 * tell how the service is now; the mirror asks ECS about that at once, and the answer comes as a change.
 *
 * <p>Source: the ECS developer guide, on service action events and service deployment state change events.
 *
 * @param serviceArn the service
 * @param clusterArn its cluster
 * @param eventType {@code INFO}, {@code WARN} or {@code ERROR}; empty where the event does not tell
 * @param eventName such as {@code SERVICE_TASK_PLACEMENT_FAILURE}
 * @param reason ECS's own words; empty where it gives none
 * @param receivedAt when the event was received
 */
public record ServiceNotice(
        String serviceArn,
        String clusterArn,
        Optional<String> eventType,
        String eventName,
        Optional<String> reason,
        Instant receivedAt) {}
