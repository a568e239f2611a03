package io.clusterstate.mirror;

import io.clusterstate.testing.Entities;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * A cluster whose tasks a test changes, and whose API answers with a delay: the ECS API reference of RunTask says "wait
 * up to five minutes". Its own clock is right, whatever clock the mirror's host has.
 */
final class LaggingEcs implements EcsClient {

    static final String CLUSTER = Entities.clusterArn("prod");

    private final TestTime time;
    /** All tasks at each moment at which one of them changed. */
    private final TreeMap<Long, Map<String, Task>> past = new TreeMap<>();

    private Duration lag = Duration.ZERO;

    LaggingEcs(TestTime time) {
        this.time = time;
        past.put(Long.MIN_VALUE, Map.of());
    }

    /** The API answers as of so long ago from now on. */
    void lag(Duration by) {
        lag = by;
    }

    Task start(String id) {
        return put(Entities.task("prod", id, 1).toBuilder()
                .lastStatus("PENDING")
                .desiredStatus("RUNNING")
                .build());
    }

    Task change(Task task, UnaryOperator<Task.Builder> change) {
        return put(change.apply(task.toBuilder().version(task.version() + 1)).build());
    }

    void vanish(String arn) {
        Map<String, Task> next = new HashMap<>(now());
        next.remove(arn);
        note(next);
    }

    private Task put(Task task) {
        Map<String, Task> next = new HashMap<>(now());
        next.put(task.taskArn(), task);
        note(next);
        return task;
    }

    /** No two changes are of one moment, so that none hides the other. */
    private void note(Map<String, Task> tasks) {
        time.advance(Duration.ofNanos(1));
        past.put(time.nanos(), Map.copyOf(tasks));
    }

    /** The present tasks. */
    Map<String, Task> now() {
        return at(time.nanos());
    }

    /** The tasks at a moment of monotonic time. */
    Map<String, Task> at(long nanos) {
        return past.floorEntry(nanos).getValue();
    }

    /** Whether a task was there at any time from a moment on. */
    boolean wasThereSince(String arn, long nanos) {
        return at(nanos).containsKey(arn)
                || past.tailMap(nanos, false).values().stream().anyMatch(tasks -> tasks.containsKey(arn));
    }

    /** The body of the event by which ECS reports a task as it is. */
    String event(Task task) {
        Instant updatedAt = ecsClock();
        return """
                {"source":"aws.ecs","detail-type":"ECS Task State Change","time":"%s","detail":{"clusterArn":"%s",
                 "taskArn":"%s","lastStatus":"%s","desiredStatus":"%s","version":%d,"updatedAt":"%s"%s}}
                """
                .formatted(
                        updatedAt,
                        CLUSTER,
                        task.taskArn(),
                        task.lastStatus(),
                        task.desiredStatus(),
                        task.version(),
                        updatedAt,
                        task.stoppedAt() == null ? "" : ",\"stoppedAt\":\"" + task.stoppedAt() + "\"");
    }

    private Map<String, Task> shown() {
        return at(time.nanos() - lag.toNanos());
    }

    @Override
    public ListClustersResponse listClusters(ListClustersRequest request) {
        return dated(ListClustersResponse.builder().clusterArns(CLUSTER)).build();
    }

    @Override
    public DescribeClustersResponse describeClusters(DescribeClustersRequest request) {
        return dated(DescribeClustersResponse.builder()
                        .clusters(Cluster.builder()
                                .clusterArn(CLUSTER)
                                .status("ACTIVE")
                                .build()))
                .build();
    }

    @Override
    public ListTasksResponse listTasks(ListTasksRequest request) {
        boolean isForStopped = request.desiredStatus() == DesiredStatus.STOPPED;
        return ListTasksResponse.builder()
                .taskArns(shown().values().stream()
                        .filter(task -> isForStopped == "STOPPED".equals(task.desiredStatus()))
                        .map(Task::taskArn)
                        .toList())
                .build();
    }

    @Override
    public DescribeTasksResponse describeTasks(DescribeTasksRequest request) {
        Map<String, Task> tasks = shown();
        List<Failure> failures = new ArrayList<>();
        List<Task> found = new ArrayList<>();
        for (String arn : request.tasks()) {
            if (tasks.containsKey(arn)) {
                found.add(tasks.get(arn));
            } else {
                failures.add(Failure.builder().arn(arn).reason("MISSING").build());
            }
        }
        return dated(DescribeTasksResponse.builder().tasks(found).failures(failures))
                .build();
    }

    /** As every HTTP answer of AWS is dated: by AWS's clock. */
    private <B extends SdkResponse.Builder> B dated(B response) {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ecsClock().atOffset(ZoneOffset.UTC));
        response.sdkHttpResponse(SdkHttpResponse.builder()
                .statusCode(200)
                .putHeader("Date", date)
                .build());
        return response;
    }

    private Instant ecsClock() {
        return TestTime.START.plusNanos(time.nanos());
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
