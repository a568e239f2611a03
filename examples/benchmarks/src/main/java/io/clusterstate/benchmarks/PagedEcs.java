package io.clusterstate.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.ListServicesRequest;
import software.amazon.awssdk.services.ecs.model.ListServicesResponse;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * An ECS client of an account whose clusters have {@value #TASKS_IN_A_CLUSTER} running tasks each, which never change.
 * It answers in ECS's pages without a network, and counts the calls. Thread: safe for any thread.
 */
final class PagedEcs implements EcsClient {

    static final int TASKS_IN_A_CLUSTER = 500;

    private static final int PAGE = 100;
    private static final String NAME = "growth-";

    private final int tasks;
    private final List<Task> likenesses =
            DescribedTasks.tasks(new TaskSamples(TaskSamples.Launch.FARGATE, NAME + 0), TASKS_IN_A_CLUSTER);
    private final AtomicLong calls = new AtomicLong();

    PagedEcs(int tasks) {
        this.tasks = tasks;
    }

    long calls() {
        return calls.get();
    }

    /** The fewest calls of a reconcile. An empty list costs a call, too. Source of the rest: ECS's page sizes. */
    long fewestCalls() {
        long fewest = 2 * pages(clusters());
        for (int cluster = 0; cluster < clusters(); cluster++) {
            long listedAndDescribed = 2 * pages(tasksOf(cluster));
            long stoppedTasksInstancesAndServices = 3;
            fewest += listedAndDescribed + stoppedTasksInstancesAndServices;
        }
        return fewest;
    }

    private static long pages(long entities) {
        return (entities + PAGE - 1) / PAGE;
    }

    int clusters() {
        return (tasks + TASKS_IN_A_CLUSTER - 1) / TASKS_IN_A_CLUSTER;
    }

    private int tasksOf(int cluster) {
        return Math.min(TASKS_IN_A_CLUSTER, tasks - cluster * TASKS_IN_A_CLUSTER);
    }

    @Override
    public ListClustersResponse listClusters(ListClustersRequest request) {
        calls.incrementAndGet();
        int from = from(request.nextToken());
        return ListClustersResponse.builder()
                .clusterArns(IntStream.range(from, Math.min(from + PAGE, clusters()))
                        .mapToObj(cluster -> SampleIds.clusterArn(NAME + cluster))
                        .toList())
                .nextToken(token(from, clusters()))
                .build();
    }

    private static int from(@Nullable String token) {
        return token == null ? 0 : Integer.parseInt(token);
    }

    private static @Nullable String token(int from, int count) {
        return from + PAGE < count ? Integer.toString(from + PAGE) : null;
    }

    @Override
    public DescribeClustersResponse describeClusters(DescribeClustersRequest request) {
        calls.incrementAndGet();
        return DescribeClustersResponse.builder()
                .clusters(request.clusters().stream()
                        .map(arn -> Cluster.builder()
                                .clusterArn(arn)
                                .clusterName(arn.substring(arn.lastIndexOf('/') + 1))
                                .status("ACTIVE")
                                .build())
                        .toList())
                .build();
    }

    @Override
    public ListTasksResponse listTasks(ListTasksRequest request) {
        calls.incrementAndGet();
        if ("STOPPED".equals(request.desiredStatusAsString())) {
            return ListTasksResponse.builder().build();
        }
        int cluster =
                Integer.parseInt(request.cluster().substring(request.cluster().lastIndexOf('-') + 1));
        int from = from(request.nextToken());
        return ListTasksResponse.builder()
                .taskArns(IntStream.range(from, Math.min(from + PAGE, tasksOf(cluster)))
                        .mapToObj(task -> arn(cluster, task))
                        .toList())
                .nextToken(token(from, tasksOf(cluster)))
                .build();
    }

    private static String arn(int cluster, int task) {
        String arn = SampleIds.clusterArn(NAME + cluster).replace(":cluster/", ":task/");
        return String.format(Locale.ROOT, "%s/%032x", arn, task);
    }

    @Override
    public DescribeTasksResponse describeTasks(DescribeTasksRequest request) {
        calls.incrementAndGet();
        List<Task> described = new ArrayList<>();
        for (String arn : request.tasks()) {
            int id = arn.lastIndexOf('/');
            described.add(likenesses.get(Integer.parseInt(arn.substring(id + 1), 16)).toBuilder()
                    .taskArn(arn)
                    .clusterArn(arn.substring(0, id).replace(":task/", ":cluster/"))
                    .build());
        }
        return DescribeTasksResponse.builder().tasks(described).build();
    }

    @Override
    public ListContainerInstancesResponse listContainerInstances(ListContainerInstancesRequest request) {
        calls.incrementAndGet();
        return ListContainerInstancesResponse.builder().build();
    }

    @Override
    public ListServicesResponse listServices(ListServicesRequest request) {
        calls.incrementAndGet();
        return ListServicesResponse.builder().build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
