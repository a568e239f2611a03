package io.clusterstate.simulator;

import java.time.Duration;
import software.amazon.awssdk.services.ecs.model.HealthStatus;

/** Starts tasks, moves them along their status paths, and stops them. */
final class TaskLifecycle {
    private final World world;
    private final StepSchedule schedule;
    private final NewTasks newTasks;
    private final TaskSteps steps;
    private final Duration pace;

    TaskLifecycle(World world, StepSchedule schedule, Duration pace) {
        this.world = world;
        this.schedule = schedule;
        this.pace = pace;
        this.newTasks = new NewTasks(world);
        this.steps = new TaskSteps(world.random());
    }

    LiveTask start(LiveCluster cluster, TaskStart start) {
        var live = newTasks.create(cluster, start, world.now());
        world.add(live);
        world.events().task(live);
        recount(live);
        appoint(live);
        return live;
    }

    /** Adds a task that has been running for some time, without an event. */
    LiveTask foundRunning(LiveCluster cluster, TaskStart start, Duration age) {
        var startedAt = world.now().minus(age);
        var live = newTasks.create(cluster, start, startedAt);
        for (var status : live.path().rest()) {
            startedAt = startedAt.plus(world.random().around(Duration.ofSeconds(4)));
            live.become(steps.after(live, status, startedAt), startedAt);
        }
        world.add(live);
        world.events().found(live);
        return live;
    }

    /** Requests that a task stops. It has no effect on a task that is stopping or has vanished. */
    void stop(LiveTask live, StopCause stopCause) {
        if (live.isStopping() || live.isGone()) {
            return;
        }
        live.endWith(stopCause);
        world.change(live, TaskSteps.toldToStop(live, world.now()));
        if (live.path().isBalanced()) {
            recount(live);
        }
        appoint(live);
    }

    /** Stops a task immediately, without the steps between. */
    void end(LiveTask live, StopCause stopCause) {
        stop(live, stopCause);
        schedule.cancel(live);
        if (!live.isStopped()) {
            world.change(live, steps.after(live, Status.STOPPED, world.now()));
            recount(live);
        }
    }

    /** Takes the step that is due for a task. */
    void advance(LiveTask live) {
        var next = live.path().next(live.task().lastStatus(), live.isStopping());
        if (next.isEmpty()) {
            schedule.cancel(live);
            return;
        }
        world.change(live, steps.after(live, next.get(), world.now()));
        recount(live);
        appoint(live);
    }

    /**
     * Changes the health of a task and its containers. The API reports it; there is no event, and the version stays.
     */
    void reportHealth(LiveTask live, HealthStatus health) {
        var containers = live.task().containers().stream()
                .map(it -> it.toBuilder().healthStatus(health).build())
                .toList();
        var task = live.task().toBuilder()
                .healthStatus(health)
                .containers(containers)
                .build();
        live.become(task, live.updatedAt());
    }

    void vanish(LiveTask live) {
        schedule.cancel(live);
        world.vanish(live);
    }

    private void appoint(LiveTask live) {
        int ahead = live.path().stepsFrom(live.task().lastStatus(), live.isStopping());
        if (ahead == 0) {
            schedule.cancel(live);
            return;
        }
        int eventsEach = live.placement().isPresent() ? 2 : 1;
        schedule.appoint(live, world.now().plus(world.random().around(pace)), ahead * eventsEach);
    }

    private void recount(LiveTask live) {
        live.placement().ifPresent(it -> world.change(it.host(), it.host().recounted()));
    }
}
