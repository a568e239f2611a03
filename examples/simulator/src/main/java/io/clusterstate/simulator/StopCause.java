package io.clusterstate.simulator;

import org.jspecify.annotations.Nullable;

/**
 * The cause and the manner of a task's end.
 *
 * @param stopCode ECS's stop code
 * @param reason the reason, as text for people
 * @param exitCode the exit code of the containers; null if they never ran
 * @param containerReason the problem of the first container; null if it has none
 */
record StopCause(String stopCode, String reason, @Nullable Integer exitCode, @Nullable String containerReason) {
    static final StopCause NONE = new StopCause("", "", null, null);

    private static final int TERMINATED = 143;
    private static final int KILLED = 137;

    static StopCause byUser(String reason) {
        return new StopCause("UserInitiated", reason, TERMINATED, null);
    }

    static StopCause byScheduler(String reason) {
        return new StopCause("ServiceSchedulerInitiated", reason, TERMINATED, null);
    }

    static StopCause exited(int exitCode) {
        return new StopCause("EssentialContainerExited", "Essential container in task exited", exitCode, null);
    }

    static StopCause outOfMemory() {
        return new StopCause(
                "EssentialContainerExited",
                "Essential container in task exited",
                KILLED,
                "OutOfMemoryError: Container killed due to memory usage");
    }

    static StopCause failedToStart() {
        return failedToStart("CannotPullContainerError: pull image manifest has been retried 5 time(s): not found");
    }

    static StopCause failedToStart(String reason) {
        return new StopCause("TaskFailedToStart", reason, null, reason);
    }

    static StopCause hostGone() {
        return new StopCause("InfrastructureHealth", "Container instance deregistered forcibly by user", KILLED, null);
    }
}
