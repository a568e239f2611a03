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
     * @param time the event's own time; null if there is none
     * @param isReplay whether the event was replayed from an archive
     * @param receivedAt the time of receipt
     */
    record Context(@Nullable String resource, @Nullable Instant time, boolean isReplay, Instant receivedAt) {}

    /** The content of the event. */
    ParsedBody parsed(Context context);

    /** The ARN of an entity's cluster: the one in the event if it is valid, else the one in the entity's own ARN. */
    static Optional<String> clusterArn(@Nullable String carried, String own) {
        return carried != null && isArnOf(EntityKind.CLUSTER, carried)
                ? Optional.of(carried)
                : EcsArn.parse(own).flatMap(EcsArn::clusterArn).map(StringPool.SHARED::share);
    }

    /** Whether a text is the ARN of an entity of this kind. */
    static boolean isArnOf(EntityKind<?> kind, String text) {
        return EcsArn.isOf(kind.toString(), text);
    }
}
