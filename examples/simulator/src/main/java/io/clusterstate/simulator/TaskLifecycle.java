package io.clusterstate.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.HealthStatus;

/** Starts tasks, moves them along their status paths, and stops them. */
final class TaskLifecycle {
    /** Spaces the replacements of tasks that do not start, so that a step of the clock has an end. */
    private static final Duration SHORTEST_FAILURE = Duration.ofSeconds(1);

    private final World world;
    private final StepSchedule schedule;
    private final NewTasks newTasks;
    private final TaskSteps steps;
    private final Faults faults;
    private final Duration pace;

    TaskLifecycle(World world, StepSchedule schedule, Faults faults, Duration pace) {
        this.world = world;
        this.schedule = schedule;
        this.pace = pace;
        this.faults = faults;
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
        var failure = startFailure(live);
        if (failure.isPresent()) {
            live.rollout().ifPresent(Rollout::countStartFailure);
            stop(live, StopCause.failedToStart(failure.get()));
            return;
        }
        if (next.get().equals(Status.RUNNING)) {
            live.rollout().ifPresent(Rollout::countRun);
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

    /**
     * Changes the health of a container, and that of its task, which follows the essential containers: UNHEALTHY if one
     * is, HEALTHY if all with a known health are. False if there is no such container.
     */
    boolean reportHealth(LiveTask live, String name, HealthStatus health) {
        var parts = live.template().parts();
        var containers = live.task().containers().stream()
                .map(it -> it.name().equals(name)
                        ? it.toBuilder().healthStatus(health).build()
                        : it)
                .toList();
        var known = new ArrayList<HealthStatus>();
        for (int i = 0; i < parts.size(); i++) {
            var own = containers.get(i).healthStatus();
            if (parts.get(i).essential() && own != null && own != HealthStatus.UNKNOWN) {
                known.add(own);
            }
        }
        var whole = known.contains(HealthStatus.UNHEALTHY)
                ? HealthStatus.UNHEALTHY
                : known.isEmpty() ? HealthStatus.UNKNOWN : HealthStatus.HEALTHY;
        var task = live.task().toBuilder()
                .healthStatus(whole)
                .containers(containers)
                .build();
        live.become(task, live.updatedAt());
        return parts.stream().anyMatch(it -> it.name().equals(name));
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
        var stay = world.random().around(pace);
        if (startFailure(live).isPresent() && stay.compareTo(SHORTEST_FAILURE) < 0) {
            stay = SHORTEST_FAILURE;
        }
        schedule.appoint(live, world.now().plus(stay), ahead * eventsEach);
    }

    /** The failure that stops a task before it runs; null if it will run. */
    private Optional<String> startFailure(LiveTask live) {
        return live.isStopping()
                ? Optional.empty()
                : faults.startFailureOf(live.template().arn());
    }

    private void recount(LiveTask live) {
        live.placement().ifPresent(it -> world.change(it.host(), it.host().recounted()));
    }
}
