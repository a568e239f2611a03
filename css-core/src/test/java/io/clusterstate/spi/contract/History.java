package io.clusterstate.spi.contract;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.Upsert;
import io.clusterstate.testing.Entities;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * A random history of changes to a few entities: versions with gaps, by event and by API, with differing attachments,
 * tags and health; ends, and removals with proofs from various times. No two API answers have equal content or equal
 * times, so the order of arrival makes no difference.
 */
final class History {

    /** The length of a history in seconds. */
    static final int MOMENTS = 200;

    private static final int LAST_VERSION = 6;
    private static final int EVENT = 0;

    /** The value of an entity at a version. */
    private interface Value<T> {
        T of(int version, boolean isEnd, int asked);
    }

    private final Random random;
    private final Iterator<Integer> moments;
    private final List<Change<?>> changes = new ArrayList<>();

    private History(Random random) {
        this.random = random;
        List<Integer> shuffled = IntStream.rangeClosed(1, MOMENTS).boxed().collect(Collectors.toList());
        Collections.shuffle(shuffled, random);
        this.moments = shuffled.iterator();
    }

    /** A history of two tasks, an instance and a service. */
    static List<Change<?>> of(Random random) {
        History history = new History(random);
        history.tell(EntityKind.TASK, (version, isEnd, asked) -> task("a", version, isEnd, asked));
        history.tell(EntityKind.TASK, (version, isEnd, asked) -> task("b", version, isEnd, asked));
        history.tell(EntityKind.INSTANCE, (version, isEnd, asked) -> instance("c", version, isEnd, asked));
        history.tellOfService("d");
        return List.copyOf(history.changes);
    }

    /**
     * The expected final value of an entity, derived from the whole history: the highest value that no removal covers.
     */
    static Optional<Observed<?>> standing(List<? extends Change<?>> ofOneArn) {
        return ofOneArn.stream()
                .filter(Upsert.class::isInstance)
                .<Observed<?>>map(change -> ((Upsert<?>) change).observed())
                .filter(told -> ofOneArn.stream().noneMatch(change -> isCovered(told, change)))
                .max(Comparator.<Observed<?>>comparingLong(Observed::version)
                        .thenComparing(told -> told.origin().isApi())
                        .thenComparing(Observed::observedAt));
    }

    private static boolean isCovered(Observed<?> told, Change<?> change) {
        if (!(change instanceof Removal<?> removal) || told.version() > removal.version()) {
            return false;
        }
        boolean isLater = told.origin().isApi() && told.observedAt().isAfter(removal.at());
        return told.version() < removal.version() || !isLater;
    }

    /**
     * Adds some versions by event, some by API, once or twice; perhaps an end, and perhaps removals around the last
     * version.
     */
    private <T> void tell(EntityKind<T> kind, Value<T> value) {
        int last = 1 + random.nextInt(LAST_VERSION);
        boolean ends = random.nextBoolean();
        for (int version = 1; version <= last; version++) {
            boolean isEnd = ends && version == last;
            if (random.nextInt(3) > 0) {
                changes.add(SampleChanges.received(
                        SampleChanges.byEvent(kind, value.of(version, isEnd, EVENT)), moments.next()));
            }
            for (int answers = random.nextInt(3); answers > 0; answers--) {
                int asked = moments.next();
                changes.add(SampleChanges.byApi(kind, value.of(version, isEnd, asked), asked));
            }
        }
        remove(kind, kind.arnOf(value.of(1, false, EVENT)), last);
    }

    private void tellOfService(String name) {
        for (int answers = random.nextInt(4); answers >= 0; answers--) {
            int asked = moments.next();
            String status = random.nextBoolean() ? "ACTIVE" : "INACTIVE";
            changes.add(SampleChanges.byApi(
                    EntityKind.SERVICE,
                    Entities.service(
                            SampleChanges.CLUSTER, name, s -> s.status(status).desiredCount(asked)),
                    asked));
        }
        remove(EntityKind.SERVICE, Entities.serviceArn(SampleChanges.CLUSTER, name), 0);
    }

    private void remove(EntityKind<?> kind, String arn, int last) {
        for (int removals = random.nextInt(5) - 2; removals > 0; removals--) {
            int version = last == 0 ? 0 : Math.max(1, last + 1 - random.nextInt(4));
            changes.add(SampleChanges.missing(kind, arn, version, moments.next()));
        }
    }

    private static Task task(String id, long version, boolean isEnd, int asked) {
        Task task = Entities.task(SampleChanges.CLUSTER, id, changes -> changes.version(version)
                .attachments(Attachment.builder().id("at " + asked).build())
                .lastStatus(isEnd ? "STOPPED" : "RUNNING")
                .stoppedAt(isEnd ? Entities.NOW : null));
        if (asked == EVENT) {
            return task;
        }
        String health = asked % 3 == 0 ? null : "HEALTHY";
        return SampleChanges.described(task, "asked " + asked).toBuilder()
                .healthStatus(health)
                .containers(task.containers().get(0).toBuilder()
                        .healthStatus(asked % 2 == 0 ? null : "HEALTHY")
                        .build())
                .build();
    }

    /** An instance whose API-only fields are set in some answers and unset in others. */
    private static ContainerInstance instance(String id, long version, boolean isEnd, int asked) {
        boolean isFull = asked % 3 > 0;
        return Entities.instance(SampleChanges.CLUSTER, id, changes -> changes.version(version)
                .versionInfo(agent -> agent.agentVersion("at " + asked))
                .status(isEnd ? "INACTIVE" : "ACTIVE")
                .capacityProviderName(asked == EVENT ? null : "asked " + asked)
                .runningTasksCount(asked == EVENT ? null : asked)
                .statusReason(isFull ? "asked " + asked : null)
                .attachments(isFull ? List.of(Attachment.builder().id("eni").build()) : null));
    }
}
