package io.clusterstate.internal.expect;

import java.util.HashMap;
import java.util.Map;

/**
 * An instance on which this process has started something lately, or reserves room.
 *
 * @param arn the instance
 * @param clusterArn its cluster
 * @param own the resources of each task that was started since the watch began, as far as its reservation named them
 * @param gap the least part of ECS's report since the beginning that no task in the view explains
 * @param version the instance's version in the view before the last start
 * @param until the monotonic time up to which events of the last start may come
 * @param wasAsked whether ECS was asked about the instance since then
 */
record Watch(
        String arn,
        String clusterArn,
        Map<String, Footprint> own,
        Map<String, Long> gap,
        long version,
        long until,
        boolean wasAsked) {

    Watch with(String taskArn, Footprint needs) {
        Map<String, Footprint> more = new HashMap<>(own);
        more.put(taskArn, needs);
        return new Watch(arn, clusterArn, Map.copyOf(more), gap, version, until, wasAsked);
    }

    Watch gap(Map<String, Long> smaller) {
        return new Watch(arn, clusterArn, own, smaller, version, until, wasAsked);
    }

    Watch at(long newVersion) {
        return new Watch(arn, clusterArn, own, gap, newVersion, until, false);
    }

    Watch until(long later) {
        return new Watch(arn, clusterArn, own, gap, version, later, false);
    }

    Watch asked() {
        return new Watch(arn, clusterArn, own, gap, version, until, true);
    }
}
