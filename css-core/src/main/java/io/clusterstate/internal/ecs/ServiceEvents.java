package io.clusterstate.internal.ecs;

import io.clusterstate.EntityKind;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;

/**
 * Keeps the newest of the {@code events} that ECS reports of each service, the newest first. Those of one moment stay
 * in the order in which ECS reports them.
 *
 * @param most how many to keep
 */
public record ServiceEvents(int most) {

    /** ECS reports no more. Source: the ECS API reference, Service. */
    public static final int REPORTED = 100;

    /** Enough to see what a service did last; a hundred take some 30 kB of each service. */
    public static final int DEFAULT = 10;

    private static final Comparator<ServiceEvent> NEWEST_FIRST = Comparator.comparing(
                    ServiceEvent::createdAt, Comparator.nullsFirst(Comparator.<Instant>naturalOrder()))
            .reversed();

    /**
     * Checks the number.
     *
     * @param most how many to keep
     * @throws IllegalArgumentException if {@code most} is not between 0 and {@link #REPORTED}
     */
    public ServiceEvents {
        if (most < 0 || most > REPORTED) {
            throw new IllegalArgumentException("serviceEvents: " + most + " (expected: 0 to " + REPORTED + ")");
        }
    }

    /**
     * An entity without a service's older events.
     *
     * @param kind the kind of entity
     * @param entity the entity as ECS reported it
     * @param <T> the AWS SDK's type of the entity
     * @return the entity itself if it is no service, else a copy with the newest events alone
     */
    public <T> T trimmed(EntityKind<T> kind, T entity) {
        return entity instanceof Service service && service.hasEvents()
                ? kind.type().cast(trimmed(service))
                : entity;
    }

    private Service trimmed(Service service) {
        List<ServiceEvent> newest =
                service.events().stream().sorted(NEWEST_FIRST).limit(most).toList();
        return service.toBuilder().events(newest).build();
    }
}
