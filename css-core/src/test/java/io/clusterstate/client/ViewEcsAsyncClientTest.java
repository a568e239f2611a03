package io.clusterstate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.Snapshot;
import io.clusterstate.mirror.MirroredEcs;
import io.clusterstate.mirror.TaskDefinitions;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.testing.Await;
import io.clusterstate.testing.Seeds;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.ecs.EcsAsyncClient;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.EcsRequest;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StopTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;

/** The asynchronous client over a view. Tests of the synchronous client cover the answers that both share. */
class ViewEcsAsyncClientTest {

    private final MirroredEcs mirrored = MirroredEcs.of(
            Simulator.builder().seed(19).clusters(2).tasks(120),
            builder -> builder.taskDefinitions(TaskDefinitions.referenced().withEnvironment()));
    private final ExecutorService calls = Executors.newSingleThreadExecutor();
    private final EcsAsyncClient delegate = Faces.async(mirrored.world().ecs(), calls);
    private final ViewEcsAsyncClient ecs = ViewEcsAsyncClient.over(mirrored.view(), delegate)
            .clock(mirrored.time())
            .build();
    private final ViewEcsAsyncClient alone = ViewEcsAsyncClient.over(
                    mirrored.view(), Refusing.client(EcsAsyncClient.class))
            .clock(mirrored.time())
            .build();

    @BeforeEach
    void begin() throws Exception {
        mirrored.ready();
        mirrored.time().advance(Duration.ofSeconds(10));
        Await.await(this::hasAllDefinitions);
    }

    /** Otherwise a definition may arrive between the answers of two clients. */
    private boolean hasAllDefinitions() {
        mirrored.time().advance(Duration.ofMillis(100));
        Snapshot now = mirrored.view().snapshot();
        return now.tasks().stream().allMatch(task -> now.definition(task).isPresent())
                && now.services().stream().allMatch(each -> now.taskDefinition(each.taskDefinition())
                        .isPresent())
                && mirrored.mirror().status().definitions().waiting() == 0;
    }

    @AfterEach
    void end() {
        mirrored.close();
        calls.shutdownNow();
    }

    @Test
    void theAnswersAreThoseOfTheSynchronousClient() {
        Seeds.forEach(3, random -> {
            try {
                compare(random);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void compare(Random random) throws Exception {
        ViewEcsClient sync = ViewEcsClient.over(
                        mirrored.view(), mirrored.world().ecs())
                .allClusters()
                .taskDefinitions()
                .clock(mirrored.time())
                .build();
        ViewEcsAsyncClient async = ViewEcsAsyncClient.over(mirrored.view(), delegate)
                .allClusters()
                .taskDefinitions()
                .clock(mirrored.time())
                .build();
        var requests = new RandomRequests(random, mirrored.simulator().truth());
        for (int i = 0; i < 40; i++) {
            EcsRequest request = requests.next();
            mirrored.time().advance(Duration.ofMillis(200));
            assertEquals(
                    Set.of(),
                    Asked.difference(Asked.answer(sync, request), Asked.answer(Faces.joined(async), request)),
                    request::toString);
        }
        assertEquals(sync.counts(), async.counts());
        assertTrue(async.counts().totalLocal() > 20, () -> "" + async.counts());
        assertTrue(async.counts().totalDelegated() > 0, () -> "" + async.counts());
    }

    @Test
    void aWaiterOfTheSdkMakesNoCall() throws Exception {
        Task task = mirrored.anyTask("default");
        alone.waiter().close();
        CompletableFuture<DescribeTasksResponse> stopped = alone.waiter()
                .waitUntilTasksStopped(request -> request.tasks(task.taskArn()), wait -> wait.maxAttempts(10_000)
                        .backoffStrategyV2(BackoffStrategy.fixedDelayWithoutJitter(Duration.ofMillis(5))))
                .thenApply(end -> end.matched().response().orElseThrow());
        Await.await(() -> alone.counts().local().getOrDefault("DescribeTasks", 0L) > 2);
        assertFalse(stopped.isDone());

        mirrored.world().ecs().stopTask(request -> request.task(task.taskArn()));
        Await.await(() -> {
            mirrored.simulator().tick();
            return stopped.isDone();
        });

        assertEquals("STOPPED", stopped.get(1, TimeUnit.SECONDS).tasks().get(0).lastStatus());
        assertEquals(0, alone.counts().totalDelegated());
    }

    @Test
    void waitersShareAThread() {
        Set<Thread> before = timers();
        Task task = mirrored.anyTask("default");
        for (int i = 0; i < 5; i++) {
            var unused = alone.waiter().waitUntilTasksStopped(request -> request.tasks(task.taskArn()));
        }

        Set<Thread> added = timers();
        added.removeAll(before);

        assertEquals(1, added.size());
    }

    /** The threads of waiters: of the client, and those that the SDK makes for a waiter without one. */
    private static Set<Thread> timers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(each -> each.getName().startsWith("css-client-waiter")
                        || each.getName().startsWith("waiters-ScheduledExecutor"))
                .collect(Collectors.toSet());
    }

    @Test
    void paginatorsOfTheSdkRunOnTheView() throws Exception {
        Set<String> running = mirrored.snapshot().tasks().in("sim-2").desiredStatus("RUNNING").stream()
                .map(Task::taskArn)
                .collect(Collectors.toSet());
        var listed = new ConcurrentLinkedQueue<String>();

        alone.listTasksPaginator(request -> request.cluster("sim-2").maxResults(7))
                .taskArns()
                .subscribe(listed::add)
                .get(30, TimeUnit.SECONDS);

        assertEquals(running.size(), listed.size());
        assertEquals(running, Set.copyOf(listed));
        assertEquals(
                Map.of("ListTasks", (running.size() + 6) / 7L), alone.counts().local());
    }

    @Test
    void aListMayHaveThousandsOfPages() throws Exception {
        try (MirroredEcs big =
                MirroredEcs.of(Simulator.builder().clusters(1).tasks(3000)).ready()) {
            ViewEcsAsyncClient client = ViewEcsAsyncClient.over(big.view(), Refusing.client(EcsAsyncClient.class))
                    .build();
            var pages = new ConcurrentLinkedQueue<ListTasksResponse>();

            client.listTasksPaginator(request -> request.maxResults(1))
                    .subscribe(pages::add)
                    .get(30, TimeUnit.SECONDS);

            assertEquals(big.snapshot().tasks().desiredStatus("RUNNING").count(), pages.size());
            assertTrue(pages.size() > 2000, () -> "" + pages.size());
        }
    }

    @Test
    void aRequestCanBypassTheView() throws Exception {
        var pages = new ConcurrentLinkedQueue<ListTasksResponse>();

        ecs.listTasksPaginator(request -> request.maxResults(10).overrideConfiguration(ViewEcsAsyncClient.bypass()))
                .subscribe(pages::add)
                .get(30, TimeUnit.SECONDS);

        assertTrue(pages.size() > 1);
        assertEquals(pages.size(), ecs.counts().delegated(DelegationReason.BYPASS));
        assertEquals(0, ecs.counts().totalLocal());
    }

    @Test
    void whateverFollowsAWriteReadsIt() {
        mirrored.simulator().faults().sqsOutage(true);
        Task task = mirrored.anyTask("default");

        DescribeTasksResponse then = ecs.stopTask(request -> request.task(task.taskArn()))
                .thenCompose(stopped -> ecs.describeTasks(request -> request.tasks(task.taskArn())))
                .join();

        assertEquals("STOPPED", then.tasks().get(0).desiredStatus());
        assertEquals(
                "RUNNING", mirrored.view().task(task.taskArn()).orElseThrow().desiredStatus());
        assertEquals(1, ecs.counts().delegated(DelegationReason.OWN_WRITE));
    }

    @Test
    void aStartWithoutAnAnswerSendsListsToEcs() {
        mirrored.simulator().faults().sqsOutage(true);
        mirrored.simulator().faults().loseAnswers("RunTask", 1);
        CompletableFuture<RunTaskResponse> start =
                ecs.runTask(request -> request.taskDefinition("batch").startedBy("me/1"));

        CompletableFuture<ListTasksResponse> then = start.exceptionally(lost -> null)
                .thenCompose(ended -> ecs.listTasks(request -> request.startedBy("me/1")));

        assertEquals(1, then.join().taskArns().size());
        assertInstanceOf(
                SdkClientException.class,
                assertThrows(CompletionException.class, start::join).getCause());
        assertEquals(1, ecs.counts().delegated(DelegationReason.OWN_WRITE));
    }

    @Test
    void aRefusedWriteChangesNothing() {
        CompletableFuture<StopTaskResponse> refused = ecs.stopTask(request -> request.task("no-such"));

        assertInstanceOf(
                EcsException.class,
                assertThrows(CompletionException.class, refused::join).getCause());
        ecs.listTasks().join();
        assertEquals(1, ecs.counts().totalLocal());
    }

    @Test
    void aCancelledWriteCancelsTheDelegatesAndCountsAsLost() {
        var sent = new CompletableFuture<Object>();
        Stop stop = stop(sent);

        assertTrue(stop.answer().cancel(true));

        assertTrue(sent.isCancelled());
        assertTrue(stop.answer().isCancelled());
        assertEquals(1, stop.ownWritesAfter().join());
    }

    @Test
    void aWriteThatTimesOutEndsTheDelegatesAndCountsAsLost() {
        var sent = new CompletableFuture<Object>();
        Stop stop = stop(sent);

        CompletableFuture<StopTaskResponse> limited = stop.answer().orTimeout(1, TimeUnit.MILLISECONDS);

        assertInstanceOf(
                TimeoutException.class,
                assertThrows(CompletionException.class, limited::join).getCause());
        assertTrue(sent.isCompletedExceptionally());
        assertEquals(1, stop.ownWritesAfter().join());
    }

    @Test
    void aWriteThatFailedInsideEcsCountsAsLost() {
        var sent = new CompletableFuture<Object>();
        Stop stop = stop(sent);

        sent.completeExceptionally(
                new CompletionException(EcsException.builder().statusCode(500).build()));

        assertEquals(1, stop.ownWritesAfter().join());
    }

    @Test
    void aCancelledReadCancelsTheDelegates() {
        var sent = new CompletableFuture<Object>();

        passing(sent)
                .describeClusters(request -> request.overrideConfiguration(ViewEcsAsyncClient.bypass()))
                .cancel(true);

        assertTrue(sent.isCancelled());
    }

    /** A stop, and the reads that went to ECS after it, counted in a callback of the stop. */
    private record Stop(CompletableFuture<StopTaskResponse> answer, CompletableFuture<Long> ownWritesAfter) {}

    private Stop stop(CompletableFuture<?> sent) {
        ViewEcsAsyncClient client = passing(sent);
        CompletableFuture<StopTaskResponse> answer = client.stopTask(request -> request.task("any"));
        return new Stop(answer, answer.handle((response, failure) -> {
            var unused = client.listTasks();
            return client.counts().delegated(DelegationReason.OWN_WRITE);
        }));
    }

    /** A client whose delegate's futures are a certain one. */
    private ViewEcsAsyncClient passing(CompletableFuture<?> sent) {
        return ViewEcsAsyncClient.over(mirrored.view(), Faces.proxy(EcsAsyncClient.class, (method, arguments) -> sent))
                .build();
    }

    @Test
    void aBadTokenFailsTheFuture() {
        CompletableFuture<ListTasksResponse> first = alone.listTasks(request -> request.maxResults(10));
        assertTrue(first.isDone());

        CompletableFuture<ListTasksResponse> other = alone.listTasks(
                request -> request.family("web").nextToken(first.join().nextToken()));

        assertInstanceOf(
                InvalidParameterException.class,
                assertThrows(CompletionException.class, other::join).getCause());
        assertInstanceOf(
                CompletionException.class,
                other.handle((response, failure) -> failure).join());
    }

    @Test
    void theClientIsAnObjectAndLeavesItsDelegateOpen() {
        alone.close();

        assertEquals(ecs, ecs);
        assertNotEquals(ecs, alone);
        assertSame(delegate, ecs.delegate());
        assertTrue(ecs.toString().startsWith("ViewEcsAsyncClient over "));
        assertEquals(EcsAsyncClient.SERVICE_NAME, ecs.serviceName());
        assertEquals(
                mirrored.world().ecs().serviceClientConfiguration().region(),
                ecs.serviceClientConfiguration().region());
    }
}
