package io.clusterstate.mirror;

import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.AccessDeniedException;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.ServerException;
import software.amazon.awssdk.services.ecs.model.Task;

/** A cluster with one task, about which ECS answers as a test scripts, for answers that a simulator does not give. */
final class ScriptedEcs implements EcsClient {

    /** ECS's possible answers to a describe call. Source: the ECS API reference, on failures and errors. */
    enum Reply {
        FOUND,
        ENDED,
        MISSING,
        DENIED,
        OTHER_FAILURE,
        NO_ANSWER,
        INVALID,
        DENIED_CALL,
        THROTTLED,
        OUTAGE,
        CLUSTER_NOT_FOUND
    }

    private final String clusterArn;
    private final Task task;
    private List<String> listedTasks = List.of();
    private List<String> listedClusters = List.of();
    private Runnable beforeAnswer = () -> {};
    private Reply aboutTask = Reply.FOUND;
    private Reply aboutCluster = Reply.FOUND;

    ScriptedEcs(String clusterArn, Task task) {
        this.clusterArn = clusterArn;
        this.task = task;
    }

    /** Runs before each answer about the task. */
    void beforeEachAnswer(Runnable hook) {
        beforeAnswer = hook;
    }

    void lists(String taskArn) {
        listedTasks = List.of(taskArn);
    }

    void listsItsCluster() {
        listedClusters = List.of(clusterArn);
    }

    void aboutTask(Reply reply) {
        aboutTask = reply;
    }

    void aboutCluster(Reply reply) {
        aboutCluster = reply;
    }

    @Override
    public ListClustersResponse listClusters(ListClustersRequest request) {
        return ListClustersResponse.builder().clusterArns(listedClusters).build();
    }

    @Override
    public ListTasksResponse listTasks(ListTasksRequest request) {
        return ListTasksResponse.builder().taskArns(listedTasks).build();
    }

    @Override
    public DescribeTasksResponse describeTasks(DescribeTasksRequest request) {
        beforeAnswer.run();
        return DescribeTasksResponse.builder()
                .tasks(
                        switch (thrownOr(aboutTask)) {
                            case FOUND -> List.of(task);
                            case ENDED ->
                                List.of(task.toBuilder().lastStatus("STOPPED").build());
                            default -> List.of();
                        })
                .failures(failures(task.taskArn(), aboutTask))
                .build();
    }

    @Override
    public DescribeClustersResponse describeClusters(DescribeClustersRequest request) {
        Cluster cluster =
                Cluster.builder().clusterArn(clusterArn).clusterName("prod").build();
        return DescribeClustersResponse.builder()
                .clusters(
                        switch (thrownOr(aboutCluster)) {
                            case FOUND ->
                                List.of(cluster.toBuilder().status("ACTIVE").build());
                            case ENDED ->
                                List.of(cluster.toBuilder().status("INACTIVE").build());
                            default -> List.of();
                        })
                .failures(failures(clusterArn, aboutCluster))
                .build();
    }

    private static List<Failure> failures(String arn, Reply reply) {
        @Nullable String reason =
                switch (reply) {
                    case MISSING -> "MISSING";
                    case DENIED -> "ACCESS_DENIED";
                    case OTHER_FAILURE -> "INTERNAL";
                    default -> null;
                };
        return reason == null
                ? List.of()
                : List.of(Failure.builder().arn(arn).reason(reason).build());
    }

    private static Reply thrownOr(Reply reply) {
        switch (reply) {
            case INVALID -> throw error(InvalidParameterException.builder(), "InvalidParameterException", 400);
            case DENIED_CALL -> throw error(AccessDeniedException.builder(), "AccessDeniedException", 400);
            case THROTTLED -> throw error(EcsException.builder(), "ThrottlingException", 400);
            case OUTAGE -> throw error(ServerException.builder(), "ServerException", 500);
            case CLUSTER_NOT_FOUND -> throw error(ClusterNotFoundException.builder(), "ClusterNotFoundException", 400);
            default -> {
                return reply;
            }
        }
    }

    private static EcsException error(EcsException.Builder error, String code, int status) {
        return (EcsException) error.statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage("scripted")
                        .build())
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
