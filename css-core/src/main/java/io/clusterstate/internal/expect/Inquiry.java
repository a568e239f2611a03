package io.clusterstate.internal.expect;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A set of calls that ECS is to answer. The answers belong into the store of the view; the expectations find them
 * there.
 *
 * @param tasks the tasks to describe, by the ARN of their cluster
 * @param instances the instances to describe, by the ARN of their cluster
 * @param lists the tasks to list and to describe
 */
public record Inquiry(Map<String, List<String>> tasks, Map<String, List<String>> instances, List<StartedBy> lists) {

    /**
     * The tasks of a call whose answer was lost.
     *
     * @param id the number of the call
     * @param cluster the name or ARN of the cluster
     * @param mark the call's {@code startedBy}
     */
    public record StartedBy(long id, String cluster, String mark) {}

    /**
     * The same calls, each by itself: a cluster that ECS denies then delays no other.
     *
     * @return inquiries about one cluster or one call each
     */
    public List<Inquiry> parts() {
        List<Inquiry> parts = new ArrayList<>();
        tasks.forEach((cluster, arns) -> parts.add(new Inquiry(Map.of(cluster, arns), Map.of(), List.of())));
        instances.forEach((cluster, arns) -> parts.add(new Inquiry(Map.of(), Map.of(cluster, arns), List.of())));
        lists.forEach(list -> parts.add(new Inquiry(Map.of(), Map.of(), List.of(list))));
        return parts;
    }

    boolean isEmpty() {
        return tasks.isEmpty() && instances.isEmpty() && lists.isEmpty();
    }
}
