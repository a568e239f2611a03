package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import io.clusterstate.internal.ecs.ApiBudget;
import io.clusterstate.internal.ecs.Inventory;
import io.clusterstate.internal.loop.MonotonicTime;
import io.clusterstate.spi.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A queue of entities to describe, gathered for a moment so that one call covers many of a cluster. Hints come first,
 * since deliveries wait for the answers. Enrichment adds the parts of a new entity that only the API reports; it uses
 * only spare API budget.
 *
 * <p>Fair: buckets take turns, so that a cluster with many hints delays each other cluster by one call at most. No
 * bucket takes more room than it leaves.
 *
 * <p>Bounded: the queue refuses a hint if it has no room, and the source delivers its event again. The next pass
 * enriches the entities that the queue drops. The queue keeps deliveries without their bodies.
 *
 * <p>Thread: safe for any thread. Blocks: only {@link #take}.
 */
final class DescribeQueue {

    /**
     * A delivery that waits for an answer.
     *
     * @param delivery the delivery, without its body
     * @param isOfThePast whether its event is older than the confirmation of its cluster, so that ECS cannot lag behind
     *     it
     * @param extendBy the time, in monotonic nanoseconds, by which the source has to keep the delivery from coming
     *     again
     */
    record Waiting(Delivery delivery, boolean isOfThePast, long extendBy) {

        private Waiting expiringAt(long now) {
            return new Waiting(delivery, isOfThePast, now);
        }

        private Waiting extendedAt(long now) {
            return new Waiting(delivery, isOfThePast, now + EXTENDED_FOR.toNanos() / 2);
        }
    }

    /**
     * The content of one describe call.
     *
     * @param waiting the ARNs to describe, each with the deliveries that wait for the answer
     */
    record DescribeCall(EntityKind<?> kind, String clusterArn, Map<String, Collection<Waiting>> waiting) {

        List<String> arns() {
            return List.copyOf(waiting.keySet());
        }

        /** The number of deliveries that wait. */
        int deliveries() {
            return waiting.values().stream().mapToInt(Collection::size).sum();
        }
    }

    /** The time for which a hint waits for others: hints come in bursts, and a reader does not notice the delay. */
    static final Duration HINT_WAITS = Duration.ofMillis(200);
    /** The time for which an enrichment waits for others. */
    static final Duration ENRICHMENT_WAITS = Duration.ofSeconds(5);
    /** The age at which a delivery is first extended; shorter than any sensible visibility timeout. */
    static final Duration EXTENDED_AFTER = Duration.ofSeconds(20);
    /** The time by which the source extends a delivery; the next extension follows after half of it. */
    static final Duration EXTENDED_FOR = Duration.ofMinutes(2);

    static final int MOST_HINTS = 10_000;

    static final int MOST_ENRICHMENTS = 10_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final MonotonicTime time;
    private final ApiBudget budget;
    private final Lane hints = new Lane(HINT_WAITS);
    private final Lane enrichments = new Lane(ENRICHMENT_WAITS);
    private boolean isClosed;

    DescribeQueue(MonotonicTime time, ApiBudget budget) {
        this.time = time;
        this.budget = budget;
    }

    /**
     * Adds a hint; returns whether there was room. If so, {@code delivery} is settled with the answer.
     *
     * @param isOfThePast whether the event is older than the confirmation of its cluster
     */
    boolean hint(EntityKind<?> kind, String clusterArn, String arn, Delivery delivery, boolean isOfThePast) {
        lock.lock();
        try {
            Topic topic = new Topic(kind, clusterArn);
            if (isClosed || !hints.hasRoomFor(topic)) {
                return false;
            }
            long extendBy = time.nanos() + EXTENDED_AFTER.toNanos();
            if (hints.add(topic, arn, new Waiting(delivery.withoutBody(), isOfThePast, extendBy))) {
                added.signalAll();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Puts a call back that ECS did not answer; returns its deliveries if the queue is closed. */
    List<Delivery> requeue(DescribeCall call) {
        lock.lock();
        try {
            if (isClosed) {
                return call.waiting().values().stream()
                        .flatMap(Collection::stream)
                        .map(Waiting::delivery)
                        .toList();
            }
            Topic topic = new Topic(call.kind(), call.clusterArn());
            call.waiting().forEach((arn, all) -> {
                if (all.isEmpty()) {
                    enrichments.add(topic, arn, null);
                }
                all.forEach(each -> hints.addUnlessThere(topic, arn, each.expiringAt(time.nanos())));
            });
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The deliveries that the source has to extend now, for {@link #EXTENDED_FOR}; the next extension is noted with it.
     */
    List<Delivery> takeExpiring() {
        lock.lock();
        try {
            return hints.takeExpiring(time.nanos());
        } finally {
            lock.unlock();
        }
    }

    /** Adds an entity to enrich; drops it if there is no room. */
    void enrich(EntityKind<?> kind, String clusterArn, String arn) {
        lock.lock();
        try {
            if (!isClosed
                    && enrichments.size < MOST_ENRICHMENTS
                    && enrichments.add(new Topic(kind, clusterArn), arn, null)) {
                added.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The next call, as soon as one is due; empty if none is due within {@code patience}. */
    Optional<DescribeCall> take(Duration patience) throws InterruptedException {
        long end = time.nanos() + patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!isClosed) {
                long now = time.nanos();
                Optional<DescribeCall> next = hints.takeDue(now, topic -> true)
                        .or(() ->
                                enrichments.takeDue(now, topic -> budget.hasSpare(Inventory.categoryOf(topic.kind()))));
                if (next.isPresent() || end - now <= 0) {
                    return next;
                }
                added.awaitNanos(Math.min(end - now, Math.min(hints.untilDue(now), enrichments.untilDue(now))));
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Closes the queue; returns the deliveries that still wait. */
    List<Delivery> close() {
        lock.lock();
        try {
            isClosed = true;
            added.signalAll();
            return hints.clear();
        } finally {
            lock.unlock();
        }
    }

    /** The entities that one call can cover. */
    private record Topic(EntityKind<?> kind, String clusterArn) {}

    /**
     * The entities of one topic that wait, by ARN. The deliveries are kept by message id, so that a message that comes
     * again replaces its earlier delivery.
     */
    private static final class Bucket {

        private final Map<String, Map<String, Waiting>> arns = new LinkedHashMap<>();
        private final long dueAt;
        /** The number of deliveries. */
        private int size;

        Bucket(long dueAt) {
            this.dueAt = dueAt;
        }
    }

    /** The buckets of all hints, or of all enrichments. */
    private final class Lane {

        private final Duration wait;
        private final Map<Topic, Bucket> buckets = new LinkedHashMap<>();
        /** The number of deliveries, where an ARN without deliveries counts as one. */
        private int size;

        Lane(Duration wait) {
            this.wait = wait;
        }

        /** Adds an entity; returns whether a call may be due sooner than the waiting threads know. */
        boolean add(Topic topic, String arn, @Nullable Waiting waits) {
            Bucket bucket = buckets.computeIfAbsent(topic, key -> new Bucket(time.nanos() + wait.toNanos()));
            boolean isNew = !bucket.arns.containsKey(arn);
            Map<String, Waiting> waiting = bucket.arns.computeIfAbsent(arn, key -> new LinkedHashMap<>());
            if (waits == null) {
                size += isNew ? 1 : 0;
            } else if (waiting.put(waits.delivery().id(), waits) == null) {
                size++;
                bucket.size++;
            }
            int arns = bucket.arns.size();
            return isNew && (arns == 1 || arns >= Inventory.mostDescribed(topic.kind()));
        }

        /** No topic takes more room than it leaves to the others. */
        boolean hasRoomFor(Topic topic) {
            Bucket bucket = buckets.get(topic);
            return (bucket == null ? 0 : bucket.size) < MOST_HINTS - size;
        }

        /** Adds a delivery back, unless the message came again meanwhile and so has a newer receipt. */
        void addUnlessThere(Topic topic, String arn, Waiting waits) {
            Bucket bucket = buckets.get(topic);
            Map<String, Waiting> waiting = bucket == null ? null : bucket.arns.get(arn);
            if (waiting == null || !waiting.containsKey(waits.delivery().id())) {
                add(topic, arn, waits);
            }
        }

        List<Delivery> takeExpiring(long now) {
            List<Delivery> due = new ArrayList<>();
            for (Bucket bucket : buckets.values()) {
                for (Map<String, Waiting> waiting : bucket.arns.values()) {
                    waiting.replaceAll((id, each) -> {
                        if (each.extendBy() - now > 0) {
                            return each;
                        }
                        due.add(each.delivery());
                        return each.extendedAt(now);
                    });
                }
            }
            return due;
        }

        Optional<DescribeCall> takeDue(long now, Predicate<Topic> hasBudget) {
            for (Map.Entry<Topic, Bucket> each : buckets.entrySet()) {
                if (isDue(each, now) && hasBudget.test(each.getKey())) {
                    return Optional.of(takeFrom(each.getKey(), each.getValue()));
                }
            }
            return Optional.empty();
        }

        private boolean isDue(Map.Entry<Topic, Bucket> each, long now) {
            return each.getValue().dueAt - now <= 0
                    || each.getValue().arns.size()
                            >= Inventory.mostDescribed(each.getKey().kind());
        }

        private DescribeCall takeFrom(Topic topic, Bucket bucket) {
            Map<String, Collection<Waiting>> taken = new LinkedHashMap<>();
            Iterator<Map.Entry<String, Map<String, Waiting>>> left =
                    bucket.arns.entrySet().iterator();
            while (left.hasNext() && taken.size() < Inventory.mostDescribed(topic.kind())) {
                Map.Entry<String, Map<String, Waiting>> next = left.next();
                taken.put(next.getKey(), next.getValue().values());
                size -= Math.max(1, next.getValue().size());
                bucket.size -= next.getValue().size();
                left.remove();
            }
            buckets.remove(topic);
            if (!bucket.arns.isEmpty()) {
                buckets.put(topic, bucket); // behind the others
            }
            return new DescribeCall(topic.kind(), topic.clusterArn(), taken);
        }

        /** The nanoseconds until a bucket is due; for a due bucket that has to wait for API budget, the lane's wait. */
        long untilDue(long now) {
            return buckets.values().stream()
                    .mapToLong(bucket -> bucket.dueAt - now)
                    .map(left -> left > 0 ? left : wait.toNanos())
                    .min()
                    .orElse(Long.MAX_VALUE);
        }

        List<Delivery> clear() {
            List<Delivery> left = new ArrayList<>();
            buckets.values().forEach(bucket -> bucket.arns.values().forEach(each -> each.values()
                    .forEach(waits -> left.add(waits.delivery()))));
            buckets.clear();
            size = 0;
            return left;
        }
    }
}
