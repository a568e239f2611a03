package io.clusterstate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ReadPolicy;
import io.clusterstate.mirror.MirroredEcs;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskField;

/** A client over the view of a mirrored ECS: what it answers itself, and what it passes on. */
class ViewEcsClientTest {

    private final MirroredEcs mirrored =
            MirroredEcs.of(Simulator.builder().seed(19).clusters(2).tasks(120));
    private final ViewEcsClient ecs = ViewEcsClient.over(
                    mirrored.view(), mirrored.world().ecs())
            .clock(mirrored.time())
            .build();
    private final ViewEcsClient alone = ViewEcsClient.over(mirrored.view(), Refusing.client())
            .clock(mirrored.time())
            .build();

    @BeforeEach
    void begin() throws Exception {
        mirrored.ready();
    }

    @AfterEach
    void end() {
        mirrored.close();
    }

    @Test
    void aWaiterOfTheSdkMakesNoCall() throws Exception {
        Task task = mirrored.anyTask("default");
        CompletableFuture<DescribeTasksResponse> stopped = CompletableFuture.supplyAsync(() -> alone.waiter()
                .waitUntilTasksStopped(request -> request.tasks(task.taskArn()), wait -> wait.maxAttempts(10_000)
                        .backoffStrategyV2(BackoffStrategy.fixedDelayWithoutJitter(Duration.ofMillis(5))))
                .matched()
                .response()
                .orElseThrow());
        Await.await(() -> polls() > 2);
        assertFalse(stopped.isDone());

        mirrored.world().ecs().stopTask(request -> request.task(task.taskArn()));
        Await.await(() -> {
            mirrored.simulator().tick();
            return stopped.isDone();
        });

        Task last = stopped.get(1, TimeUnit.SECONDS).tasks().get(0);
        assertEquals("STOPPED", last.lastStatus());
        assertTrue(last.containers().stream().allMatch(each -> each.exitCode() != null), last::toString);
        assertEquals(0, alone.counts().totalDelegated());
    }

    private long polls() {
        return alone.counts().local().getOrDefault("DescribeTasks", 0L);
    }

    @Test
    void paginatorsOfTheSdkRunOnTheView() {
        Set<String> running = mirrored.snapshot().tasks().in("sim-2").desiredStatus("RUNNING").stream()
                .map(Task::taskArn)
                .collect(Collectors.toSet());

        List<String> listed =
                alone.listTasksPaginator(request -> request.cluster("sim-2").maxResults(7)).taskArns().stream()
                        .toList();

        assertEquals(running.size(), listed.size());
        assertEquals(running, Set.copyOf(listed));
        assertEquals(
                Map.of("ListTasks", (running.size() + 6) / 7L), alone.counts().local());
        assertTrue(alone.listContainerInstancesPaginator().containerInstanceArns().stream()
                .findAny()
                .isPresent());
        assertTrue(alone.listServicesPaginator(request -> request.cluster("sim-2")).serviceArns().stream()
                .findAny()
                .isPresent());
    }

    @Test
    void includesAndUnknownEntitiesAreAnsweredByEcs() {
        String known = mirrored.anyTask("default").taskArn();

        assertTrue(ecs.describeTasks(request -> request.tasks(known).include(TaskField.TAGS))
                .hasTasks());
        var partly = ecs.describeTasks(request -> request.tasks(known, "0123456789abcdef0123456789abcdef"));
        assertEquals("MISSING", partly.failures().get(0).reason());
        assertThrows(ClusterNotFoundException.class, () -> ecs.listTasks(request -> request.cluster("no-such")));

        assertEquals(
                Map.of(
                        "DescribeTasks",
                        Map.of(DelegationReason.INCLUDE, 1L, DelegationReason.UNKNOWN, 1L),
                        "ListTasks",
                        Map.of(DelegationReason.UNKNOWN, 1L)),
                ecs.counts().delegated());
        assertEquals(0, ecs.counts().totalLocal());
    }

    @Test
    void withoutADecisionAboutThemClustersAndDefinitionsAreAnsweredByEcs() {
        assertEquals(2, ecs.listClusters().clusterArns().size());
        ecs.describeTaskDefinition(
                request -> request.taskDefinition(mirrored.anyTask("default").taskDefinitionArn()));
        ecs.listTaskDefinitions();

        assertEquals(0, ecs.counts().totalLocal());
        assertEquals(1, ecs.counts().delegated(DelegationReason.UNKNOWN));
        assertEquals(2, ecs.counts().delegated(DelegationReason.OPERATION));
    }

    @Test
    void aRequestCanBypassTheView() {
        ecs.describeClusters(request -> request.overrideConfiguration(ViewEcsClient.bypass()));
        long pages = ecs
                .listTasksPaginator(request -> request.maxResults(10).overrideConfiguration(ViewEcsClient.bypass()))
                .stream()
                .count();

        assertTrue(pages > 1);
        assertEquals(1 + pages, ecs.counts().delegated(DelegationReason.BYPASS));
        assertEquals(0, ecs.counts().totalLocal());
    }

    @Test
    void aStaleViewPassesRequestsOnUntilItIsConfirmed() throws Exception {
        ViewEcsClient strict = ViewEcsClient.over(
                        mirrored.view(), mirrored.world().ecs())
                .readPolicy(ReadPolicy.any().atMostStale(Duration.ofMinutes(6)))
                .build();
        mirrored.time().advance(Duration.ofMinutes(7));

        strict.listTasks();
        assertEquals(1, strict.counts().delegated(DelegationReason.STALE));

        mirrored.reconcile("default");
        strict.listTasks();
        strict.listTasks(request -> request.cluster("sim-2"));
        assertEquals(1, strict.counts().totalLocal());
        assertEquals(2, strict.counts().delegated(DelegationReason.STALE), "of another cluster");
    }

    @Test
    void aViewThatIsNotReadyPassesRequestsOn() {
        try (MirroredEcs loading =
                MirroredEcs.of(Simulator.builder().clusters(1).tasks(5))) {
            ViewEcsClient client =
                    ViewEcsClient.over(loading.view(), loading.world().ecs()).build();

            assertEquals(5, client.listTasks().taskArns().size());

            assertEquals(1, client.counts().delegated(DelegationReason.NOT_READY));
        }
    }

    @Test
    void aTokenContinuesTheListAsItWas() {
        ListTasksResponse first = alone.listTasks(request -> request.maxResults(10));
        List<String> then = alone.listTasksPaginator().taskArns().stream().toList();
        mirrored.world().ecs().stopTask(request -> request.task(then.get(then.size() - 1)));
        mirrored.simulator().tick();
        Await.await(() -> alone.listTasks().taskArns().size() < then.size());

        ListTasksResponse rest = alone.listTasks(request -> request.nextToken(first.nextToken()));

        assertEquals(then.subList(10, then.size()), rest.taskArns());
        assertEquals(null, rest.nextToken());
    }

    @Test
    void aTokenExpiresInWordsAndServesNoOtherQuestion() {
        String token = alone.listTasks(request -> request.maxResults(10)).nextToken();

        RuntimeException other =
                refused(() -> alone.listTasks(request -> request.family("web").nextToken(token)));
        assertTrue(other.getMessage().contains("(expected: those of the first page"), other.getMessage());
        RuntimeException foreign = refused(() -> ecs.listTasks(request -> request.nextToken(token)));
        assertTrue(foreign.getMessage().contains("does not hold"), foreign.getMessage());

        mirrored.time().advance(Duration.ofMinutes(10));
        alone.listTasks(request -> request.nextToken(token));
        mirrored.time().advance(Duration.ofMillis(1));
        RuntimeException late = refused(() -> alone.listTasks(request -> request.nextToken(token)));
        assertTrue(late.getMessage().contains("of the last PT10M"), late.getMessage());
    }

    private static RuntimeException refused(Runnable call) {
        return assertThrows(InvalidParameterException.class, call::run);
    }

    @Test
    void theOldestListsMakeRoomForNewOnes() {
        String oldest = alone.listTasks(request -> request.maxResults(1)).nextToken();
        String second = alone.listTasks(request -> request.maxResults(1)).nextToken();
        for (int i = 2; i <= PinnedLists.MOST; i++) {
            alone.listTasks(request -> request.maxResults(1));
        }

        refused(() -> alone.listTasks(request -> request.nextToken(oldest)));
        alone.listTasks(request -> request.nextToken(second));
    }

    @Test
    void aListThatEcsBeganIsContinuedByEcs() {
        String token = mirrored.world()
                .ecs()
                .listTasks(request -> request.maxResults(10))
                .nextToken();

        assertFalse(
                ecs.listTasks(request -> request.nextToken(token)).taskArns().isEmpty());

        assertEquals(1, ecs.counts().delegated(DelegationReason.TOKEN));
    }

    @Test
    void theClientIsAnObjectAndLeavesItsDelegateOpen() {
        ecs.close();

        assertEquals(ecs, ecs);
        assertNotEquals(ecs, alone);
        assertEquals(ecs.hashCode(), ecs.hashCode());
        assertTrue(ecs.toString().startsWith("ViewEcsClient over "));
        assertEquals(EcsClient.SERVICE_NAME, ecs.serviceName());
        assertEquals(
                mirrored.world().ecs().serviceClientConfiguration().region(),
                ecs.serviceClientConfiguration().region());
        assertEquals(mirrored.world().ecs(), ecs.delegate());
        assertFalse(ecs.listTaskDefinitions().taskDefinitionArns().isEmpty());
    }
}
