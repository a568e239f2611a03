package io.clusterstate.internal.ecs;

import io.clusterstate.internal.loop.MonotonicTime;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * The rate at which a mirror calls the ECS API: a share of the rate that ECS allows all callers of the account and
 * Region together. Every call of the mirror draws on this budget, for whichever purpose.
 *
 * <p>Source of the figures: the ECS API reference, "Request throttling for the Amazon ECS API".
 */
public final class ApiBudget {

    /** The operations that draw on a common bucket of ECS. */
    public enum Category {
        /** ListClusters, DescribeClusters. */
        CLUSTER(20, 50),
        /** ListTasks, DescribeTasks, ListContainerInstances, DescribeContainerInstances, ListAttributes. */
        CLUSTER_RESOURCE(20, 100),
        /** ListServices, DescribeServices. */
        SERVICE(20, 100),
        /** DescribeTaskDefinition, ListTaskDefinitions, ListTaskDefinitionFamilies. */
        TASK_DEFINITION(20, 50);

        private final double perSecond;
        private final double burst;

        Category(double perSecond, double burst) {
            this.perSecond = perSecond;
            this.burst = burst;
        }
    }

    private final double share;
    private final MonotonicTime time;
    private final Map<Category, TokenBucket> buckets = new EnumMap<>(Category.class);

    /**
     * Creates a budget with full buckets.
     *
     * @param share the part of ECS's rates that the mirror uses, such as 0.5
     * @param time the clock by which the buckets fill
     */
    public ApiBudget(double share, MonotonicTime time) {
        this.share = share;
        this.time = time;
        for (Category each : Category.values()) {
            buckets.put(each, new TokenBucket(each.perSecond * share, each.burst * share, time.nanos()));
        }
    }

    /**
     * Limits the budget to a part of the share, since other mirrors use the rest.
     *
     * @param part the part from now on, such as 0.75; the buckets keep their calls, so that a change gains none
     */
    public void use(double part) {
        buckets.forEach((category, bucket) ->
                bucket.allow(category.perSecond * share * part, category.burst * share * part, time.nanos()));
    }

    /**
     * Waits until the budget permits a call.
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

    /** Notes that ECS throttled a call. */
    void throttled(Category category) {
        bucket(category).throttled(time.nanos());
    }

    /**
     * Whether a call without urgency may be made without delaying others.
     *
     * @param category the bucket that the call draws on
     * @return true while at least half of the bucket's burst is left
     */
    public boolean hasSpare(Category category) {
        return bucket(category).hasSpare(time.nanos());
    }

    private TokenBucket bucket(Category category) {
        TokenBucket bucket = buckets.get(category);
        if (bucket == null) {
            throw new IllegalArgumentException("category: " + category + " (expected: a category with a bucket)");
        }
        return bucket;
    }
}
