package io.clusterstate.internal.ecs;

import io.clusterstate.EntityKind;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;

/**
 * A limit on the {@code events} of each service: it keeps the newest, in descending order. Events with equal times stay
 * in ECS's order.
 *
 * @param most the number of events to keep
 */
public record ServiceEvents(int most) {

    /** The largest number that ECS reports. Source: the ECS API reference, Service. */
    public static final int REPORTED = 100;

    /** Enough to see a service's last actions; a hundred events take some 30 kB for each service. */
    public static final int DEFAULT = 10;

    private static final Comparator<ServiceEvent> NEWEST_FIRST = Comparator.comparing(
                    ServiceEvent::createdAt, Comparator.nullsFirst(Comparator.<Instant>naturalOrder()))
            .reversed();

    /**
     * Checks the number.
     *
     * @param most the number of events to keep
     * @throws IllegalArgumentException if {@code most} is not between 0 and {@link #REPORTED}
     */
    public ServiceEvents {
        if (most < 0 || most > REPORTED) {
            throw new IllegalArgumentException("serviceEvents: " + most + " (expected: 0 to " + REPORTED + ")");
        }
    }

    /**
     * Drops a service's older events.
     *
     * @param kind the kind of entity
     * @param entity the entity as ECS reported it
     * @param <T> the AWS SDK's type of the entity
     * @return a copy of a service with its newest events alone; any other entity itself
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
