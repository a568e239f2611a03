package io.clusterstate.client;

import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.EcsRequest;

/** The view's side of an operation of the ECS API. */
interface LocalRead<Q extends EcsRequest> {

    /** The cluster whose freshness matters to a request; empty if it is about all, or none. */
    Optional<String> clusterOf(Q request);

    /** The answer to a request that continues a pinned list; empty for any other request. */
    default Optional<Answer> resumed(Q request) {
        return Optional.empty();
    }

    /** The answer of a moment. */
    Answer answer(Q request, Moment now);
}
