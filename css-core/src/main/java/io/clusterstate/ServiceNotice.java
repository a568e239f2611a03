package io.clusterstate;

import java.time.Instant;
import java.util.Optional;

/**
 * A report of ECS that something happened to a service: a <em>service action</em> or a deployment state change. It does
 * not carry the state of the service. The mirror describes the service at once, and the answer arrives as a change.
 *
 * <p>Source: the ECS developer guide, on service action events and service deployment state change events.
 *
 * @param serviceArn the service
 * @param clusterArn its cluster
 * @param eventType {@code INFO}, {@code WARN} or {@code ERROR}; empty where the event has none
 * @param eventName a name such as {@code SERVICE_TASK_PLACEMENT_FAILURE}
 * @param reason the reason in ECS's words; empty where the event has none
 * @param receivedAt the time at which the event was received
 */
public record ServiceNotice(
        String serviceArn,
        String clusterArn,
        Optional<String> eventType,
        String eventName,
        Optional<String> reason,
        Instant receivedAt) {}
