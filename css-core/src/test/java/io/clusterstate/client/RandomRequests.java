package io.clusterstate.client;

import io.clusterstate.ecs.EcsArn;
import io.clusterstate.simulator.Truth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ClusterField;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceField;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.EcsRequest;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.ListServicesRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceField;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskField;

/** Random requests about what a simulated ECS has, with some that are unusual or wrong. */
final class RandomRequests {

    private static final int RARELY = 25;

    private final Random random;
    private final List<String> clusters;
    private final List<Task> tasks;
    private final List<String> instances;
    private final List<Service> services;
    private final Map<String, String> clusterOfInstance;

    RandomRequests(Random random, Truth truth) {
        this.random = random;
        clusters = truth.clusters().stream().map(each -> each.clusterArn()).toList();
        tasks = truth.tasks();
        instances = truth.instances().stream()
                .map(each -> each.containerInstanceArn())
                .toList();
        services = truth.services();
        clusterOfInstance = truth.clusterArnOf();
    }

    EcsRequest next() {
        return switch (random.nextInt(10)) {
            case 0, 1 -> listTasks();
            case 2, 3 -> describeTasks();
            case 4 -> listInstances();
            case 5 -> describeInstances();
            case 6 -> listServices();
            case 7 -> describeServices();
            case 8 ->
                random.nextBoolean()
                        ? ListClustersRequest.builder().maxResults(size()).build()
                        : describeClusters();
            default -> describeDefinition();
        };
    }

    private ListTasksRequest listTasks() {
        Task like = any(tasks);
        ListTasksRequest.Builder request =
                ListTasksRequest.builder().cluster(clusterOf(like.clusterArn())).maxResults(size());
        if (oneIn(2)) {
            request.desiredStatus(any(List.of(DesiredStatus.values())));
        }
        if (oneIn(4)) {
            request.family(EcsArn.nameOf(like.taskDefinitionArn()).replaceAll(":\\d+$", ""));
        }
        if (oneIn(4)) {
            request.serviceName(serviceOf(like));
        }
        if (oneIn(4)) {
            request.launchType(any(List.of(LaunchType.EC2, LaunchType.FARGATE)));
        }
        if (oneIn(4)) {
            request.containerInstance(
                    like.containerInstanceArn() == null ? any(instances) : spelt(like.containerInstanceArn()));
        }
        return oneIn(5)
                ? ListTasksRequest.builder()
                        .cluster(clusterOf(like.clusterArn()))
                        .startedBy(like.startedBy())
                        .build()
                : request.build();
    }

    private String serviceOf(Task task) {
        return task.group() != null && task.group().startsWith("service:")
                ? task.group().substring("service:".length())
                : spelt(any(services).serviceArn());
    }

    private DescribeTasksRequest describeTasks() {
        DescribeTasksRequest.Builder request = DescribeTasksRequest.builder();
        describe(
                request::cluster,
                tasks.stream().collect(Collectors.toMap(Task::taskArn, Task::clusterArn)),
                request::tasks);
        if (rarely()) {
            request.include(TaskField.TAGS);
        }
        return request.build();
    }

    private ListContainerInstancesRequest listInstances() {
        ListContainerInstancesRequest.Builder request =
                ListContainerInstancesRequest.builder().cluster(cluster()).maxResults(size());
        if (oneIn(2)) {
            request.status(any(List.of(ContainerInstanceStatus.values())));
        }
        if (oneIn(2)) {
            request.filter(any(List.of(
                    "agentConnected == true",
                    "attribute:ecs.availability-zone =~ us-east-1.*",
                    "attribute:ecs.instance-type == m5.large and agentConnected == true",
                    "not(attribute:ecs.os-type == windows)",
                    "runningTasksCount > 2",
                    "attribute:")));
        }
        return request.build();
    }

    private DescribeContainerInstancesRequest describeInstances() {
        DescribeContainerInstancesRequest.Builder request = DescribeContainerInstancesRequest.builder();
        describe(request::cluster, clusterOfInstance, request::containerInstances);
        if (rarely()) {
            request.include(ContainerInstanceField.TAGS);
        }
        return request.build();
    }

    private ListServicesRequest listServices() {
        ListServicesRequest.Builder request =
                ListServicesRequest.builder().cluster(cluster()).maxResults(size());
        if (oneIn(2)) {
            request.launchType(any(List.of(LaunchType.EC2, LaunchType.FARGATE, LaunchType.EXTERNAL)));
        }
        return request.build();
    }

    private DescribeServicesRequest describeServices() {
        DescribeServicesRequest.Builder request = DescribeServicesRequest.builder();
        describe(
                request::cluster,
                services.stream()
                        .collect(Collectors.toMap(Service::serviceArn, Service::clusterArn, (one, same) -> one)),
                arns -> request.services(arns.subList(0, Math.min(arns.size(), oneIn(9) ? 11 : 10))));
        if (rarely()) {
            request.include(ServiceField.TAGS);
        }
        return request.build();
    }

    private DescribeClustersRequest describeClusters() {
        DescribeClustersRequest.Builder request = DescribeClustersRequest.builder();
        if (!oneIn(4)) {
            request.clusters(some(clusters).stream().map(this::spelt).toList());
        }
        if (rarely()) {
            request.include(ClusterField.SETTINGS);
        }
        return request.build();
    }

    private DescribeTaskDefinitionRequest describeDefinition() {
        String arn = any(tasks).taskDefinitionArn();
        String revision = EcsArn.nameOf(arn);
        return DescribeTaskDefinitionRequest.builder()
                .taskDefinition(any(
                        List.of(arn, revision, revision, revision.replaceAll(":\\d+$", ""), "missing:1", "missing")))
                .build();
    }

    /** Fills in a Describe request: mostly of a single cluster's entities, rarely with others among them. */
    private void describe(
            Consumer<@Nullable String> cluster, Map<String, String> clusterOf, Consumer<List<String>> references) {
        List<String> arns = List.copyOf(new TreeSet<>(clusterOf.keySet()));
        String home = clusterOf.get(any(arns));
        List<String> own =
                arns.stream().filter(each -> home.equals(clusterOf.get(each))).toList();
        List<String> chosen = new ArrayList<>(
                some(rarely() ? arns : own).stream().map(this::spelt).toList());
        if (rarely()) {
            chosen.add(any(List.of("missing", chosen.isEmpty() ? "missing" : chosen.get(0))));
        }
        cluster.accept(clusterOf(home));
        references.accept(chosen);
    }

    /** A few entities, rarely none or more than a request may have. */
    private List<String> some(List<String> arns) {
        int count = rarely() ? (random.nextBoolean() ? 0 : 101) : 1 + random.nextInt(random.nextInt(99) + 1);
        List<String> mixed = new ArrayList<>(arns);
        Collections.shuffle(mixed, random);
        return mixed.subList(0, Math.min(count, mixed.size()));
    }

    private String spelt(String arn) {
        return random.nextBoolean() ? arn : EcsArn.nameOf(arn);
    }

    private @Nullable String cluster() {
        return clusterOf(any(clusters));
    }

    private @Nullable String clusterOf(String arn) {
        if (rarely()) {
            return any(List.of("missing", arn.replace("us-east-1", "eu-west-1"), any(clusters)));
        }
        return EcsArn.nameOf(arn).equals("default") && oneIn(2) ? null : spelt(arn);
    }

    private @Nullable Integer size() {
        return rarely() ? any(List.of(0, 101)) : oneIn(2) ? null : Integer.valueOf(1 + random.nextInt(100));
    }

    private boolean rarely() {
        return oneIn(RARELY);
    }

    private boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    private <T> T any(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
