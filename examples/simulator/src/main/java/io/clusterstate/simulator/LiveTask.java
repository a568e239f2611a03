package io.clusterstate.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Task;

/** A task: its current state, its service and its place. */
final class LiveTask {
    private final long position;
    private final LiveCluster cluster;
    private final TaskTemplate template;
    private final StatusPath path;
    private final @Nullable Rollout rollout;
    private final @Nullable Placement placement;
    private Task task;
    private Instant updatedAt;
    private StopCause stopCause = StopCause.NONE;
    private long appointment;
    private int expectedEvents;
    private boolean isGone;

    LiveTask(long position, LiveCluster cluster, Task task, Instant updatedAt, TaskStart start) {
        this.position = position;
        this.cluster = cluster;
        this.template = start.template();
        this.rollout = start.rollout();
        this.placement = start.placement();
        this.path = start.path();
        this.task = task;
        this.updatedAt = updatedAt;
    }

    long position() {
        return position;
    }

    LiveCluster cluster() {
        return cluster;
    }

    TaskTemplate template() {
        return template;
    }

    StatusPath path() {
        return path;
    }

    String arn() {
        return task.taskArn();
    }

    Task task() {
        return task;
    }

    Instant updatedAt() {
        return updatedAt;
    }

    void become(Task next, Instant now) {
        task = next;
        updatedAt = now;
    }

    /** The deployment of the task; empty for a task without a service. */
    Optional<Rollout> rollout() {
        return Optional.ofNullable(rollout);
    }

    /** The host of the task and its claim there; empty on Fargate. */
    Optional<Placement> placement() {
        return Optional.ofNullable(placement);
    }

    StopCause stopCause() {
        return stopCause;
    }

    void endWith(StopCause how) {
        stopCause = how;
    }

    boolean isStopping() {
        return task.desiredStatus().equals(Status.STOPPED);
    }

    boolean isRunning() {
        return task.lastStatus().equals(Status.RUNNING) && !isStopping();
    }

    boolean isStopped() {
        return task.lastStatus().equals(Status.STOPPED);
    }

    /** Whether the task vanished; it no longer changes then. */
    boolean isGone() {
        return isGone;
    }

    void vanish() {
        isGone = true;
    }

    /** The number of the task's valid appointment in the schedule. */
    long appointment() {
        return appointment;
    }

    /** The number of events that the scheduled steps of the task will make. */
    int expectedEvents() {
        return expectedEvents;
    }

    void expect(long nextAppointment, int events) {
        appointment = nextAppointment;
        expectedEvents = events;
    }

    /** The keys under which the task is listed. All of them contain the desired status. */
    List<ListingKey> listingKeys() {
        var desired = task.desiredStatus();
        var listingKeys = new ArrayList<ListingKey>(5);
        listingKeys.add(ListingKey.all(desired));
        listingKeys.add(new ListingKey(ListingKey.By.FAMILY, template.family(), desired));
        if (rollout != null) {
            listingKeys.add(
                    new ListingKey(ListingKey.By.SERVICE, rollout.service().name(), desired));
        }
        if (placement != null) {
            listingKeys.add(new ListingKey(ListingKey.By.HOST, placement.host().id(), desired));
        }
        if (task.startedBy() != null) {
            listingKeys.add(new ListingKey(ListingKey.By.STARTER, task.startedBy(), desired));
        }
        return listingKeys;
    }

    /**
     * The place of a task on a host.
     *
     * @param host the host
     * @param claim the resources that the task holds there
     */
    record Placement(LiveHost host, Capacity.Claim claim) {}

    /** A key of the listing of tasks. */
    record ListingKey(By by, String value, String desiredStatus) {
        static ListingKey all(String desiredStatus) {
            return new ListingKey(By.CLUSTER, "", desiredStatus);
        }

        enum By {
            CLUSTER,
            FAMILY,
            SERVICE,
            HOST,
            STARTER
        }
    }
}
