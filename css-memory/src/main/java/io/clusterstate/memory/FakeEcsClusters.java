package io.clusterstate.memory;

import io.clusterstate.EntityKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * ListClusters and DescribeClusters of a fake ECS, with counts of what it has.
 *
 * <p>Thread: guarded by the lock of the fake.
 */
final class FakeEcsClusters {

    private static final int MOST = 100;

    private final FakeEcsState state;
    private final FakeEcsFaults faults;

    FakeEcsClusters(FakeEcsState state, FakeEcsFaults faults) {
        this.state = state;
        this.faults = faults;
    }

    ListClustersResponse list(ListClustersRequest request) {
        List<FakeEcsState.Held<Cluster>> listed = state.all(EntityKind.CLUSTER).stream()
                .filter(each -> !EntityKind.CLUSTER.hasEnded(each.value()))
                .toList();
        FakeEcsPage page = FakeEcsPage.of(EntityKind.CLUSTER, listed, request.nextToken(), request.maxResults(), MOST);
        return ListClustersResponse.builder()
                .clusterArns(page.arns())
                .nextToken(page.nextToken())
                .build();
    }

    DescribeClustersResponse describe(DescribeClustersRequest request) {
        List<String> names = request.clusters().isEmpty() ? List.of(FakeArns.DEFAULT_CLUSTER) : request.clusters();
        FakeEcsNames.requireSome("Clusters", names, MOST);
        List<Cluster> found = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (String name : names) {
            String arn = FakeArns.clusterArn(name);
            Optional<Cluster> cluster =
                    faults.refusal().isPresent() ? Optional.empty() : state.find(EntityKind.CLUSTER, arn);
            cluster.ifPresentOrElse(
                    each -> found.add(counted(each)),
                    () -> failures.add(
                            FakeEcsErrors.failure(arn, faults.refusal().orElse("MISSING"))));
        }
        return DescribeClustersResponse.builder()
                .clusters(found)
                .failures(failures)
                .build();
    }

    private Cluster counted(Cluster cluster) {
        List<FakeEcsState.Held<Task>> tasks = state.in(EntityKind.TASK, cluster.clusterArn());
        List<FakeEcsState.Held<ContainerInstance>> instances = state.in(EntityKind.INSTANCE, cluster.clusterArn());
        List<FakeEcsState.Held<Service>> services = state.in(EntityKind.SERVICE, cluster.clusterArn());
        return cluster.toBuilder()
                .runningTasksCount(count(tasks, task -> "RUNNING".equals(task.lastStatus())))
                .pendingTasksCount(count(tasks, task -> "PENDING".equals(task.lastStatus())))
                .registeredContainerInstancesCount(
                        count(instances, instance -> !EntityKind.INSTANCE.hasEnded(instance)))
                .activeServicesCount(count(services, service -> "ACTIVE".equals(service.status())))
                .build();
    }

    private static <T> int count(List<FakeEcsState.Held<T>> held, Predicate<T> isCounted) {
        return (int) held.stream().filter(each -> isCounted.test(each.value())).count();
    }
}
