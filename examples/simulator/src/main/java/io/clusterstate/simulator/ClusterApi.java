package io.clusterstate.simulator;

import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterField;
import software.amazon.awssdk.services.ecs.model.CreateClusterRequest;
import software.amazon.awssdk.services.ecs.model.CreateClusterResponse;
import software.amazon.awssdk.services.ecs.model.DeleteClusterRequest;
import software.amazon.awssdk.services.ecs.model.DeleteClusterResponse;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;
import software.amazon.awssdk.services.ecs.model.PutClusterCapacityProvidersRequest;
import software.amazon.awssdk.services.ecs.model.PutClusterCapacityProvidersResponse;

/** The operations on clusters, and the lookup of the cluster for all other operations. */
final class ClusterApi {
    private static final String DEFAULT = "default";

    private final World world;
    private final Lookup lookup;
    private final Identifiers identifiers;

    ClusterApi(Simulation simulation) {
        this.world = simulation.world();
        this.lookup = new Lookup(simulation);
        this.identifiers = new Identifiers(world.arns());
    }

    /** The ACTIVE cluster that a request names by name or ARN; {@code default} without a name. */
    LiveCluster named(@Nullable String reference) {
        var cluster = remembered(reference);
        if (!cluster.isActive()) {
            throw EcsError.noCluster();
        }
        return cluster;
    }

    /** The cluster that a request names, ACTIVE or INACTIVE. */
    LiveCluster remembered(@Nullable String reference) {
        var meant = meant(reference);
        identifiers.requireHome(meant);
        return world.cluster(meant).orElseThrow(EcsError::noCluster);
    }

    /** The name or ARN in a request, or {@code default}; the cluster need not exist. */
    static String meant(@Nullable String reference) {
        return reference == null || reference.isEmpty() ? DEFAULT : reference;
    }

    ListClustersResponse list(ListClustersRequest request) {
        var page = world.clusterListing()
                .page(
                        LiveCluster.LISTING,
                        Page.positionOf(request.nextToken()),
                        Page.sizeOf(request.maxResults(), 100),
                        cluster -> true);
        return ListClustersResponse.builder()
                .clusterArns(page.map(LiveCluster::arn))
                .nextToken(page.nextToken())
                .build();
    }

    DescribeClustersResponse describe(DescribeClustersRequest request) {
        var references = request.clusters().isEmpty() ? List.of(DEFAULT) : request.clusters();
        Limits.atMost("Clusters", references, 100);
        boolean withTags = request.include().contains(ClusterField.TAGS);
        var found = lookup.clusters(references, world::cluster);
        return DescribeClustersResponse.builder()
                .clusters(found.map(it -> withTags ? it.view() : withoutTags(it.view())))
                .failures(found.failures())
                .build();
    }

    CreateClusterResponse create(CreateClusterRequest request) {
        var name = request.clusterName() == null ? DEFAULT : request.clusterName();
        if (!name.matches("[a-zA-Z][a-zA-Z0-9_-]{0,254}")) {
            throw EcsError.invalid("clusterName: " + name + " (expected: a letter, then letters, digits, _ and -)");
        }
        var cluster = world.cluster(name)
                .filter(LiveCluster::isActive)
                .orElseGet(() -> world.add(Clusters.draft(world, name).toBuilder()
                        .tags(request.tags())
                        .settings(request.settings())
                        .capacityProviders(request.capacityProviders())
                        .defaultCapacityProviderStrategy(request.defaultCapacityProviderStrategy())
                        .build()));
        return CreateClusterResponse.builder().cluster(cluster.view()).build();
    }

    /** Replaces the providers and the default strategy of a cluster. */
    PutClusterCapacityProvidersResponse putProviders(PutClusterCapacityProvidersRequest request) {
        var cluster = named(request.cluster());
        cluster.useProviders(request.capacityProviders(), request.defaultCapacityProviderStrategy());
        return PutClusterCapacityProvidersResponse.builder()
                .cluster(cluster.view())
                .build();
    }

    DeleteClusterResponse delete(DeleteClusterRequest request) {
        if (request.cluster() == null || request.cluster().isEmpty()) {
            throw EcsError.invalid("Cluster cannot be empty.");
        }
        var cluster = named(request.cluster());
        refuseInhabited(cluster);
        world.end(cluster);
        return DeleteClusterResponse.builder().cluster(cluster.view()).build();
    }

    private static void refuseInhabited(LiveCluster cluster) {
        if (cluster.listedHosts() > 0) {
            throw EcsError.clusterContains("ContainerInstances", "Container Instances are active or draining");
        }
        if (cluster.services().stream().anyMatch(it -> !it.isInactive())) {
            throw EcsError.clusterContains("Services", "Services are active");
        }
        if (cluster.taskCounts().unstopped() > 0) {
            throw EcsError.clusterContains("Tasks", "Tasks are active");
        }
    }

    private static Cluster withoutTags(Cluster cluster) {
        return cluster.toBuilder().tags(List.of()).build();
    }
}
