package io.clusterstate.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Task;

/** One task: what ECS says of it now, and what it hangs on. */
final class LiveTask {
    private final long position;
    private final LiveCluster cluster;
    private final Blueprint blueprint;
    private final Ladder ladder;
    private final @Nullable Rollout rollout;
    private final @Nullable Berth berth;
    private Task task;
    private Instant updatedAt;
    private Ending ending = Ending.NONE;
    private long appointment;
    private int expectedEvents;
    private boolean isGone;

    LiveTask(long position, LiveCluster cluster, Task task, Instant updatedAt, Start start) {
        this.position = position;
        this.cluster = cluster;
        this.blueprint = start.blueprint();
        this.rollout = start.rollout();
        this.berth = start.berth();
        this.ladder = start.ladder();
        this.task = task;
        this.updatedAt = updatedAt;
    }

    long position() {
        return position;
    }

    LiveCluster cluster() {
        return cluster;
    }

    Blueprint blueprint() {
        return blueprint;
    }

    Ladder ladder() {
        return ladder;
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

    /** The deployment that it belongs to; empty for a task on its own. */
    Optional<Rollout> rollout() {
        return Optional.ofNullable(rollout);
    }

    /** The host it is placed on and what it holds there; empty on Fargate. */
    Optional<Berth> berth() {
        return Optional.ofNullable(berth);
    }

    Ending ending() {
        return ending;
    }

    void endWith(Ending how) {
        ending = how;
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

    /** Whether it vanished: nothing happens to it any more. */
    boolean isGone() {
        return isGone;
    }

    void vanish() {
        isGone = true;
    }

    /** The number of its one valid appointment in the agenda. */
    long appointment() {
        return appointment;
    }

    /** How many events its ladder still has ahead, as far as it is due to be climbed. */
    int expectedEvents() {
        return expectedEvents;
    }

    void expect(long nextAppointment, int events) {
        appointment = nextAppointment;
        expectedEvents = events;
    }

    /** The shelves on which it is listed, all of them split by desired status. */
    List<Shelf> shelves() {
        var desired = task.desiredStatus();
        var shelves = new ArrayList<Shelf>(5);
        shelves.add(Shelf.all(desired));
        shelves.add(new Shelf(Shelf.By.FAMILY, blueprint.family(), desired));
        if (rollout != null) {
            shelves.add(new Shelf(Shelf.By.SERVICE, rollout.service().name(), desired));
        }
        if (berth != null) {
            shelves.add(new Shelf(Shelf.By.HOST, berth.host().id(), desired));
        }
        if (task.startedBy() != null) {
            shelves.add(new Shelf(Shelf.By.STARTER, task.startedBy(), desired));
        }
        return shelves;
    }

    /**
     * Where a task on a host stays.
     *
     * @param host the host
     * @param claim what it holds there
     */
    record Berth(LiveHost host, Capacity.Claim claim) {}

    /** The key of a shelf of tasks. */
    record Shelf(By by, String value, String desiredStatus) {
        static Shelf all(String desiredStatus) {
            return new Shelf(By.CLUSTER, "", desiredStatus);
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
