package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.EntityKind;
import io.clusterstate.internal.ecs.ApiBudget;
import io.clusterstate.internal.ecs.Inventory;
import io.clusterstate.spi.Delivery;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A thread that waits at the describe queue: an entity that makes no call due sooner does not wake it. */
class DescribeQueueWakeTest {

    private static final String CLUSTER = Entities.clusterArn("a");
    private static final int LIMIT_SECONDS = 30;

    private final TestTime time = new TestTime();
    private final ApiBudget budget = new ApiBudget(1, time);
    private final DescribeQueue describeQueue = new DescribeQueue(time, budget);

    @Test
    void aFirstHintWakesTheWaitingThread() throws Exception {
        CompletableFuture<List<String>> taken = takenByAThread(Duration.ofMinutes(1));

        describeQueue.hint(EntityKind.TASK, CLUSTER, task("1"), delivery(), false);
        time.advance(DescribeQueue.HINT_WAITS);

        assertEquals(List.of(task("1")), taken.get(LIMIT_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void aFullCallWakesTheWaitingThread() throws Exception {
        describeQueue.enrich(EntityKind.TASK, CLUSTER, task("0"));
        time.advance(Duration.ofHours(-1)); // so that it is due long after this test
        CompletableFuture<List<String>> taken = takenByAThread(Duration.ofHours(2));

        for (int i = 1; i < 100; i++) {
            describeQueue.enrich(EntityKind.TASK, CLUSTER, task("" + i));
        }

        assertEquals(100, taken.get(LIMIT_SECONDS, TimeUnit.SECONDS).size());
    }

    @Test
    void anEntityBeyondAFullCallWakesTheThreadThatWaitedForBudget() throws Exception {
        time.advance(Duration.ofHours(1));
        for (int i = 0; i < 100; i++) {
            describeQueue.enrich(EntityKind.TASK, CLUSTER, task("" + i));
        }
        time.advance(Duration.ofHours(-1)); // so that they are due long after this test
        for (int i = 0; i < 51; i++) {
            budget.await(Inventory.categoryOf(EntityKind.TASK));
        }
        CompletableFuture<List<String>> taken = takenByAThread(Duration.ofHours(2));

        time.advance(Duration.ofSeconds(1));
        describeQueue.enrich(EntityKind.TASK, CLUSTER, task("100"));

        assertEquals(100, taken.get(LIMIT_SECONDS, TimeUnit.SECONDS).size());
    }

    private CompletableFuture<List<String>> takenByAThread(Duration patience) {
        CompletableFuture<List<String>> taken = new CompletableFuture<>();
        Thread taker = new Thread(() -> {
            try {
                taken.complete(describeQueue.take(patience).orElseThrow().arns());
            } catch (InterruptedException e) {
                taken.completeExceptionally(e);
            }
        });
        taker.setDaemon(true);
        taker.start();
        await(() -> taker.getState() == Thread.State.TIMED_WAITING);
        return taken;
    }

    private static String task(String id) {
        return Entities.taskArn(CLUSTER, id);
    }

    private static Delivery delivery() {
        return new Delivery("m", "", "r", Entities.NOW, Optional.empty(), 1);
    }
}
