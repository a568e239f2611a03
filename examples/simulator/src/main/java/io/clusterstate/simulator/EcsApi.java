package io.clusterstate.simulator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.model.CreateClusterRequest;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeleteClusterRequest;
import software.amazon.awssdk.services.ecs.model.DeleteServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeregisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.DeregisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServiceDeploymentsRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.ListServiceDeploymentsRequest;
import software.amazon.awssdk.services.ecs.model.ListServicesRequest;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionsRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.PutClusterCapacityProvidersRequest;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.StartTaskRequest;
import software.amazon.awssdk.services.ecs.model.StopTaskRequest;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateRequest;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;

/** Calls operations by name, from the bytes of a request to the bytes of the answer. */
final class EcsApi {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final ObjectMapper READER = new ObjectMapper();

    private final Simulation simulation;
    private final Map<String, Operation<?>> operations = new HashMap<>();

    EcsApi(Simulation simulation) {
        this.simulation = simulation;
        var clusters = new ClusterApi(simulation);
        on("ListClusters", ListClustersRequest::builder, ListClustersRequest.class, clusters::list);
        on("DescribeClusters", DescribeClustersRequest::builder, DescribeClustersRequest.class, clusters::describe);
        on("CreateCluster", CreateClusterRequest::builder, CreateClusterRequest.class, clusters::create);
        on(
                "PutClusterCapacityProviders",
                PutClusterCapacityProvidersRequest::builder,
                PutClusterCapacityProvidersRequest.class,
                clusters::putProviders);
        on("DeleteCluster", DeleteClusterRequest::builder, DeleteClusterRequest.class, clusters::delete);
        addTasks(new TaskApi(simulation, clusters), new TaskStartApi(simulation, clusters));
        addInstances(new InstanceApi(simulation, clusters));
        addServices(new ServiceApi(simulation, clusters));
        addDefinitions(new DefinitionApi(simulation));
        if (LiveService.KNOWS_DEPLOYMENTS) {
            addDeployments(new DeploymentApi(simulation, clusters));
        }
    }

    /** Answers a call. All that it reads or changes happens at a single moment. */
    byte[] call(String name, byte[] body) throws IOException {
        var operation = operations.get(name);
        if (operation == null) {
            throw EcsError.of(
                    "UnknownOperationException",
                    "operation: " + name + " (expected: one of "
                            + operations.keySet().stream().sorted().toList() + ", the simulated ones)");
        }
        var json = READER.readTree(body.length == 0 ? new byte[] {'{', '}'} : body);
        failIfIn(ClusterApi.meant(json.path("cluster").asText("")), name);
        var answer = operation.run(json, simulation);
        var bytes = new ByteArrayOutputStream(8192);
        try (var writer = FACTORY.createGenerator(bytes)) {
            new ModelWriter(EcsFormat.API, writer).write(answer);
        }
        return bytes.toByteArray();
    }

    private void failIfIn(String cluster, String operation) {
        var arn =
                cluster.startsWith("arn:") ? cluster : simulation.world().arns().cluster(cluster);
        simulation.faults().failureIn(arn, operation).ifPresent(type -> {
            throw EcsError.of(type, "Planned failure of " + operation + " in " + arn);
        });
    }

    private void addTasks(TaskApi tasks, TaskStartApi starts) {
        on("ListTasks", ListTasksRequest::builder, ListTasksRequest.class, tasks::list);
        on("DescribeTasks", DescribeTasksRequest::builder, DescribeTasksRequest.class, tasks::describe);
        on("StopTask", StopTaskRequest::builder, StopTaskRequest.class, tasks::stop);
        on("RunTask", RunTaskRequest::builder, RunTaskRequest.class, starts::run);
        on("StartTask", StartTaskRequest::builder, StartTaskRequest.class, starts::startOn);
    }

    private void addInstances(InstanceApi instances) {
        on(
                "ListContainerInstances",
                ListContainerInstancesRequest::builder,
                ListContainerInstancesRequest.class,
                instances::list);
        on(
                "DescribeContainerInstances",
                DescribeContainerInstancesRequest::builder,
                DescribeContainerInstancesRequest.class,
                instances::describe);
        on(
                "RegisterContainerInstance",
                RegisterContainerInstanceRequest::builder,
                RegisterContainerInstanceRequest.class,
                instances::register);
        on(
                "UpdateContainerInstancesState",
                UpdateContainerInstancesStateRequest::builder,
                UpdateContainerInstancesStateRequest.class,
                instances::setStatus);
        on(
                "DeregisterContainerInstance",
                DeregisterContainerInstanceRequest::builder,
                DeregisterContainerInstanceRequest.class,
                instances::deregister);
    }

    private void addServices(ServiceApi services) {
        on("ListServices", ListServicesRequest::builder, ListServicesRequest.class, services::list);
        on("DescribeServices", DescribeServicesRequest::builder, DescribeServicesRequest.class, services::describe);
        on("CreateService", CreateServiceRequest::builder, CreateServiceRequest.class, services::create);
        on("UpdateService", UpdateServiceRequest::builder, UpdateServiceRequest.class, services::update);
        on("DeleteService", DeleteServiceRequest::builder, DeleteServiceRequest.class, services::delete);
    }

    private void addDefinitions(DefinitionApi definitions) {
        on(
                "ListTaskDefinitions",
                ListTaskDefinitionsRequest::builder,
                ListTaskDefinitionsRequest.class,
                definitions::list);
        on(
                "DescribeTaskDefinition",
                DescribeTaskDefinitionRequest::builder,
                DescribeTaskDefinitionRequest.class,
                definitions::describe);
        on(
                "RegisterTaskDefinition",
                RegisterTaskDefinitionRequest::builder,
                RegisterTaskDefinitionRequest.class,
                definitions::register);
        on(
                "DeregisterTaskDefinition",
                DeregisterTaskDefinitionRequest::builder,
                DeregisterTaskDefinitionRequest.class,
                definitions::deregister);
    }

    private void addDeployments(DeploymentApi deployments) {
        on(
                "ListServiceDeployments",
                ListServiceDeploymentsRequest::builder,
                ListServiceDeploymentsRequest.class,
                deployments::list);
        on(
                "DescribeServiceDeployments",
                DescribeServiceDeploymentsRequest::builder,
                DescribeServiceDeploymentsRequest.class,
                deployments::describe);
    }

    private <Q> void on(String name, Supplier<? extends SdkPojo> newBuilder, Class<Q> type, Function<Q, SdkPojo> work) {
        operations.put(name, new Operation<>(newBuilder, type, work));
    }

    private record Operation<Q>(Supplier<? extends SdkPojo> newBuilder, Class<Q> type, Function<Q, SdkPojo> work) {
        SdkPojo run(JsonNode json, Simulation simulation) {
            var request = ModelReader.read(json, newBuilder, type);
            return simulation.act(() -> work.apply(request));
        }
    }
}
