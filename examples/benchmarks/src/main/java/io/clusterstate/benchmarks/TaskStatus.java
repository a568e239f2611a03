package io.clusterstate.benchmarks;

/**
 * The statuses of a task, in ECS's order. A task that passes through all of them has an event and a version for each.
 */
enum TaskStatus {
    PROVISIONING(1, "RUNNING", "PRECREATED"),
    PENDING(2, "RUNNING", "ATTACHED"),
    ACTIVATING(3, "RUNNING", "ATTACHED"),
    RUNNING(4, "RUNNING", "ATTACHED"),
    DEACTIVATING(5, "STOPPED", "ATTACHED"),
    STOPPING(6, "STOPPED", "ATTACHED"),
    DEPROVISIONING(7, "STOPPED", "DELETED"),
    STOPPED(8, "STOPPED", "DELETED");

    private final int version;
    private final String desiredStatus;
    private final String interfaceStatus;

    TaskStatus(int version, String desiredStatus, String interfaceStatus) {
        this.version = version;
        this.desiredStatus = desiredStatus;
        this.interfaceStatus = interfaceStatus;
    }

    /** The version at which a task has this status, if it skipped none. */
    int version() {
        return version;
    }

    String desiredStatus() {
        return desiredStatus;
    }

    /** The status that the task's network interface has then. */
    String interfaceStatus() {
        return interfaceStatus;
    }

    boolean hasPulled() {
        return compareTo(ACTIVATING) >= 0;
    }

    boolean hasStarted() {
        return compareTo(RUNNING) >= 0;
    }

    boolean isEnding() {
        return compareTo(DEACTIVATING) >= 0;
    }
}
