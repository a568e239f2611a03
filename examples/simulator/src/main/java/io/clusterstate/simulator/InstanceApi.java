package io.clusterstate.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceField;
import software.amazon.awssdk.services.ecs.model.DeregisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.DeregisterContainerInstanceResponse;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceResponse;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateRequest;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateResponse;

/** The operations on container instances. */
final class InstanceApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final InstanceType USUAL = InstanceType.M5_LARGE;

    private final World world;
    private final HostLifecycle hosts;
    private final ClusterApi clusters;
    private final Lookup lookup;

    InstanceApi(Simulation simulation, ClusterApi clusters) {
        this.world = simulation.world();
        this.hosts = simulation.hosts();
        this.clusters = clusters;
        this.lookup = new Lookup(simulation);
    }

    ListContainerInstancesResponse list(ListContainerInstancesRequest request) {
        var cluster = clusters.named(request.cluster());
        Predicate<LiveHost> filter = request.filter() == null ? host -> true : Expression.parse(request.filter());
        var status = request.statusAsString();
        var page = cluster.hostListing()
                .page(
                        LiveHost.LISTING,
                        Page.positionOf(request.nextToken()),
                        Page.sizeOf(request.maxResults(), 100),
                        host -> (status == null || host.instance().status().equals(status)) && filter.test(host));
        return ListContainerInstancesResponse.builder()
                .containerInstanceArns(page.map(LiveHost::arn))
                .nextToken(page.nextToken())
                .build();
    }

    DescribeContainerInstancesResponse describe(DescribeContainerInstancesRequest request) {
        var cluster = clusters.named(request.cluster());
        Limits.some("Container instances", request.containerInstances(), 100);
        boolean withTags = request.include().contains(ContainerInstanceField.TAGS);
        var found =
                lookup.in(cluster, "container-instance", request.containerInstances(), cluster::host, LiveHost::arn);
        return DescribeContainerInstancesResponse.builder()
                .containerInstances(found.map(it -> withTags ? it.instance() : withoutTags(it.instance())))
                .failures(found.failures())
                .build();
    }

    /** Registers a new instance, or reconnects the agent of a known instance. */
    RegisterContainerInstanceResponse register(RegisterContainerInstanceRequest request) {
        var cluster = clusters.named(request.cluster());
        LiveHost host;
        if (request.containerInstanceArn() == null) {
            host = hosts.register(cluster, identityOf(request));
        } else {
            host = find(cluster, request.containerInstanceArn());
            hosts.connect(host, true);
        }
        return RegisterContainerInstanceResponse.builder()
                .containerInstance(host.instance())
                .build();
    }

    UpdateContainerInstancesStateResponse setStatus(UpdateContainerInstancesStateRequest request) {
        var cluster = clusters.named(request.cluster());
        Limits.some("Container instances", request.containerInstances(), 10);
        var status = Objects.requireNonNullElse(request.statusAsString(), "");
        if (!status.equals(Status.ACTIVE) && !status.equals(Status.DRAINING)) {
            throw EcsError.invalid("status: " + status + " (expected: ACTIVE or DRAINING)");
        }
        var changed = new ArrayList<ContainerInstance>();
        var failures = new ArrayList<Failure>();
        for (var reference : request.containerInstances()) {
            var host = cluster.host(reference);
            if (host.isEmpty()) {
                failures.add(missing(cluster, reference));
            } else if (!host.get().isListed()) {
                failures.add(Failures.refused(host.get().arn(), "INACTIVE"));
            } else {
                hosts.setStatus(host.get(), status);
                changed.add(host.get().instance());
            }
        }
        return UpdateContainerInstancesStateResponse.builder()
                .containerInstances(changed)
                .failures(failures)
                .build();
    }

    DeregisterContainerInstanceResponse deregister(DeregisterContainerInstanceRequest request) {
        var cluster = clusters.named(request.cluster());
        var host = find(cluster, Objects.requireNonNullElse(request.containerInstance(), ""));
        if (!host.tasks().isEmpty() && !Objects.requireNonNullElse(request.force(), false)) {
            throw EcsError.invalid("Found running tasks on the instance.");
        }
        if (host.isListed()) {
            hosts.deregister(host);
        }
        return DeregisterContainerInstanceResponse.builder()
                .containerInstance(host.instance())
                .build();
    }

    private HostLifecycle.Identity identityOf(RegisterContainerInstanceRequest request) {
        var document = identityDocument(request.instanceIdentityDocument());
        var zone = document.path("availabilityZone").asText(Zones.any(world));
        var resources = request.totalResources();
        var attributes = new ArrayList<>(USUAL.attributes(zone));
        var named = request.attributes().stream().map(it -> it.name()).toList();
        attributes.removeIf(it -> named.contains(it.name()));
        attributes.addAll(request.attributes());
        return new HostLifecycle.Identity(
                document.path("instanceId").asText(hosts.newInstanceId()),
                zone,
                resources.isEmpty() ? USUAL.resources(world.random()) : resources,
                attributes,
                request.versionInfo() == null ? HostLifecycle.AGENT : request.versionInfo(),
                request.tags());
    }

    private static JsonNode identityDocument(@Nullable String document) {
        try {
            return document == null ? JSON.createObjectNode() : JSON.readTree(document);
        } catch (JsonProcessingException e) {
            throw EcsError.client("instanceIdentityDocument: " + document + " (expected: JSON)");
        }
    }

    private static LiveHost find(LiveCluster cluster, String reference) {
        return cluster.host(reference)
                .orElseThrow(() -> EcsError.invalid("The referenced container instance was not found."));
    }

    private Failure missing(LiveCluster cluster, String reference) {
        return Failures.missing(world.arns(), "container-instance/" + cluster.name() + "/", reference);
    }

    private static ContainerInstance withoutTags(ContainerInstance instance) {
        return instance.toBuilder().tags(List.of()).build();
    }
}
