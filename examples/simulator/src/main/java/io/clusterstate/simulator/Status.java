package io.clusterstate.simulator;

/** The statuses of tasks, container instances, services and clusters, in ECS's spelling. */
final class Status {
    static final String PROVISIONING = "PROVISIONING";
    static final String PENDING = "PENDING";
    static final String ACTIVATING = "ACTIVATING";
    static final String RUNNING = "RUNNING";
    static final String DEACTIVATING = "DEACTIVATING";
    static final String DEPROVISIONING = "DEPROVISIONING";
    static final String STOPPED = "STOPPED";

    static final String ACTIVE = "ACTIVE";
    static final String DRAINING = "DRAINING";
    static final String INACTIVE = "INACTIVE";

    private Status() {}

    static boolean isOnItsWay(String status) {
        return status.equals(PROVISIONING) || status.equals(PENDING) || status.equals(ACTIVATING);
    }
}
