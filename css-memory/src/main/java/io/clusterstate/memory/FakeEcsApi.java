package io.clusterstate.memory;

import io.clusterstate.memory.FakeEcsFaults.Failing;
import io.clusterstate.memory.FakeEcsFaults.Fault;
import io.clusterstate.memory.FakeEcsFaults.LostAnswer;
import io.clusterstate.memory.FakeEcsFaults.LostCall;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
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
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.StartTaskRequest;
import software.amazon.awssdk.services.ecs.model.StopTaskRequest;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateRequest;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;

/**
 * Answers calls of a fake ECS by operation, applies the planned faults, and remembers the calls.
 *
 * <p>Thread: guarded by the lock of the fake.
 */
final class FakeEcsApi {

    private final Map<String, Function<EcsRequest, Object>> operations = new TreeMap<>();
    private final List<EcsRequest> requests = new ArrayList<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final FakeEcsFaults faults = new FakeEcsFaults(Collections.unmodifiableSet(operations.keySet()));
    private final FakeEcsState state;

    FakeEcsApi(FakeEcsState state, FakeEcsLife life) {
        this.state = state;
        FakeEcsDefinitions definitions = state.definitions();
        FakeEcsNames names = new FakeEcsNames(state, faults);
        addTasks(new FakeEcsTasks(state, names, life), new FakeEcsStarts(state, names, faults, life, definitions));
        addInstances(new FakeEcsInstances(state, names));
        addServices(new FakeEcsServices(state, names, definitions));
        FakeEcsClusters clusters = new FakeEcsClusters(state, faults);
        on("DescribeClusters", DescribeClustersRequest.class, clusters::describe);
        on("ListClusters", ListClustersRequest.class, clusters::list);
        on("DescribeTaskDefinition", DescribeTaskDefinitionRequest.class, definitions::describe);
        on(
                "RegisterTaskDefinition",
                RegisterTaskDefinitionRequest.class,
                request -> definitions.register(request, state.now()));
    }

    private void addTasks(FakeEcsTasks tasks, FakeEcsStarts starts) {
        on("DescribeTasks", DescribeTasksRequest.class, tasks::describe);
        on("ListTasks", ListTasksRequest.class, tasks::list);
        on("RunTask", RunTaskRequest.class, starts::run);
        on("StartTask", StartTaskRequest.class, starts::startOn);
        on("StopTask", StopTaskRequest.class, tasks::stop);
    }

    private void addInstances(FakeEcsInstances instances) {
        on("DescribeContainerInstances", DescribeContainerInstancesRequest.class, instances::describe);
        on("ListContainerInstances", ListContainerInstancesRequest.class, instances::list);
        on("UpdateContainerInstancesState", UpdateContainerInstancesStateRequest.class, instances::setStatus);
    }

    private void addServices(FakeEcsServices services) {
        on("CreateService", CreateServiceRequest.class, services::create);
        on("DescribeServices", DescribeServicesRequest.class, services::describe);
        on("ListServices", ListServicesRequest.class, services::list);
        on("UpdateService", UpdateServiceRequest.class, services::update);
    }

    private <R extends EcsRequest> void on(String name, Class<R> type, Function<R, Object> work) {
        operations.put(name, request -> work.apply(type.cast(request)));
    }

    Set<String> operations() {
        return Collections.unmodifiableSet(operations.keySet());
    }

    /** Answers a call, and sends the events of what it changed. */
    Object answer(String operation, EcsRequest request) {
        requests.add(request);
        counts.merge(operation, 1, Integer::sum);
        @Nullable Fault fault = faults.begin(operation).orElse(null);
        try {
            if (fault instanceof Failing failing) {
                throw failing.failure();
            }
            if (fault instanceof LostCall) {
                throw FakeEcsErrors.timeout(operation);
            }
            Object answer = Objects.requireNonNull(operations.get(operation)).apply(request);
            if (fault instanceof LostAnswer) {
                throw FakeEcsErrors.timeout(operation);
            }
            return answer;
        } finally {
            faults.end();
            state.events().flush();
        }
    }

    FakeEcsFaults faults() {
        return faults;
    }

    Map<String, Integer> counts() {
        return Map.copyOf(counts);
    }

    <R extends EcsRequest> List<R> requests(Class<R> type) {
        return requests.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
