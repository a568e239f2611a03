package io.clusterstate.examples.quickstart.migration;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.Task;

/** The exit codes of a batch of tasks, by polling. */
record PolledBatch(EcsClient ecs, String cluster, Duration pause) {

    Map<String, Integer> exitCodes(List<String> arns, Duration limit) throws TimeoutException, InterruptedException {
        Map<String, Integer> codes = new HashMap<>();
        long end = System.nanoTime() + limit.toNanos();
        while (codes.size() < arns.size()) {
            List<String> left =
                    arns.stream().filter(arn -> !codes.containsKey(arn)).toList();
            for (int from = 0; from < left.size(); from += 100) { // DescribeTasks takes at most 100
                List<String> some = left.subList(from, Math.min(from + 100, left.size()));
                DescribeTasksResponse answer =
                        ecs.describeTasks(request -> request.cluster(cluster).tasks(some));
                for (Failure failure : answer.failures()) { // MISSING: too new, or stopped over an hour ago
                    throw new IllegalStateException(failure.arn() + ": " + failure.reason());
                }
                for (Task task : answer.tasks()) {
                    if ("STOPPED".equals(task.lastStatus())) {
                        codes.put(task.taskArn(), task.containers().get(0).exitCode());
                    }
                }
            }
            if (System.nanoTime() > end) {
                throw new TimeoutException(codes.size() + " of " + arns.size() + " have stopped");
            }
            Thread.sleep(pause.toMillis()); // long: 20 reads a second are all that an account has
        }
        return codes;
    }
}
