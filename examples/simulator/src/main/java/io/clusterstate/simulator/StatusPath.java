package io.clusterstate.simulator;

import java.util.List;
import java.util.Optional;

/**
 * The statuses that a task passes through. They depend on its launch type and on whether it has a load balancer.
 *
 * @param up the statuses from the first to RUNNING
 * @param down the statuses from the request to stop to STOPPED
 */
record StatusPath(List<String> up, List<String> down) {
    /** The path of a bridge task on a host. */
    private static final StatusPath HOST =
            new StatusPath(List.of(Status.PENDING, Status.RUNNING), List.of(Status.STOPPED));

    /** The path of a task with its own network interface. */
    private static final StatusPath INTERFACE = new StatusPath(
            List.of(Status.PROVISIONING, Status.PENDING, Status.RUNNING),
            List.of(Status.DEPROVISIONING, Status.STOPPED));

    /** The path of a task with its own network interface and a load balancer. */
    private static final StatusPath BALANCED = new StatusPath(
            List.of(Status.PROVISIONING, Status.PENDING, Status.ACTIVATING, Status.RUNNING),
            List.of(Status.DEACTIVATING, Status.DEPROVISIONING, Status.STOPPED));

    StatusPath {
        up = List.copyOf(up);
        down = List.copyOf(down);
    }

    static StatusPath of(TaskTemplate template, boolean balanced) {
        return template.awsvpc() ? (balanced ? BALANCED : INTERFACE) : HOST;
    }

    boolean isBalanced() {
        return down.contains(Status.DEACTIVATING);
    }

    String first() {
        return up.get(0);
    }

    /** The statuses after the first on the path to RUNNING. */
    List<String> rest() {
        return up.subList(1, up.size());
    }

    /** The status that a task takes immediately when it is asked to stop. */
    String whenToldToStop(String lastStatus) {
        boolean known = lastStatus.equals(Status.RUNNING) || lastStatus.equals(Status.ACTIVATING);
        return isBalanced() && known ? Status.DEACTIVATING : lastStatus;
    }

    /** The next status; empty if the task has reached the end of its path. */
    Optional<String> next(String lastStatus, boolean stopping) {
        var way = stopping ? down : up;
        int at = way.indexOf(lastStatus);
        if (at < 0 && stopping) {
            return Optional.of(isBalanced() ? Status.DEPROVISIONING : down.get(0));
        }
        return at + 1 < way.size() ? Optional.of(way.get(at + 1)) : Optional.empty();
    }

    /** The number of steps ahead. */
    int stepsFrom(String lastStatus, boolean stopping) {
        int steps = 0;
        for (var at = next(lastStatus, stopping); at.isPresent(); at = next(at.get(), stopping)) {
            steps++;
        }
        return steps;
    }
}
