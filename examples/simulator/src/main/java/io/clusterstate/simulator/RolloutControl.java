package io.clusterstate.simulator;

import java.time.Instant;
import java.util.function.BiConsumer;

/**
 * Begins and ends the deployments of services. The circuit breaker ends a deployment none of whose tasks came to run.
 * Source: the ECS developer guide, "How the Amazon ECS deployment circuit breaker detects failures".
 */
final class RolloutControl {
    private static final int LOWEST_THRESHOLD = 3;
    private static final int HIGHEST_THRESHOLD = 200;
    private static final String TRIPPED = "ECS deployment circuit breaker: tasks failed to start.";

    private final World world;
    private final BiConsumer<LiveService, String> notes;

    /** Makes a control that reports to the events of services by {@code notes}. */
    RolloutControl(World world, BiConsumer<LiveService, String> notes) {
        this.world = world;
        this.notes = notes;
    }

    /** Begins a deployment, which takes the place of one under way. */
    void begin(LiveService service, TaskTemplate template) {
        stop(service, "Superseded by a newer service deployment.");
        var rollout = new Rollout(service, deploymentId(), template, world.now());
        var deployment = new LiveDeployment(
                world.nextPosition(), rollout, service.rollouts(), threshold(service.desiredCount()));
        service.roll(rollout);
        service.add(deployment);
        announce(rollout);
    }

    /** Adds the deployment of a service that has existed for some time, completed and without an event. */
    void found(LiveService service, TaskTemplate template, Instant since) {
        var rollout = new Rollout(service, deploymentId(), template, since);
        rollout.complete(since);
        service.roll(rollout);
        service.add(LiveDeployment.found(world.nextPosition(), rollout));
    }

    /** Ends a deployment that is under way before its goal. */
    void stop(LiveService service, String reason) {
        service.deployment().filter(LiveDeployment::isUnderWay).ifPresent(it -> it.stop(reason, world.now()));
    }

    /** Takes note that the scheduler works on a service, and ends its deployment if too many tasks failed to start. */
    void watch(LiveService service) {
        service.deployment().ifPresent(it -> it.begin(world.now()));
        var rollout = service.primary();
        boolean isTripped = rollout.isInProgress()
                && service.hasBreaker()
                && rollout.startFailures() >= threshold(service.desiredCount());
        if (isTripped) {
            trip(service, rollout);
        }
    }

    void complete(LiveService service) {
        var rollout = service.primary();
        rollout.complete(world.now());
        service.deployment().filter(LiveDeployment::isUnderWay).ifPresent(it -> it.complete(world.now()));
        send(rollout, "INFO", "SERVICE_DEPLOYMENT_COMPLETED");
    }

    private void trip(LiveService service, Rollout failed) {
        failed.fail(TRIPPED, world.now());
        send(failed, "ERROR", "SERVICE_DEPLOYMENT_FAILED");
        notes.accept(service, "(deployment " + failed.id() + ") deployment failed: tasks failed to start.");
        var stable = service.lastCompleted();
        boolean rollsBack = service.rollsBack()
                && stable.isPresent()
                && service.deployment().filter(LiveDeployment::isRollingBack).isEmpty();
        if (rollsBack) {
            rollBack(service, stable.get());
        } else {
            stop(service, TRIPPED);
        }
    }

    private void rollBack(LiveService service, Rollout stable) {
        var reason = "ECS deployment circuit breaker: rolling back to deploymentId " + stable.id() + ".";
        var rollout = new Rollout(service, deploymentId(), stable.template(), world.now());
        rollout.returnTo(stable, reason);
        service.roll(rollout);
        service.deployment().ifPresent(it -> it.rollBack(rollout, reason, world.now()));
        notes.accept(service, "rolling back to deployment " + stable.id() + ".");
        announce(rollout);
        world.changed(service);
    }

    private void announce(Rollout rollout) {
        send(rollout, "INFO", "SERVICE_DEPLOYMENT_IN_PROGRESS");
    }

    private void send(Rollout rollout, String type, String name) {
        world.events().deployment(rollout, type, name, world.now());
    }

    /** Half the desired count, but at least 3 and at most 200. */
    private static int threshold(int desiredCount) {
        return Math.max(LOWEST_THRESHOLD, Math.min(HIGHEST_THRESHOLD, (desiredCount + 1) / 2));
    }

    private String deploymentId() {
        return "ecs-svc/" + world.random().digits(19);
    }
}
