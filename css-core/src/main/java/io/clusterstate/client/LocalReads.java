package io.clusterstate.client;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.EcsRequest;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.ListServicesRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;

/** The operations that a view can answer, by the type of the request. */
final class LocalReads {

    private final Map<Class<?>, LocalRead<?>> byRequest;

    LocalReads(OwnWrites writes, PinnedLists lists, boolean hasDefinitions, boolean hasAllClusters) {
        TaskReads tasks = new TaskReads(writes);
        InstanceReads instances = new InstanceReads(writes);
        ServiceReads services = new ServiceReads(writes);
        ClusterReads clusters = new ClusterReads(writes, hasAllClusters);
        byRequest = Map.of(
                ListTasksRequest.class, tasks.list(lists),
                DescribeTasksRequest.class, tasks.describe(),
                ListContainerInstancesRequest.class, instances.list(lists),
                DescribeContainerInstancesRequest.class, instances.describe(),
                ListServicesRequest.class, services.list(lists),
                DescribeServicesRequest.class, services.describe(),
                ListClustersRequest.class, clusters.list(lists),
                DescribeClustersRequest.class, clusters,
                DescribeTaskDefinitionRequest.class, new DefinitionRead(hasDefinitions));
    }

    /** The read for a request; empty for an operation that no view can answer. */
    @SuppressWarnings("unchecked") // each read is of its key's type
    <Q extends EcsRequest> Optional<LocalRead<Q>> of(Q request) {
        @Nullable LocalRead<?> found = byRequest.get(request.getClass());
        return Optional.ofNullable((LocalRead<Q>) found);
    }
}
