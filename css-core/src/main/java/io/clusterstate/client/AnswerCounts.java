package io.clusterstate.client;

import java.util.Map;

/**
 * The numbers of requests since a client over a view was built. Operations have ECS's names, such as
 * {@code DescribeTasks}.
 *
 * @param local the requests that the view answered, by operation; each page of a list counts
 * @param delegated the requests that went to ECS, by operation and reason
 */
public record AnswerCounts(Map<String, Long> local, Map<String, Map<DelegationReason, Long>> delegated) {

    /**
     * All requests that the view answered.
     *
     * @return the sum over all operations
     */
    public long totalLocal() {
        return local.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * All requests that went to ECS.
     *
     * @return the sum over all operations and reasons
     */
    public long totalDelegated() {
        return delegated.values().stream()
                .flatMap(each -> each.values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    /**
     * The requests that went to ECS for a reason.
     *
     * @param reason the reason
     * @return the sum over all operations
     */
    public long delegated(DelegationReason reason) {
        return delegated.values().stream()
                .mapToLong(each -> each.getOrDefault(reason, 0L))
                .sum();
    }
}
