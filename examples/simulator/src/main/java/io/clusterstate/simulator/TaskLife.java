package io.clusterstate.simulator;

import java.time.Duration;
import software.amazon.awssdk.services.ecs.model.HealthStatus;

/** Starts tasks, lets them climb their ladders, and stops them. */
final class TaskLife {
    private final World world;
    private final Agenda agenda;
    private final NewTasks newTasks;
    private final Steps steps;
    private final Duration pace;

    TaskLife(World world, Agenda agenda, Duration pace) {
        this.world = world;
        this.agenda = agenda;
        this.pace = pace;
        this.newTasks = new NewTasks(world);
        this.steps = new Steps(world.dice());
    }

    LiveTask start(LiveCluster cluster, Start start) {
        var live = newTasks.create(cluster, start, world.now());
        world.add(live);
        world.desk().task(live);
        recount(live);
        appoint(live);
        return live;
    }

    /** A task that has been running since some time before; nobody is told of it. */
    LiveTask foundRunning(LiveCluster cluster, Start start, Duration age) {
        var startedAt = world.now().minus(age);
        var live = newTasks.create(cluster, start, startedAt);
        for (var status : live.ladder().rest()) {
            startedAt = startedAt.plus(world.dice().around(Duration.ofSeconds(4)));
            live.become(steps.after(live, status, startedAt), startedAt);
        }
        world.add(live);
        world.desk().found(live);
        return live;
    }

    /** Tells a task to stop; does nothing if it was told before or has vanished. */
    void stop(LiveTask live, Ending ending) {
        if (live.isStopping() || live.isGone()) {
            return;
        }
        live.endWith(ending);
        world.change(live, Steps.toldToStop(live, world.now()));
        if (live.ladder().isBalanced()) {
            recount(live);
        }
        appoint(live);
    }

    /** Stops a task at once, without the steps between. */
    void end(LiveTask live, Ending ending) {
        stop(live, ending);
        agenda.cancel(live);
        if (!live.isStopped()) {
            world.change(live, steps.after(live, Status.STOPPED, world.now()));
            recount(live);
        }
    }

    /** Takes the step that is due for a task. */
    void advance(LiveTask live) {
        var next = live.ladder().next(live.task().lastStatus(), live.isStopping());
        if (next.isEmpty()) {
            agenda.cancel(live);
            return;
        }
        world.change(live, steps.after(live, next.get(), world.now()));
        recount(live);
        appoint(live);
    }

    /** Changes the health of a task and its containers: the API tells it, no event does, and the version stays. */
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
        agenda.cancel(live);
        world.vanish(live);
    }

    private void appoint(LiveTask live) {
        int ahead = live.ladder().stepsFrom(live.task().lastStatus(), live.isStopping());
        if (ahead == 0) {
            agenda.cancel(live);
            return;
        }
        int eventsEach = live.berth().isPresent() ? 2 : 1;
        agenda.appoint(live, world.now().plus(world.dice().around(pace)), ahead * eventsEach);
    }

    private void recount(LiveTask live) {
        live.berth().ifPresent(it -> world.change(it.host(), it.host().recounted()));
    }
}
