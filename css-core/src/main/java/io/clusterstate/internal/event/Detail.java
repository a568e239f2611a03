package io.clusterstate.internal.event;

import io.clusterstate.EntityKind;
import io.clusterstate.ecs.EcsArn;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The detail of an event, read. */
interface Detail {

    /**
     * What the event says.
     *
     * @param resource the first of the envelope's resources, if any
     * @param receivedAt when the event was received
     */
    Reading reading(@Nullable String resource, Instant receivedAt);

    /** The parts of a text that is the ARN of an entity of a kind; empty if it is none. */
    static Optional<EcsArn> arnOf(EntityKind<?> kind, @Nullable String text) {
        return Optional.ofNullable(text).flatMap(EcsArn::parse).filter(arn -> arn.type()
                .equals(kind.toString()));
    }
}
