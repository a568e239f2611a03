package io.clusterstate.internal.event;

import io.clusterstate.EntityKind;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.internal.shape.StringPool;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The parsed detail of an event. */
interface Detail {

    /**
     * The parts of an envelope that a detail needs.
     *
     * @param resource the first of the resources; null if there is none
     * @param time the event's own time, as text; null if there is none
     * @param isReplay whether the event was replayed from an archive
     * @param receivedAt the time of receipt
     */
    record Context(@Nullable String resource, @Nullable String time, boolean isReplay, Instant receivedAt) {}

    /** The content of the event. */
    ParsedBody parsed(Context context);

    /** The ARN of an entity's cluster: the one in the event if it is valid, else the one in the entity's own ARN. */
    static Optional<String> clusterArn(@Nullable String carried, Optional<EcsArn> own) {
        return Optional.ofNullable(carried)
                .filter(arn -> arnOf(EntityKind.CLUSTER, arn).isPresent())
                .or(() -> own.flatMap(EcsArn::clusterArn).map(StringPool.SHARED::share));
    }

    /** The parts of an ARN of the given kind; empty if the text is none. */
    static Optional<EcsArn> arnOf(EntityKind<?> kind, @Nullable String text) {
        return Optional.ofNullable(text).flatMap(EcsArn::parse).filter(arn -> arn.type()
                .equals(kind.toString()));
    }
}
