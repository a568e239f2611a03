package io.clusterstate.simulator;

/** Counts tasks: running and pending tasks as ECS reports them, and all tasks that are not yet STOPPED. */
final class TaskCounts {
    private int running;
    private int pending;
    private int unstopped;

    int running() {
        return running;
    }

    int pending() {
        return pending;
    }

    int unstopped() {
        return unstopped;
    }

    void add(String status, int difference) {
        if (!status.equals(Status.STOPPED)) {
            unstopped += difference;
        }
        if (status.equals(Status.RUNNING)) {
            running += difference;
        } else if (Status.isOnItsWay(status)) {
            pending += difference;
        }
    }
}
