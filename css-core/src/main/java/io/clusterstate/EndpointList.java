package io.clusterstate;

import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The endpoints of the running tasks of a query. Each task is in one of the lists, or in both if only a part of its
 * endpoints is known.
 *
 * @param known the endpoints; a task has several if several of its containers map the port
 * @param unknown the endpoints that could not be found
 */
public record EndpointList(List<Endpoint> known, List<Unknown> unknown) {

    /**
     * An endpoint that could not be found.
     *
     * @param task the task; empty if the view does not have the service
     * @param reason the reason and what would cure it, in words
     */
    public record Unknown(Optional<Task> task, String reason) {}
}
