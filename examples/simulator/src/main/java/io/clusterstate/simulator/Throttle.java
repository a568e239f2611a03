package io.clusterstate.simulator;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The token buckets by which ECS limits the reads of an account in a Region. */
final class Throttle {
    private final Map<String, TokenBucket> buckets = new HashMap<>();

    Throttle(InstantSource clock) {
        share(
                new TokenBucket(clock, 100, 20),
                List.of(
                        "DescribeContainerInstances",
                        "DescribeTasks",
                        "ListAttributes",
                        "ListContainerInstances",
                        "ListTasks"));
        share(new TokenBucket(clock, 50, 20), List.of("DescribeClusters", "ListClusters"));
        share(new TokenBucket(clock, 50, 20), List.of("DescribeTaskDefinition", "ListTaskDefinitions"));
        share(new TokenBucket(clock, 50, 20), List.of("DescribeServiceDeployments", "ListServiceDeployments"));
        share(new TokenBucket(clock, 100, 20), List.of("DescribeServices", "ListServices"));
    }

    /** Whether a call of the operation may pass now. Operations without a bucket always pass. */
    boolean admits(String operation) {
        var bucket = buckets.get(operation);
        return bucket == null || bucket.take();
    }

    private void share(TokenBucket bucket, List<String> operations) {
        operations.forEach(operation -> buckets.put(operation, bucket));
    }
}
