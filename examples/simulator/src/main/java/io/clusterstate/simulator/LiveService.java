package io.clusterstate.simulator;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.PlacementConstraint;
import software.amazon.awssdk.services.ecs.model.PlacementStrategy;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;
import software.amazon.awssdk.services.ecs.model.Tag;

/** A service: its desired count, its revision, and its deployments, newest first. */
final class LiveService {
    /** Whether the SDK has service deployments; the oldest SDK that runs this simulator lacks them. */
    static final boolean KNOWS_DEPLOYMENTS = Arrays.stream(Service.Builder.class.getMethods())
            .anyMatch(method -> method.getName().equals("currentServiceDeployment"));

    /** The only key of the listing of services, which is filtered by launch type. */
    static final String LISTING = "services";

    private static final int MESSAGES_KEPT = 100;
    private static final int DEPLOYMENTS_KEPT = 50;

    private final long position;
    private final LiveCluster cluster;
    private final int usualCount;
    private final List<Rollout> rollouts = new ArrayList<>();
    private final TaskCounts taskCounts = new TaskCounts();
    private final Deque<ServiceEvent> messages = new ArrayDeque<>();
    private final Deque<LiveDeployment> deployments = new ArrayDeque<>();
    private Service base;
    private PlacementRules rules = PlacementRules.NONE;
    private boolean isSteady;

    LiveService(long position, LiveCluster cluster, Service base) {
        this.position = position;
        this.cluster = cluster;
        this.base = base;
        this.usualCount = base.desiredCount();
    }

    long position() {
        return position;
    }

    LiveCluster cluster() {
        return cluster;
    }

    String name() {
        return base.serviceName();
    }

    String arn() {
        return base.serviceArn();
    }

    /** The launch type; null for a service with capacity providers. */
    @Nullable LaunchType launchType() {
        return base.launchType();
    }

    /** Whether its tasks run on Fargate, by its launch type or its capacity providers. */
    boolean onFargate() {
        return launchType() == LaunchType.FARGATE || Providers.areFargate(strategy());
    }

    /** The capacity providers of its tasks; empty if the launch type decides. */
    List<CapacityProviderStrategyItem> strategy() {
        return base.capacityProviderStrategy();
    }

    boolean isActive() {
        return base.status().equals(Status.ACTIVE);
    }

    boolean isDraining() {
        return base.status().equals(Status.DRAINING);
    }

    boolean isInactive() {
        return base.status().equals(Status.INACTIVE);
    }

    /** Sets the desired count to zero for good; the service never becomes ACTIVE again. */
    void drain() {
        base = base.toBuilder().status(Status.DRAINING).desiredCount(0).build();
    }

    void deactivate() {
        base = base.toBuilder().status(Status.INACTIVE).desiredCount(0).build();
    }

    /** The counts of the tasks of all deployments, those no longer shown included. */
    TaskCounts taskCounts() {
        return taskCounts;
    }

    int desiredCount() {
        return base.desiredCount();
    }

    /** The initial desired count, around which the service is scaled. */
    int usualCount() {
        return usualCount;
    }

    PlacementRules rules() {
        return rules;
    }

    /** Sets the placement rules, and the constraints and strategies of which they were made. */
    void placeBy(PlacementRules next, List<PlacementConstraint> constraints, List<PlacementStrategy> strategy) {
        rules = next;
        base = base.toBuilder()
                .placementConstraints(constraints)
                .placementStrategy(strategy)
                .build();
    }

    boolean isBalanced() {
        return !base.loadBalancers().isEmpty();
    }

    boolean takesCommands() {
        return base.enableExecuteCommand();
    }

    List<Tag> taskTags() {
        return base.propagateTags() == PropagateTags.SERVICE ? base.tags() : List.of();
    }

    void scale(int count) {
        base = base.toBuilder().desiredCount(count).build();
        isSteady = false;
    }

    /** The deployment that replaces all others. */
    Rollout primary() {
        return rollouts.get(0);
    }

    /** All deployments, newest first. */
    List<Rollout> rollouts() {
        return rollouts;
    }

    /** The deployments that the primary replaces. */
    List<Rollout> older() {
        return rollouts.subList(1, rollouts.size());
    }

    void roll(Rollout next) {
        rollouts.add(0, next);
        base = base.toBuilder().taskDefinition(next.template().arn()).build();
        isSteady = false;
    }

    /** The service deployments, newest first. ECS keeps those of 90 days, the simulator a number. */
    Collection<LiveDeployment> deployments() {
        return deployments;
    }

    /** The newest service deployment. */
    Optional<LiveDeployment> deployment() {
        return Optional.ofNullable(deployments.peekFirst());
    }

    void add(LiveDeployment deployment) {
        deployments.addFirst(deployment);
        if (deployments.size() > DEPLOYMENTS_KEPT) {
            deployments.removeLast();
        }
    }

    /** The deployment to return to: the newest that was completed, if it is still in the service's list. */
    Optional<Rollout> lastCompleted() {
        return rollouts.stream()
                .filter(it -> !it.isInProgress() && !it.isFailed())
                .findFirst();
    }

    DeploymentConfiguration deploymentConfiguration() {
        return base.deploymentConfiguration();
    }

    void configure(DeploymentConfiguration configuration) {
        base = base.toBuilder().deploymentConfiguration(configuration).build();
    }

    /** Whether a deployment fails when its tasks do not start. */
    boolean hasBreaker() {
        var breaker = deploymentConfiguration().deploymentCircuitBreaker();
        return breaker != null && Boolean.TRUE.equals(breaker.enable());
    }

    /** Whether a failed deployment is followed by a return to the former revision. */
    boolean rollsBack() {
        return hasBreaker()
                && Boolean.TRUE.equals(
                        deploymentConfiguration().deploymentCircuitBreaker().rollback());
    }

    void dropOlder() {
        older().clear();
    }

    /** Whether the event about the steady state was sent since the service last was unsteady. */
    boolean isSteady() {
        return isSteady;
    }

    void becomeSteady(boolean steady) {
        isSteady = steady;
    }

    void note(String id, Instant at, String message) {
        messages.addFirst(
                ServiceEvent.builder().id(id).createdAt(at).message(message).build());
        if (messages.size() > MESSAGES_KEPT) {
            messages.removeLast();
        }
    }

    /** The service as DescribeServices shows it, with counts and deployments. */
    Service view() {
        int running = 0;
        int pending = 0;
        var views = new ArrayList<Deployment>();
        for (var rollout : rollouts) {
            running += rollout.taskCounts().running();
            pending += rollout.taskCounts().pending();
            views.add(rollout.view(rollout == primary(), desiredCount()));
        }
        var service = base.toBuilder()
                .runningCount(running)
                .pendingCount(pending)
                .deployments(views)
                .events(messages);
        deployment().filter(it -> KNOWS_DEPLOYMENTS && it.isUnderWay()).ifPresent(it -> addCurrent(service, it));
        return service.build();
    }

    private void addCurrent(Service.Builder service, LiveDeployment current) {
        service.currentServiceDeployment(current.arn())
                .currentServiceRevisions(rollouts.stream()
                        .map(it -> it.summary(it == primary() ? desiredCount() : 0))
                        .toList());
    }
}
