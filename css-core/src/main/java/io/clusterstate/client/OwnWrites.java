package io.clusterstate.client;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.ecs.EcsArn;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.ecs.model.Cluster;

/**
 * The writes of a client that the view does not show yet, so that no read is older than a write before it.
 *
 * <p>A task or an instance has a version: the write is seen once the view has the version of ECS's answer. Services and
 * clusters have none: the write is seen once the API described the entity after it. In any case it is seen once the
 * whole cluster was confirmed up to the time of the write.
 *
 * <p>Thread: safe for any thread.
 */
final class OwnWrites {

    /** The most single entities; the writes beyond them count for their whole clusters. */
    static final int MOST = 10_000;

    private static final String WHOLE_CLUSTER = "";

    private final Map<Key, Write> open = new ConcurrentHashMap<>();

    private record Key(EntityKind<?> kind, String cluster, String id) {}

    private record Write(long version, Instant at) {}

    /** Notes a write to an entity; {@code version} is 0 where ECS's answer has none. */
    void note(EntityKind<?> kind, String cluster, String arnOrId, long version, Instant at) {
        String id = open.size() < MOST ? EcsArn.nameOf(arnOrId) : WHOLE_CLUSTER;
        put(new Key(kind, EcsArn.nameOf(cluster), id), new Write(version, at));
    }

    /** Notes a write of which only the cluster is known, such as a start without an answer. */
    void note(EntityKind<?> kind, String cluster, Instant at) {
        put(new Key(kind, EcsArn.nameOf(cluster), WHOLE_CLUSTER), new Write(0, at));
    }

    private void put(Key key, Write write) {
        open.merge(key, write, (before, now) -> now.version() >= before.version() ? now : before);
    }

    /** Whether {@link #sweep} is due, since a client that does not read drops nothing. */
    boolean isFull() {
        return open.size() >= MOST;
    }

    /** Drops the writes that a moment shows. */
    void sweep(Moment now) {
        open.entrySet().removeIf(each -> isSeen(each.getKey(), each.getValue(), now));
    }

    /** Whether a write to an entity of a cluster is open. */
    boolean isOpen(EntityKind<?> kind, Cluster cluster, String arn, Moment now) {
        String name = EcsArn.nameOf(cluster.clusterArn());
        return !open.isEmpty()
                && (isOpen(new Key(kind, name, EcsArn.nameOf(arn)), now)
                        || isOpen(new Key(kind, name, WHOLE_CLUSTER), now));
    }

    /** Whether a write to any entity of a kind in a cluster is open. */
    boolean isAnyOpen(EntityKind<?> kind, Cluster cluster, Moment now) {
        String name = EcsArn.nameOf(cluster.clusterArn());
        return open.keySet().stream()
                .filter(each -> each.kind().equals(kind) && each.cluster().equals(name))
                .anyMatch(each -> isOpen(each, now));
    }

    /** Whether a write to any entity of a kind is open. */
    boolean isAnyOpen(EntityKind<?> kind, Moment now) {
        return open.keySet().stream().filter(each -> each.kind().equals(kind)).anyMatch(each -> isOpen(each, now));
    }

    private boolean isOpen(Key key, Moment now) {
        Write write = open.get(key);
        if (write == null) {
            return false;
        }
        boolean isSeen = isSeen(key, write, now);
        if (isSeen) {
            open.remove(key, write);
        }
        return !isSeen;
    }

    private static boolean isSeen(Key key, Write write, Moment now) {
        Optional<Instant> confirmed =
                now.freshness().upTo(key.cluster()).or(() -> now.freshness().freshUpTo()); // of a cluster that is gone
        if (confirmed.isPresent() && !confirmed.get().isBefore(write.at())) {
            return true;
        }
        return !key.id().equals(WHOLE_CLUSTER) && isShown(key.kind(), key, write, now);
    }

    private static <T> boolean isShown(EntityKind<T> kind, Key key, Write write, Moment now) {
        return now.snapshot()
                .clusters()
                .in(key.cluster())
                .first()
                .flatMap(cluster -> kind == EntityKind.CLUSTER
                        ? now.snapshot().observed(kind, cluster.clusterArn())
                        : now.find(kind, cluster, key.id()))
                .filter(each -> write.version() > 0 ? each.version() >= write.version() : isLater(each, write.at()))
                .isPresent();
    }

    private static boolean isLater(Observed<?> each, Instant at) {
        return each.origin().isApi() && each.observedAt().isAfter(at);
    }
}
