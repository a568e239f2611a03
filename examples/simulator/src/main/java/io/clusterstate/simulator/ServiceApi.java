package io.clusterstate.simulator;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.CreateServiceResponse;
import software.amazon.awssdk.services.ecs.model.DeleteServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeleteServiceResponse;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServicesResponse;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.ListServicesRequest;
import software.amazon.awssdk.services.ecs.model.ListServicesResponse;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceField;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;
import software.amazon.awssdk.services.ecs.model.UpdateServiceResponse;

/** The operations on services. */
final class ServiceApi {
    private final World world;
    private final ServiceScheduler scheduler;
    private final ClusterApi clusters;
    private final Lookup lookup;

    ServiceApi(Simulation simulation, ClusterApi clusters) {
        this.world = simulation.world();
        this.scheduler = simulation.services();
        this.clusters = clusters;
        this.lookup = new Lookup(simulation);
    }

    ListServicesResponse list(ListServicesRequest request) {
        var cluster = clusters.named(request.cluster());
        var launchType = request.launchType();
        var page = cluster.serviceListing()
                .page(
                        LiveService.LISTING,
                        Page.positionOf(request.nextToken()),
                        Page.sizeOf(request.maxResults(), 10),
                        service -> launchType == null || service.launchType() == launchType);
        return ListServicesResponse.builder()
                .serviceArns(page.map(LiveService::arn))
                .nextToken(page.nextToken())
                .build();
    }

    DescribeServicesResponse describe(DescribeServicesRequest request) {
        var cluster = clusters.named(request.cluster());
        Limits.some("Services", request.services(), 10);
        boolean withTags = request.include().contains(ServiceField.TAGS);
        var found = lookup.in(cluster, "service", request.services(), cluster::service, LiveService::arn);
        return DescribeServicesResponse.builder()
                .services(found.map(it -> withTags ? it.view() : withoutTags(it.view())))
                .failures(found.failures())
                .build();
    }

    CreateServiceResponse create(CreateServiceRequest request) {
        var cluster = clusters.named(request.cluster());
        var name = Objects.requireNonNullElse(request.serviceName(), "");
        if (!name.matches("[a-zA-Z0-9_-]{1,255}")) {
            throw EcsError.invalid("serviceName: " + name + " (expected: letters, digits, _ and -)");
        }
        var former = cluster.service(name);
        former.ifPresent(ServiceApi::refuseUnlessOver);
        var template = TaskStartApi.template(world, request.taskDefinition());
        var strategy = Providers.strategy(cluster, request.launchType(), request.capacityProviderStrategy());
        boolean onFargate = request.launchType() == LaunchType.FARGATE || Providers.areFargate(strategy);
        TaskStartApi.refuseIncompatible(template, onFargate);
        var rules = PlacementRules.of(request.placementConstraints(), request.placementStrategy(), onFargate);
        var launchType = onFargate ? LaunchType.FARGATE : LaunchType.EC2;
        var draft = Services.draft(world, cluster, name, launchType, world.now())
                .desiredCount(count(request.desiredCount() == null ? 1 : request.desiredCount()))
                .loadBalancers(request.loadBalancers())
                .placementConstraints(request.placementConstraints())
                .placementStrategy(request.placementStrategy())
                .enableExecuteCommand(Objects.requireNonNullElse(request.enableExecuteCommand(), false))
                .tags(request.tags());
        former.ifPresent(it -> draft.serviceArn(it.arn()));
        if (request.deploymentConfiguration() != null) {
            draft.deploymentConfiguration(completed(request.deploymentConfiguration()));
        }
        if (!strategy.isEmpty()) {
            draft.launchType((LaunchType) null).capacityProviderStrategy(strategy);
        }
        if (request.propagateTags() == PropagateTags.SERVICE) {
            draft.propagateTags(PropagateTags.SERVICE);
        }
        var service = scheduler.create(cluster, draft.build(), template, rules);
        return CreateServiceResponse.builder().service(service.view()).build();
    }

    UpdateServiceResponse update(UpdateServiceRequest request) {
        var cluster = clusters.named(request.cluster());
        var service = find(cluster, request.service());
        if (!service.isActive()) {
            throw EcsError.serviceNotActive();
        }
        if (request.desiredCount() != null && request.desiredCount() != service.desiredCount()) {
            scheduler.scale(service, count(request.desiredCount()));
        }
        if (request.deploymentConfiguration() != null) {
            service.configure(completed(request.deploymentConfiguration()));
        }
        if (request.hasPlacementConstraints() || request.hasPlacementStrategy()) {
            replaceRules(service, request);
        }
        var before = service.primary().template();
        var next = request.taskDefinition() == null ? before : TaskStartApi.template(world, request.taskDefinition());
        if (!next.equals(before) || Objects.requireNonNullElse(request.forceNewDeployment(), false)) {
            TaskStartApi.refuseIncompatible(next, service.onFargate());
            scheduler.deploy(service, next);
        }
        return UpdateServiceResponse.builder().service(service.view()).build();
    }

    /** Replaces the placement rules that the request has. They hold for tasks that are started from now on. */
    private static void replaceRules(LiveService service, UpdateServiceRequest request) {
        var view = service.view();
        var constraints =
                request.hasPlacementConstraints() ? request.placementConstraints() : view.placementConstraints();
        var strategy = request.hasPlacementStrategy() ? request.placementStrategy() : view.placementStrategy();
        var rules = PlacementRules.of(constraints, strategy, service.onFargate());
        service.placeBy(rules, constraints, strategy);
    }

    /** Deletes an ACTIVE service. A DRAINING service goes on draining, and an INACTIVE service is not found. */
    DeleteServiceResponse delete(DeleteServiceRequest request) {
        var cluster = clusters.named(request.cluster());
        var service = find(cluster, request.service());
        if (service.isInactive()) {
            throw EcsError.noService();
        }
        if (service.isActive()) {
            if (!Objects.requireNonNullElse(request.force(), false)) {
                refuseBusy(service);
            }
            scheduler.delete(service);
        }
        return DeleteServiceResponse.builder().service(service.view()).build();
    }

    private static LiveService find(LiveCluster cluster, @Nullable String reference) {
        return cluster.service(Objects.requireNonNullElse(reference, "")).orElseThrow(EcsError::noService);
    }

    private static void refuseUnlessOver(LiveService former) {
        if (former.isDraining()) {
            throw EcsError.invalid("Unable to Start a service that is still Draining.");
        }
        if (former.isActive()) {
            throw EcsError.invalid("Creation of service was not idempotent.");
        }
    }

    private static void refuseBusy(LiveService service) {
        if (service.desiredCount() > 0) {
            throw EcsError.invalid("The service cannot be stopped while it is scaled above 0.");
        }
        if (service.taskCounts().running() + service.taskCounts().pending() > 0) {
            throw EcsError.invalid("The service cannot be stopped while it has running or pending tasks.");
        }
    }

    /** A configuration with the percentages that ECS fills in. The scheduler does not heed them. */
    private static DeploymentConfiguration completed(DeploymentConfiguration configuration) {
        return configuration.toBuilder()
                .maximumPercent(Objects.requireNonNullElse(configuration.maximumPercent(), 200))
                .minimumHealthyPercent(Objects.requireNonNullElse(configuration.minimumHealthyPercent(), 100))
                .build();
    }

    private static int count(int desired) {
        if (desired < 0) {
            throw EcsError.invalid("desiredCount: " + desired + " (expected: zero or more)");
        }
        return desired;
    }

    private static Service withoutTags(Service service) {
        return service.toBuilder().tags(List.of()).build();
    }
}
