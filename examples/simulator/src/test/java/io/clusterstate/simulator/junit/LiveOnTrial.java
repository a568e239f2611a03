package io.clusterstate.simulator.junit;

import io.clusterstate.simulator.Simulator;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Has simulators whose time passes by itself. */
@SimulatedEcs(live = true, rate = 200)
class LiveOnTrial {
    @Test
    void eventsCome(Simulator simulator, SqsClient sqs) {
        while (sqs.receiveMessage(it -> it.queueUrl(simulator.queueUrl()).waitTimeSeconds(1))
                .messages()
                .isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    @SimulatedEcs(live = true, clusters = 1, tasks = 0)
    void tasksTakeTheirSteps(Simulator simulator) {
        var ecs = simulator.ecsClient();
        var task = ecs.runTask(it -> it.taskDefinition("api").launchType("FARGATE"))
                .tasks()
                .get(0);
        ecs.waiter()
                .waitUntilTasksRunning(
                        it -> it.tasks(task.taskArn()),
                        wait -> wait.backoffStrategyV2(retry -> java.time.Duration.ofMillis(20)));
    }
}
