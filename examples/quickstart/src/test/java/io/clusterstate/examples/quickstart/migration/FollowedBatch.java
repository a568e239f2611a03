package io.clusterstate.examples.quickstart.migration;

import io.clusterstate.ClusterStateView;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.services.ecs.model.Task;

/** The exit codes of a batch of tasks, by a view. */
record FollowedBatch(ClusterStateView view) {

    Map<String, Integer> exitCodes(List<String> arns, Duration limit) throws TimeoutException, InterruptedException {
        Map<String, Integer> codes = new HashMap<>();
        for (Task task : view.awaitStopped(arns, limit)) {
            codes.put(task.taskArn(), task.containers().get(0).exitCode());
        }
        return codes;
    }
}
