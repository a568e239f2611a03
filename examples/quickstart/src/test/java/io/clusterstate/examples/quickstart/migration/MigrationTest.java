package io.clusterstate.examples.quickstart.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.waiters.EcsWaiter;

/** A poller and an SDK waiter, and what takes their place on a view: they agree, and the view makes no call. */
class MigrationTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    @Timeout(300)
    void thePollerAndTheViewAgreeAboutABatch() throws Exception {
        try (SimulatedAccount account = new SimulatedAccount()) {
            List<String> arns = account.run(7);
            List<Task> running = account.view().awaitRunning(arns, LIMIT);
            arns.forEach(arn ->
                    account.ecs().stopTask(request -> request.cluster("default").task(arn)));

            Map<String, Integer> followed = new FollowedBatch(account.view()).exitCodes(arns, LIMIT);
            long calls = describes(account);
            new FollowedBatch(account.view()).exitCodes(arns, LIMIT);
            long callsOfTheView = describes(account) - calls;
            Map<String, Integer> polled =
                    new PolledBatch(account.ecs(), "default", Duration.ofMillis(20)).exitCodes(arns, LIMIT);

            assertEquals(7, running.size());
            assertEquals(polled, followed);
            assertFalse(polled.containsValue(null), () -> "codes of tasks that ran: " + polled);
            assertEquals(0, callsOfTheView);
            assertTrue(describes(account) > calls);
        }
    }

    @Test
    @Timeout(300)
    void theWaitersOfTheSdkAndTheViewAgree() throws Exception {
        try (SimulatedAccount account = new SimulatedAccount();
                EcsWaiter waiter = EcsWaiter.builder().client(account.ecs()).build()) {
            List<String> arns = account.run(3);
            List<Task> followed = account.view().awaitRunning(arns, LIMIT);

            List<Task> waited = waiter.waitUntilTasksRunning(
                            request -> request.cluster("default").tasks(arns))
                    .matched()
                    .response()
                    .orElseThrow()
                    .tasks();

            assertEquals(arns, followed.stream().map(Task::taskArn).toList());
            assertEquals(
                    waited.stream().map(Task::lastStatus).toList(),
                    followed.stream().map(Task::lastStatus).toList());
        }
    }

    private static long describes(SimulatedAccount account) {
        return account.simulator().calls().getOrDefault("DescribeTasks", 0L);
    }
}
