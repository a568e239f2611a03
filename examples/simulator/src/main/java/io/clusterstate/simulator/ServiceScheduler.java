package io.clusterstate.simulator;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.Service;

/** Brings services to their desired state: starts missing tasks, stops surplus tasks, and ends drained services. */
final class ServiceScheduler {
    /** The limit that ends a scheduler pass even if a service keeps changing. */
    private static final int PASSES = 20;

    private final World world;
    private final TaskLifecycle tasks;
    private final Placer placer;
    private final RolloutControl rollouts;

    ServiceScheduler(World world, TaskLifecycle tasks) {
        this.world = world;
        this.tasks = tasks;
        this.placer = new Placer(world.random());
        this.rollouts = new RolloutControl(world, this::note);
    }

    /** Adds a service with its first deployment. The next pass starts its tasks. */
    LiveService create(LiveCluster cluster, Service service, TaskTemplate template, PlacementRules rules) {
        var live = new LiveService(world.nextPosition(), cluster, service);
        live.placeBy(rules, service.placementConstraints(), service.placementStrategy());
        rollouts.begin(live, template);
        world.add(live);
        return live;
    }

    /** Adds a service that has existed for some time, with a completed deployment and without an event. */
    LiveService found(LiveCluster cluster, Service service, TaskTemplate template, Instant since) {
        var live = new LiveService(world.nextPosition(), cluster, service);
        rollouts.found(live, template, since);
        world.add(live);
        live.becomeSteady(true);
        return live;
    }

    void deploy(LiveService service, TaskTemplate template) {
        rollouts.begin(service, template);
        world.changed(service);
    }

    void scale(LiveService service, int count) {
        service.scale(count);
        notice(service, "INFO", "SERVICE_DESIRED_COUNT_UPDATED", "has updated desired count to " + count + ".");
        world.changed(service);
    }

    /** Deletes an ACTIVE service. The next pass stops its tasks, and without tasks it becomes INACTIVE. */
    void delete(LiveService service) {
        rollouts.stop(service, "The service was deleted.");
        world.drain(service);
    }

    /** Removes a service and its tasks that are not yet STOPPED, without an event. */
    void vanish(LiveService service) {
        var left = service.cluster().tasks().values().stream()
                .filter(it -> !it.isStopped() && belongs(it, service))
                .toList();
        left.forEach(tasks::vanish);
        world.vanish(service);
    }

    /** Runs a pass over all services whose tasks changed. */
    void pass() {
        for (int i = 0; i < PASSES; i++) {
            var changed = world.takeChangedServices();
            if (changed.isEmpty()) {
                return;
            }
            changed.forEach(this::tend);
        }
    }

    private void tend(LiveService service) {
        if (service.isDraining()) {
            drain(service);
        } else if (service.isActive()) {
            keep(service);
        }
    }

    private void drain(LiveService service) {
        service.rollouts().forEach(it -> stop(it, it.tasks().size()));
        if (service.taskCounts().unstopped() == 0) {
            world.end(service);
        }
    }

    private void keep(LiveService service) {
        rollouts.watch(service);
        startMissing(service);
        stopSurplus(service);
        stopReplaced(service);
        complete(service);
    }

    private void startMissing(LiveService service) {
        var rollout = service.primary();
        while (!rollout.isFailed() && rollout.tasks().size() < service.desiredCount()) {
            var provider = Providers.next(service.strategy(), rollout.tasks());
            if (service.onFargate()) {
                tasks.start(service.cluster(), TaskStart.of(rollout, null, provider));
                continue;
            }
            var host = placer.place(
                    service.cluster(),
                    rollout.template(),
                    "service:" + service.name(),
                    service.rules().within(provider));
            if (host.isEmpty()) {
                failToPlace(service);
                return;
            }
            tasks.start(service.cluster(), TaskStart.of(rollout, host.get().take(rollout.template()), provider));
        }
        service.cluster().waiting().remove(service);
    }

    private void stopSurplus(LiveService service) {
        var rollout = service.primary();
        int surplus = rollout.tasks().size() - service.desiredCount();
        stop(rollout, surplus);
    }

    /** Stops as many tasks of older deployments as the running tasks of the newest replace. */
    private void stopReplaced(LiveService service) {
        int old = service.older().stream().mapToInt(it -> it.tasks().size()).sum();
        int fresh = (int)
                service.primary().tasks().stream().filter(LiveTask::isRunning).count();
        int replaceable = Math.min(old, old + fresh - service.desiredCount());
        for (var rollout : List.copyOf(service.older())) {
            int here = Math.min(replaceable, rollout.tasks().size());
            stop(rollout, here);
            replaceable -= here;
        }
    }

    private void stop(Rollout rollout, int count) {
        if (count <= 0) {
            return;
        }
        var stopCause = StopCause.byScheduler("Scaling activity initiated by (deployment " + rollout.id() + ")");
        List.copyOf(rollout.tasks()).subList(0, count).forEach(task -> tasks.stop(task, stopCause));
    }

    private void complete(LiveService service) {
        var rollout = service.primary();
        boolean isAlone = service.older().stream().allMatch(it -> it.tasks().isEmpty());
        boolean isWhole = rollout.tasks().size() == service.desiredCount()
                && rollout.tasks().stream().allMatch(LiveTask::isRunning);
        if (!isAlone || !isWhole || rollout.isFailed()) {
            service.becomeSteady(service.isSteady() && isWhole);
            return;
        }
        service.dropOlder();
        if (rollout.isInProgress()) {
            rollouts.complete(service);
        }
        if (!service.isSteady()) {
            service.becomeSteady(true);
            notice(service, "INFO", "SERVICE_STEADY_STATE", "has reached a steady state.");
        }
    }

    private void failToPlace(LiveService service) {
        if (!service.cluster().waiting().add(service)) {
            return;
        }
        var closest = closest(service);
        service.note(
                world.random().uuid(),
                world.now(),
                "(service " + service.name()
                        + ") was unable to place a task because no container instance met all of its requirements."
                        + closest.map(ServiceScheduler::description).orElse(""));
        world.events()
                .service(
                        service,
                        "ERROR",
                        "SERVICE_TASK_PLACEMENT_FAILURE",
                        world.now(),
                        Map.of("reason", closest.map(Failure::reason).orElse("RESOURCE:CPU")));
    }

    /** An instance that came closest to a service's rules, with its refusal; empty for a service without rules. */
    private static Optional<Failure> closest(LiveService service) {
        if (service.rules().isEmpty()) {
            return Optional.empty();
        }
        var template = service.primary().template();
        return service.cluster().open().stream()
                .flatMap(host -> Placer.refusal(host, template, "service:" + service.name(), service.rules())
                        .map(reason -> Failures.refused(host.arn(), reason))
                        .stream())
                .findFirst();
    }

    private static String description(Failure refusal) {
        return " The closest matching (container-instance " + Arns.lastSegment(refusal.arn()) + ") encountered error \""
                + refusal.reason() + "\".";
    }

    private void note(LiveService service, String message) {
        service.note(world.random().uuid(), world.now(), "(service " + service.name() + ") " + message);
    }

    private void notice(LiveService service, String type, String name, String message) {
        note(service, message);
        world.events().service(service, type, name, world.now(), Map.of());
    }

    private static boolean belongs(LiveTask task, LiveService service) {
        return task.rollout().filter(it -> it.service() == service).isPresent();
    }
}
