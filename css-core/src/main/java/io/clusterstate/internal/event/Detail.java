package io.clusterstate.internal.event;

import io.clusterstate.EntityKind;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.internal.shape.StringPool;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The detail of an event, read. */
interface Detail {

    /**
     * What an envelope says around its detail.
     *
     * @param resource the first of the resources; null if there is none
     * @param time the event's own time, as it is written; null if there is none
     * @param isReplay whether the event was sent again from an archive
     * @param receivedAt when the event was received
     */
    record Context(@Nullable String resource, @Nullable String time, boolean isReplay, Instant receivedAt) {}

    /** What the event says. */
    ParsedBody reading(Context context);

    /**
     * The ARN of an entity's cluster: as the event carries it, if that is one, else as the entity's own ARN names it.
     */
    static Optional<String> clusterArn(@Nullable String carried, Optional<EcsArn> own) {
        return Optional.ofNullable(carried)
                .filter(arn -> arnOf(EntityKind.CLUSTER, arn).isPresent())
                .or(() -> own.flatMap(EcsArn::clusterArn).map(StringPool.SHARED::share));
    }

    /** The parts of a text that is the ARN of an entity of a kind; empty if it is none. */
    static Optional<EcsArn> arnOf(EntityKind<?> kind, @Nullable String text) {
        return Optional.ofNullable(text).flatMap(EcsArn::parse).filter(arn -> arn.type()
                .equals(kind.toString()));
    }
}
