package io.clusterstate.memory;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.memory.FakeArns.clusterArn;
import static io.clusterstate.memory.FakeArns.instanceArn;
import static io.clusterstate.memory.FakeArns.serviceArn;
import static io.clusterstate.memory.FakeArns.taskArn;
import static io.clusterstate.memory.FakeArns.taskDefinitionArn;
import static io.clusterstate.memory.FakeInstance.instance;
import static io.clusterstate.memory.FakeService.service;
import static io.clusterstate.memory.FakeTask.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ChangeBatch;
import io.clusterstate.ClusterStateView;
import io.clusterstate.EntityKind;
import io.clusterstate.Freshness;
import io.clusterstate.NotReadyException;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.ReadPolicy;
import io.clusterstate.StaleViewException;
import io.clusterstate.spi.ApiOnlyFields;
import io.clusterstate.spi.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.parallel.Isolated;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** What a fake holds, and how its time, readiness and freshness go. */
@Isolated("compares all threads of the JVM")
class FakeClusterStateTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final FakeClusterState fake = new FakeClusterState();
    private final ClusterStateView view = fake.view();

    @Test
    void beginsEmptyReadyAndFresh() throws Exception {
        view.awaitReady(Duration.ZERO);

        assertEquals(0, view.snapshot().revision());
        assertEquals(FakeClusterState.START, fake.clock().instant());
        assertEquals(Optional.of(FakeClusterState.START), view.freshness().freshUpTo());
        assertTrue(fake.toString().startsWith("fake cluster state, "), fake::toString);
    }

    @Test
    void holdsTheDefinitionsThatTheTestPuts() {
        Task web = fake.put(task("web-1").family("web"));
        assertEquals(Optional.empty(), view.snapshot().definition(web), "not put yet");
        Map<String, ?> clusters = view.freshness().clusters();

        TaskDefinition put = fake.put(TaskDefinition.builder()
                .taskDefinitionArn(taskDefinitionArn("web"))
                .family("web")
                .status("ACTIVE")
                .build());

        assertEquals(Optional.of(put), view.snapshot().definition(web));
        assertEquals(1, view.snapshot().definitions().status("ACTIVE").count());
        assertEquals(clusters, view.freshness().clusters(), "a definition is of no cluster");
        fake.remove(put.taskDefinitionArn());
        assertEquals(Optional.empty(), view.snapshot().definition(web));
    }

    @Test
    void startsNoThreadAndGivesTheSameEveryTime() {
        Set<Thread> before = threads();
        List<String> first = story();
        Set<Thread> after = threads();
        after.removeAll(before);

        assertEquals(List.of(), after.stream().map(Thread::getName).toList());
        assertEquals(first, story());
    }

    /** Without those of the JVM itself, which are in a group of their own. */
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread ->
                        thread.getThreadGroup() == Thread.currentThread().getThreadGroup())
                .collect(Collectors.toSet());
    }

    private static List<String> story() {
        List<String> told = new ArrayList<>();
        try (FakeClusterState fake = new FakeClusterState()) {
            fake.view().subscribe(Listeners.words(told));
            fake.put(task("a"));
            fake.put(service("s"));
            fake.put(task("a").stopped());
            fake.advance(HOUR.multipliedBy(2));
            fake.view().snapshot().services().list().forEach(each -> told.add(each.toString()));
            told.add(fake.view()
                    .snapshot()
                    .observed(EntityKind.SERVICE, serviceArn("s"))
                    .toString());
        }
        return told;
    }

    @Test
    void aSecondPutIsAChangeAtTheNextVersion() {
        assertEquals(1, fake.put(task("a").pending()).version());
        Task changed = fake.put(task("a"));

        assertEquals(2, changed.version());
        assertEquals("RUNNING", changed.lastStatus());
        assertEquals(changed, view.task(taskArn("a")).orElseThrow());
        assertEquals(1, view.snapshot().tasks().count());
        assertEquals(3, fake.put(task("a")).version(), "the same again is an event of its own");
    }

    @Test
    void aHigherVersionOfTheValueCounts() {
        assertEquals(7, fake.put(task("a").version(7)).version());
        assertEquals(8, fake.put(task("a").version(7)).version());
        assertEquals(9, fake.put(task("a")).version());
    }

    @Test
    void whatIsPutIsAsAnEventOrTheApiTellsIt() {
        fake.put(task("a"));
        fake.put(instance("b"));
        fake.put(service("c"));

        assertEquals(Origin.EVENT, observed(EntityKind.TASK, taskArn("a")).origin());
        assertEquals(
                Origin.EVENT, observed(EntityKind.INSTANCE, instanceArn("b")).origin());
        assertEquals(
                Origin.DESCRIBE, observed(EntityKind.SERVICE, serviceArn("c")).origin());
        assertEquals(
                clusterArn("default"),
                observed(EntityKind.INSTANCE, instanceArn("b")).clusterArn());
    }

    private <T> Observed<T> observed(EntityKind<T> kind, String arn) {
        return view.snapshot().observed(kind, arn).orElseThrow();
    }

    @Test
    void takesTheSdksOwnValues() {
        Task task = fake.put(task("a").in("prod").build());
        ContainerInstance instance = fake.put(instance("b").in("prod").build(), "prod");
        Service service = fake.put(service("c").in("prod").build());
        Cluster cluster = fake.put(Cluster.builder()
                .clusterArn(clusterArn("prod"))
                .clusterName("prod")
                .status("ACTIVE")
                .build());

        assertEquals(List.of(task), view.snapshot().tasks().in("prod").list());
        assertEquals(List.of(instance), view.snapshot().instances().in("prod").list());
        assertEquals(List.of(service), view.snapshot().services().in("prod").list());
        assertEquals(List.of(cluster), view.snapshot().clusters().list());
    }

    @Test
    void aTaskIsGivenTheTimesOfWhatHasComeToPass() {
        Task pending = fake.put(task("a").pending());
        fake.advance(Duration.ofSeconds(10));
        Task running = fake.put(task("a"));
        fake.advance(Duration.ofSeconds(10));
        Task stopped = fake.changeTask(taskArn("a"), task -> task.lastStatus("STOPPED"));

        assertEquals(FakeClusterState.START, pending.createdAt());
        assertSame(null, pending.startedAt());
        assertEquals(FakeClusterState.START, running.createdAt());
        assertEquals(FakeClusterState.START.plusSeconds(10), running.startedAt());
        assertSame(null, running.stoppedAt());
        assertEquals(FakeClusterState.START.plusSeconds(10), stopped.startedAt());
        assertEquals(FakeClusterState.START.plusSeconds(20), stopped.stoppedAt());
    }

    @Test
    void aChangeIsTheNextVersionAndOtherwiseTheSame() {
        Task before = fake.put(task("a").family("web"));
        Task after = fake.changeTask(taskArn("a"), task -> task.desiredStatus("STOPPED"));
        fake.put(instance("b"));
        ContainerInstance box = fake.changeInstance(instanceArn("b"), instance -> instance.status("DRAINING"));
        fake.put(service("c"));
        fake.changeService(serviceArn("c"), service -> service.runningCount(0));
        Service scaled = fake.changeService(serviceArn("c"), service -> service.desiredCount(5));

        assertEquals(before.toBuilder().desiredStatus("STOPPED").version(2L).build(), after);
        assertEquals(2, box.version());
        assertEquals("DRAINING", box.status());
        assertEquals("5 0", scaled.desiredCount() + " " + scaled.runningCount());
        assertEquals(Optional.of(scaled), view.service(serviceArn("c")));
    }

    @Test
    void whatIsNotThereCannotBeChangedOrRemoved() {
        fake.put(task("a"));

        assertMessage(
                "arn: " + taskArn("x") + " (expected: the ARN of a task in the fake)",
                () -> fake.changeTask(taskArn("x"), task -> {}));
        assertMessage(
                "arn: " + taskArn("a") + " (expected: the ARN of a container-instance in the fake)",
                () -> fake.changeInstance(taskArn("a"), task -> {}));
        assertMessage("arn: x (expected: the ARN of an entity in the fake)", () -> fake.remove("x"));
        assertMessage(
                "arn: b (expected: unchanged, " + taskArn("a") + ")",
                () -> fake.changeTask(taskArn("a"), task -> task.taskArn("b")));
    }

    private static void assertMessage(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void whatHasNoClusterOrArnIsRefused() {
        assertMessage(
                "clusterArn: null (expected: the ARN of its cluster)",
                () -> fake.put(Task.builder().taskArn(taskArn("a")).build()));
        assertThrows(
                IllegalArgumentException.class,
                () -> fake.put(ContainerInstance.builder().build(), "prod"));
    }

    @Test
    void whatStoppedDoesNotRunAgain() {
        fake.put(task("a").stopped());
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> fake.put(task("a")));

        assertEquals(
                taskArn("a")
                        + ": DUPLICATE at version 2 (expected: stored; a stopped task cannot run again, and an"
                        + " entity whose end is an hour old is not kept)",
                refused.getMessage());
    }

    @Test
    void whatIsRemovedIsGoneAndCountsOnWhenItIsPutAgain() {
        fake.put(task("a"));
        fake.put(service("s"));
        fake.remove(taskArn("a"));
        fake.remove(serviceArn("s"));
        assertEquals(Optional.empty(), view.task(taskArn("a")));
        assertEquals(Optional.empty(), view.service(serviceArn("s")));

        assertEquals(2, fake.put(task("a")).version());
        fake.put(service("s"));
        assertTrue(view.service(serviceArn("s")).isPresent());
    }

    @Test
    void anEventMayComeTwiceOrLate() {
        assertEquals(Outcome.ADDED, fake.deliver(task("a").version(5)));
        assertEquals(Outcome.DUPLICATE, fake.deliver(task("a").version(5)));
        assertEquals(Outcome.OUTDATED, fake.deliver(task("a").version(4).pending()));
        assertEquals(
                Outcome.UPDATED, fake.deliver(task("a").version(6).stopping().build()));
        assertEquals(7, fake.put(task("a")).version());
        fake.remove(taskArn("a"));
        assertEquals(Outcome.OUTDATED, fake.deliver(task("a").version(7)));
    }

    @Test
    void anEventOfAnInstanceMayComeTwiceOrLate() {
        fake.put(instance("b"));
        fake.put(instance("b").free(cpu(0)));

        assertEquals(Outcome.OUTDATED, fake.deliver(instance("b").version(1)));
        assertEquals(
                Outcome.DUPLICATE,
                fake.deliver(instance("b").free(cpu(0)).version(2).build(), "default"));
        assertMessage(
                "version: 0 (expected: 1 or more, as an event has)",
                () -> fake.deliver(instance("b").draining()));
    }

    @Test
    void anEventLeavesWhatItDoesNotCarryAsItWasPut() {
        fake.put(task("a").with(task -> task.platformFamily("Linux").healthStatus("HEALTHY")));
        ContainerInstance before = fake.put(instance("b").with(box -> box.runningTasksCount(3)
                .registeredAt(FakeClusterState.START)
                .statusReason("fine")));

        fake.deliver(
                task("a").version(5).with(task -> task.platformFamily("Windows").cpu("64")));
        fake.deliver(instance("b").draining().version(5));

        Task task = view.task(taskArn("a")).orElseThrow();
        assertEquals("Linux HEALTHY 64", task.platformFamily() + " " + task.healthStatusAsString() + " " + task.cpu());
        assertEquals(
                before.toBuilder().version(5L).status("DRAINING").build(),
                view.instance(instanceArn("b")).orElseThrow());
    }

    /** So what a fake's event carries is what the table of ECS's events says, for each member of an instance. */
    @Test
    void anEventOfWhatIsNotThereCarriesWhatEcsWouldWrite() {
        ContainerInstance full = instance("b")
                .version(1)
                .with(box ->
                        box.runningTasksCount(3).agentUpdateStatus("UPDATED").capacityProviderName("spot"))
                .build();

        fake.deliver(full, "default");

        ContainerInstance shown = view.instance(instanceArn("b")).orElseThrow();
        assertEquals(ApiOnlyFields.clear(EntityKind.INSTANCE, full), shown);
        assertNull(shown.runningTasksCount());
        assertNull(shown.agentUpdateStatus());
        assertEquals(
                Optional.empty(),
                observed(EntityKind.INSTANCE, instanceArn("b")).describedAt());
    }

    @Test
    void whatEndedLeavesWhenItsRetentionIsOver() {
        fake.put(task("a"));
        fake.put(task("b").stopped());
        fake.put(service("s").with(service -> service.status("INACTIVE")));
        fake.advance(HOUR.minusSeconds(1));
        assertEquals(2, view.snapshot().tasks().count());

        fake.advance(Duration.ofSeconds(3));
        assertEquals(1, view.snapshot().tasks().count());
        assertEquals(0, view.snapshot().services().count());
        assertEquals(2, fake.put(task("b")).version());
        assertMessage("by: PT-1S (expected: not negative)", () -> fake.advance(Duration.ofSeconds(-1)));
    }

    @Test
    void whileItIsNotReadyNothingIsAnswered() {
        fake.notReady();
        fake.put(task("a"));
        assertFalse(view.isReady());
        assertEquals(
                "fake: not ready (expected: ready)",
                assertThrows(NotReadyException.class, view::snapshot).getMessage());
        assertEquals(Optional.empty(), view.freshness().freshUpTo());
        assertTrue(assertThrows(TimeoutException.class, () -> view.awaitReady(HOUR))
                .getMessage()
                .contains("waits for ready()"));

        fake.ready();
        assertTrue(view.task(taskArn("a")).isPresent());
    }

    @Test
    void onceItFailedNothingIsAnsweredEverAgain() {
        IllegalStateException cause = new IllegalStateException("denied");
        fake.fail(cause);
        fake.fail(new IllegalStateException("late"));
        fake.close();

        NotReadyException over = assertThrows(NotReadyException.class, view::snapshot);
        assertSame(cause, over.getCause());
        assertEquals("fake: failed: java.lang.IllegalStateException: denied (expected: open)", over.getMessage());
        assertThrows(NotReadyException.class, () -> view.awaitReady(HOUR));
        assertThrows(NotReadyException.class, fake::ready);
    }

    @Test
    void onceItIsClosedNothingIsAnsweredOrTakenIn() {
        fake.close();
        fake.close();

        assertEquals(
                "fake: closed (expected: open)",
                assertThrows(NotReadyException.class, view::snapshot).getMessage());
        assertThrows(NotReadyException.class, fake::notReady);
        assertThrows(IllegalStateException.class, () -> fake.put(task("a")));
    }

    @Test
    void aWaitForWhatIsNotThereFailsAtOnce() throws Exception {
        fake.put(task("a"));

        assertEquals(1, view.awaitRevision(1, HOUR).revision());
        assertThrows(TimeoutException.class, () -> view.awaitRevision(2, HOUR));
        assertThrows(
                TimeoutException.class, () -> view.awaitUntil(now -> now.tasks().count() > 1, HOUR));
        assertThrows(TimeoutException.class, () -> view.awaitFresh(FakeClusterState.START.plusNanos(1), HOUR));
    }

    @Test
    void isFreshUpToNowWhateverItsClockShows() {
        fake.put(instance("b").in("prod"));
        fake.advance(HOUR);
        Freshness freshness = view.freshness();

        assertEquals(Optional.of(FakeClusterState.START.plus(HOUR)), freshness.freshUpTo());
        assertEquals(
                Set.of(clusterArn("default"), clusterArn("prod")),
                freshness.clusters().keySet());
        assertEquals(freshness.freshUpTo(), freshness.upTo("prod"));
        assertTrue(view.read(ReadPolicy.any().in("prod").atMostStale(Duration.ZERO))
                .isMet());
    }

    @Test
    void isAsStaleAsWasSaidAndGetsStaler() {
        ReadPolicy hour = ReadPolicy.any().in("default").atMostStale(HOUR);
        fake.stale(HOUR);
        assertEquals(view.freshness(), view.snapshot().freshness());
        assertTrue(view.read(hour).isMet());
        fake.advance(Duration.ofMinutes(1));

        StaleViewException stale = assertThrows(StaleViewException.class, () -> view.read(hour));
        assertEquals(
                "fresh up to of cluster default: 2025-12-31T23:00:00Z, PT1H1M ago (expected: at most PT1H ago)",
                stale.getMessage());
        assertEquals(1, view.read(hour.servingMarked()).unmet().size());
        fake.fresh();
        assertTrue(view.read(hour).isMet());
    }

    @Test
    void isFreshUpToAMomentOrWasNeverConfirmed() {
        fake.freshUpTo(FakeClusterState.START);
        fake.advance(HOUR);
        assertEquals(Optional.of(FakeClusterState.START), view.freshness().freshUpTo());

        fake.neverConfirmed();
        assertEquals(Optional.empty(), view.freshness().freshUpTo());
        assertEquals(Map.of(), view.freshness().clusters());
        assertThrows(StaleViewException.class, () -> view.read(ReadPolicy.any().atMostStale(HOUR.multipliedBy(99))));
        assertMessage(
                "moment: 2026-01-01T01:00:01Z (expected: at most 2026-01-01T01:00:00Z)",
                () -> fake.freshUpTo(FakeClusterState.START.plus(HOUR).plusSeconds(1)));
    }

    @Test
    void batchesAreMarkedAsOnAMirror() {
        List<ChangeBatch.Type> types = new ArrayList<>();
        fake.put(task("a"));
        view.subscribe(Listeners.types(types));
        fake.put(task("b"));
        fake.subscribers().reset();

        assertEquals(List.of(ChangeBatch.Type.INITIAL, ChangeBatch.Type.LIVE, ChangeBatch.Type.RESET), types);
    }
}
