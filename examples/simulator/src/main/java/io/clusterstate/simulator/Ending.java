package io.clusterstate.simulator;

import org.jspecify.annotations.Nullable;

/**
 * Why and how a task ends.
 *
 * @param stopCode ECS's stop code
 * @param reason the text for people
 * @param exitCode the exit code of its containers; null if they never ran
 * @param containerReason what is wrong with its first container; null if nothing is
 */
record Ending(String stopCode, String reason, @Nullable Integer exitCode, @Nullable String containerReason) {
    static final Ending NONE = new Ending("", "", null, null);

    private static final int TERMINATED = 143;
    private static final int KILLED = 137;

    static Ending byUser(String reason) {
        return new Ending("UserInitiated", reason, TERMINATED, null);
    }

    static Ending byScheduler(String reason) {
        return new Ending("ServiceSchedulerInitiated", reason, TERMINATED, null);
    }

    static Ending exited(int exitCode) {
        return new Ending("EssentialContainerExited", "Essential container in task exited", exitCode, null);
    }

    static Ending outOfMemory() {
        return new Ending(
                "EssentialContainerExited",
                "Essential container in task exited",
                KILLED,
                "OutOfMemoryError: Container killed due to memory usage");
    }

    static Ending failedToStart() {
        return new Ending(
                "TaskFailedToStart",
                "CannotPullContainerError: pull image manifest has been retried 5 time(s): not found",
                null,
                "CannotPullContainerError: pull image manifest has been retried 5 time(s): not found");
    }

    static Ending hostGone() {
        return new Ending("InfrastructureHealth", "Container instance deregistered forcibly by user", KILLED, null);
    }
}
