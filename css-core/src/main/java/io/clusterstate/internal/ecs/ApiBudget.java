package io.clusterstate.internal.ecs;

import io.clusterstate.internal.loop.MonotonicTime;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many calls of the ECS API a mirror allows itself: a share of what ECS allows all callers of the account and
 * Region together. Whatever the mirror asks, for whichever reason, is paid from here.
 *
 * <p>Source of the figures: the ECS API reference, "Request throttling for the Amazon ECS API".
 */
public final class ApiBudget {

    /** The operations that draw on one of ECS's buckets. */
    public enum Category {
        /** ListClusters, DescribeClusters. */
        CLUSTER(20, 50),
        /** ListTasks, DescribeTasks, ListContainerInstances, DescribeContainerInstances, ListAttributes. */
        CLUSTER_RESOURCE(20, 100),
        /** ListServices, DescribeServices. */
        SERVICE(20, 100);

        private final double perSecond;
        private final double burst;

        Category(double perSecond, double burst) {
            this.perSecond = perSecond;
            this.burst = burst;
        }
    }

    private final MonotonicTime time;
    private final Map<Category, TokenBucket> buckets = new EnumMap<>(Category.class);

    /**
     * A budget whose buckets are full.
     *
     * @param share the part of ECS's rates that the mirror uses, such as 0.5
     * @param time by which the buckets fill
     */
    public ApiBudget(double share, MonotonicTime time) {
        this.time = time;
        for (Category each : Category.values()) {
            buckets.put(each, new TokenBucket(each.perSecond * share, each.burst * share, time.nanos()));
        }
    }

    /**
     * Waits until one call may be made.
     *
     * @param category the bucket that the call draws on
     * @throws InterruptedException if the thread was interrupted
     */
    public void await(Category category) throws InterruptedException {
        Duration wait = bucket(category).take(time.nanos());
        if (!wait.isZero()) {
            time.pause(wait);
        }
    }

    /** Notes that ECS refused a call. */
    void throttled(Category category) {
        bucket(category).throttled(time.nanos());
    }

    /**
     * Whether a call that can wait may be made without making others wait.
     *
     * @param category the bucket that the call draws on
     * @return true while at least half of the bucket's burst is there
     */
    public boolean hasSpare(Category category) {
        return bucket(category).hasSpare(time.nanos());
    }

    private TokenBucket bucket(Category category) {
        TokenBucket bucket = buckets.get(category);
        if (bucket == null) {
            throw new IllegalArgumentException("category: " + category + " (expected: one with a bucket)");
        }
        return bucket;
    }
}
