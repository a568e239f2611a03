package io.clusterstate.memory;

import io.clusterstate.EntityKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceField;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateRequest;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateResponse;

/**
 * The operations on container instances of a fake ECS.
 *
 * <p>Thread: guarded by the lock of the fake.
 */
final class FakeEcsInstances {

    private static final String WHAT = "Container instances";
    private static final int MOST = 100;
    private static final int MOST_UPDATED = 10;

    private final FakeEcsState state;
    private final FakeEcsNames names;

    FakeEcsInstances(FakeEcsState state, FakeEcsNames names) {
        this.state = state;
        this.names = names;
    }

    ListContainerInstancesResponse list(ListContainerInstancesRequest request) {
        String cluster = state.cluster(request.cluster());
        if (request.filter() != null) {
            throw new UnsupportedOperationException(
                    "filter: " + request.filter() + " (expected: none; the fake evaluates no expression)");
        }
        String status = request.statusAsString();
        List<FakeEcsState.Held<ContainerInstance>> listed = state.in(EntityKind.INSTANCE, cluster).stream()
                .filter(each -> status == null
                        ? !EntityKind.INSTANCE.hasEnded(each.value())
                        : status.equals(each.value().status()))
                .toList();
        FakeEcsPage page = FakeEcsPage.of(EntityKind.INSTANCE, listed, request.nextToken(), request.maxResults(), MOST);
        return ListContainerInstancesResponse.builder()
                .containerInstanceArns(page.arns())
                .nextToken(page.nextToken())
                .build();
    }

    DescribeContainerInstancesResponse describe(DescribeContainerInstancesRequest request) {
        String cluster = state.cluster(request.cluster());
        FakeEcsNames.Found<ContainerInstance> found =
                names.each(EntityKind.INSTANCE, cluster, WHAT, request.containerInstances(), MOST);
        boolean withTags = request.include().contains(ContainerInstanceField.TAGS);
        return DescribeContainerInstancesResponse.builder()
                .containerInstances(found.found().stream()
                        .map(instance -> withTags || !instance.hasTags()
                                ? instance
                                : instance.copy(each -> each.tags(List.of())))
                        .toList())
                .failures(found.failures())
                .build();
    }

    UpdateContainerInstancesStateResponse setStatus(UpdateContainerInstancesStateRequest request) {
        String cluster = state.cluster(request.cluster());
        String status = request.statusAsString();
        if (status == null || !Set.of("ACTIVE", "DRAINING").contains(status)) {
            throw FakeEcsErrors.invalid("Container instance status should be one of [ACTIVE,DRAINING].");
        }
        FakeEcsNames.Found<ContainerInstance> found =
                names.each(EntityKind.INSTANCE, cluster, WHAT, request.containerInstances(), MOST_UPDATED);
        List<Failure> failures = new ArrayList<>(found.failures());
        List<ContainerInstance> changed = new ArrayList<>();
        for (ContainerInstance instance : found.found()) {
            if (EntityKind.INSTANCE.hasEnded(instance)) {
                failures.add(FakeEcsErrors.failure(instance.containerInstanceArn(), "INACTIVE"));
            } else {
                changed.add(with(cluster, instance, status));
            }
        }
        return UpdateContainerInstancesStateResponse.builder()
                .containerInstances(changed)
                .failures(failures)
                .build();
    }

    private ContainerInstance with(String cluster, ContainerInstance instance, String status) {
        return status.equals(instance.status())
                ? instance
                : state.change(EntityKind.INSTANCE, cluster, instance.copy(each -> each.status(status)));
    }
}
