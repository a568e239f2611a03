package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ReadPolicy;
import io.clusterstate.Snapshot;
import io.clusterstate.StaleViewException;
import io.clusterstate.StoreLink;
import io.clusterstate.TestViews;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.mirror.MirrorStatus.Phase;
import io.clusterstate.mirror.MirrorStatus.Role;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.SimulatorBuilder;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.TestCoordination;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** A mirror on a shared store, while a mirror of the store leads, follows or is cut off. */
class SharedStoreTest {

    private static final String CLUSTER = "default";
    private static final String OTHER = "sim-2";
    /** The time of a predecessor's reconcile, on the clock of the test. */
    private static final Instant LATELY =
            TestTime.START.minus(MirroredEcs.ALLOWANCE).minus(Duration.ofMinutes(10));

    private static final Instant LONG_AGO = LATELY.minus(Duration.ofDays(2));
    private static final String NOT_LEADING =
            "reconcileNow: another process leads (expected: a request to the mirror that leads)";

    /** The calls that the list of few clusters takes: ListClusters and DescribeClusters. */
    private static final int LIST_OF_CLUSTERS = 2;
    /** The call that a mirror on a shared store makes once, to check which account its client reads. */
    private static final int CHECK = 1;

    private final TestTime time = new TestTime();
    private final TestCoordination coordination = new TestCoordination();
    private final FencedStore store = new FencedStore(coordination, time);
    private final MirroredEcs ecs = MirroredEcs.of(time, small(), builder -> builder.store(store));
    private final List<ReconcileReport> reports = ecs.reports();

    @AfterEach
    void end() {
        store.reconcileDoor.open();
        ecs.close();
    }

    /** The mirror reads the time after its phase and before its loops, where another thread may find a loaded store. */
    @Test
    void aMirrorThatIsReadyWhileItStartsRunsItsLoops() {
        TestCoordination loaded = new TestCoordination();
        AtomicBoolean isNext = new AtomicBoolean();
        TestTime time = new TestTime() {
            @Override
            public long nanos() {
                if (isNext.compareAndSet(true, false)) {
                    loaded.confirm(confirmed(LATELY, LATELY), loaded.term());
                }
                return super.nanos();
            }
        };
        try (MirroredEcs early = MirroredEcs.of(
                time,
                Simulator.builder().seed(3).clusters(1).tasks(5),
                builder -> builder.store(new FencedStore(loaded, time)))) {
            isNext.set(true);
            early.mirror().start();

            assertEquals(Phase.READY, early.mirror().status().phase());
            assertFalse(early.mirror().status().loops().isEmpty());
        }
    }

    @Test
    void aFollowerAsksNothingAndIsReadyWhenTheLeaderHasLoaded() throws Exception {
        coordination.term(0);
        ecs.mirror().start();
        ecs.awaitRounds("reconcile");
        assertEquals(Phase.LOADING, ecs.mirror().status().phase());
        TimeoutException late =
                assertThrows(TimeoutException.class, () -> ecs.view().awaitReady(Duration.ZERO));
        assertTrue(
                late.getMessage().contains("the first load, by another process that leads; store: LIVE"),
                late.getMessage());

        coordination.confirm(confirmed(LATELY, LATELY), coordination.term());

        ecs.view().awaitReady(MirroredEcs.LIMIT);
        assertEquals(Optional.of(LATELY), ecs.view().freshness().freshUpTo());
        String arn = stopAnyTask();
        await(() -> ecs.view().task(arn).isPresent());
        ecs.awaitRounds("reconcile");
        assertEquals(0, calls("List"));
        assertEquals(List.of(), ecs.mirror().status().problems());
    }

    @Test
    void whatIsConfirmedMakesNobodyReadyBeforeItsStoreIsLoaded() throws Exception {
        coordination.term(0);
        coordination.link(StoreLink.State.LOADING);
        ecs.mirror().start();

        coordination.confirm(confirmed(LATELY, LATELY), coordination.term());
        assertEquals(Phase.LOADING, ecs.mirror().status().phase());

        coordination.link(StoreLink.State.WARM);
        assertEquals(Phase.READY, ecs.mirror().status().phase());
    }

    @Test
    void theStatusTellsWhoLeads() {
        assertEquals(Role.LEADER, ecs.mirror().status().role());
        coordination.term(0);
        assertEquals(Role.FOLLOWER, ecs.mirror().status().role());
        coordination.term(7);
        assertEquals(Role.LEADER, ecs.mirror().status().role());
        try (MirroredEcs alone = MirroredEcs.of(small())) {
            assertEquals(Role.SOLE, alone.mirror().status().role());
        }
    }

    @Test
    void aFollowerIsNotToBeAskedToCompare() throws Exception {
        ecs.ready();
        coordination.term(0);

        assertEquals(NOT_LEADING, failure(ecs.mirror().reconcileNow(CLUSTER)));
        assertEquals(NOT_LEADING, failure(ecs.mirror().reconcileNow("nowhere")));
        assertEquals(NOT_LEADING, failure(ecs.mirror().reconcileNow()));
    }

    @Test
    void whoWaitsForAReconcileIsToldWhenTheLeadIsLost() throws Exception {
        ecs.ready();
        store.reconcileDoor.shut();
        CompletableFuture<ReconcileReport> underWay = ecs.mirror().reconcileNow(CLUSTER);
        store.reconcileDoor.awaitSomebody();
        CompletableFuture<ReconcileReport> waiting = ecs.mirror().reconcileNow(CLUSTER);

        coordination.term(0);

        assertEquals(NOT_LEADING, failure(waiting));
        assertFalse(underWay.isDone());
        store.reconcileDoor.open();
        assertEquals("the lead was lost during the pass (expected: to lead until its end)", failure(underWay));
    }

    @Test
    void whoHasLostTheLeadComparesNoMoreHoweverOverdue() throws Exception {
        ecs.ready();
        Map<String, Long> before = ecs.simulator().calls();
        coordination.term(0);

        time.advance(Duration.ofDays(2));
        ecs.awaitRounds("reconcile");

        assertEquals(before, ecs.simulator().calls());
    }

    @Test
    void whatWentWrongWhileItLedIsNoProblemOfAFollower() throws Exception {
        ecs.ready();
        ecs.simulator().faults().failAbout(ecs.anyTask(CLUSTER).taskArn(), "AccessDeniedException");
        assertFalse(ecs.reconcile(CLUSTER).isComplete());
        ecs.simulator().faults().failNext("ListClusters", 1, "AccessDeniedException");
        assertThrows(ExecutionException.class, ecs::reconcileAll);
        assertEquals(2, ecs.mirror().status().problems().size());

        coordination.term(0);

        assertEquals(List.of(), ecs.mirror().status().problems());
        assertEquals(2, ecs.mirror().status().reconciles().size(), "but its reports can still be had");
    }

    @Test
    @Promise(6)
    void aSuccessorGoesOnWithWhatWasConfirmedAndComparesNothingBeforeItIsDue() throws Exception {
        follow(confirmed(LATELY, LATELY));
        List<Optional<Instant>> told = new CopyOnWriteArrayList<>();
        coordination.afterMove(() -> told.add(coordination.confirmation().whole()));

        coordination.term(2);

        await(() -> coordination.confirmation().listUpTo().orElseThrow().isAfter(LATELY));
        assertEquals(
                Map.of("ListClusters", 1L, "DescribeClusters", 2L),
                ecs.simulator().calls());
        assertFalse(ecs.reconcile(CLUSTER).isFirst());
        assertFalse(ecs.reconcile(OTHER).isFirst());
        assertEquals(List.of(arn(CLUSTER), arn(OTHER)), compared(), "when they were asked for, and not before");
        assertEquals(CHECK + LIST_OF_CLUSTERS + callsOfComparisons(), calls(""));
        assertTrue(told.stream().allMatch(whole -> !whole.orElseThrow().isBefore(LATELY)), told::toString);
        assertTrue(ecs.view().freshness().freshUpTo().orElseThrow().isAfter(LATELY));
    }

    @Test
    void aSuccessorComparesAtOnceWhatIsOverdue() throws Exception {
        follow(confirmed(LONG_AGO, LATELY));

        coordination.term(2);

        await(() -> ecs.view().freshness().freshUpTo().orElseThrow().equals(LATELY));
        await(() -> coordination.confirmation().listUpTo().orElseThrow().isAfter(LATELY));
        ecs.reconcile(OTHER);
        assertEquals(List.of(arn(CLUSTER), arn(OTHER)), compared());
        assertEquals(CHECK + LIST_OF_CLUSTERS + callsOfComparisons(), calls(""));
    }

    @Test
    void aSuccessorEndsTheFirstLoadThatAnotherHasBegun() throws Exception {
        coordination.term(0);
        coordination.confirm(
                new Confirmation(false, Optional.empty(), Map.of(arn(CLUSTER), LATELY)), coordination.term());
        ecs.mirror().start();
        ecs.awaitRounds("reconcile");
        assertFalse(ecs.view().isReady());

        coordination.term(2);

        ecs.view().awaitReady(MirroredEcs.LIMIT);
        assertEquals(List.of(arn(OTHER)), compared());
        assertTrue(coordination.confirmation().isLoaded());
        assertEquals(Optional.of(LATELY), ecs.view().freshness().freshUpTo());
    }

    @Test
    @Promise(6)
    void whatWasFoundInAnEarlierTermTakesNoFreshnessBack() throws Exception {
        ecs.ready();
        store.reconcileDoor.shut();
        CompletableFuture<ReconcileReport> underWay = ecs.mirror().reconcileNow(CLUSTER);
        store.reconcileDoor.awaitSomebody();
        long lists = ecs.simulator().calls().get("ListClusters");
        coordination.term(0);
        time.advance(Duration.ofHours(1));
        Instant byAnother = time.instant().minus(MirroredEcs.ALLOWANCE);
        coordination.confirm(confirmed(byAnother, byAnother), coordination.term());

        coordination.term(2);
        await(() -> ecs.simulator().calls().get("ListClusters") > lists);
        store.reconcileDoor.open();

        assertEquals("the lead was lost during the pass (expected: to lead until its end)", failure(underWay));
        assertEquals(Optional.of(byAnother), ecs.view().freshness().upTo(CLUSTER));
    }

    @Test
    @Promise(8)
    void aTermThatIsLostInTheMiddleOfAPassRemovesNothing() throws Exception {
        ecs.ready();
        String vanished = ecs.anyTask(CLUSTER).taskArn();
        ecs.simulator().vanishTask(vanished);
        time.advance(MirroredEcs.A_WHILE);
        Confirmation before = coordination.confirmation();
        store.reconcileDoor.shut();
        CompletableFuture<ReconcileReport> underWay = ecs.mirror().reconcileNow(CLUSTER);
        store.reconcileDoor.awaitSomebody();

        coordination.term(0);
        store.reconcileDoor.open();

        assertThrows(ExecutionException.class, () -> underWay.get(MirroredEcs.LIMIT.toSeconds(), TimeUnit.SECONDS));
        assertEquals(1, store.refused());
        ReconcileReport report = reports.get(reports.size() - 1);
        assertTrue(report.failure().orElseThrow().contains("another term"), report.toString());
        assertEquals(0, report.drift().removed());
        assertTrue(ecs.view().task(vanished).isPresent());
        assertEquals(before, coordination.confirmation());
        assertEquals(Role.FOLLOWER, ecs.mirror().status().role());
        Map<String, Long> calls = ecs.simulator().calls();
        ecs.awaitRounds("reconcile");
        assertEquals(calls, ecs.simulator().calls());
    }

    @Test
    @Promise(8)
    void whatAPredecessorMayHaveListedLatelyIsNotGoneAtTheFirstLook() throws Exception {
        ecs.ready();
        coordination.term(0);
        String vanished = ecs.anyTask(CLUSTER).taskArn();
        time.advance(MirroredEcs.A_WHILE);
        Instant byAnother = time.instant().minus(MirroredEcs.ALLOWANCE);
        coordination.confirm(confirmed(byAnother, byAnother), coordination.term());
        ecs.simulator().vanishTask(vanished);
        coordination.term(2);

        assertEquals(1, ecs.reconcile(CLUSTER).drift().unproven());

        assertTrue(ecs.view().task(vanished).isPresent());
        assertEquals(1, ecs.reconcileAfterAWhile(CLUSTER).drift().removed());
        assertTrue(ecs.view().task(vanished).isEmpty());
    }

    @Test
    @Promise(5)
    void whileItIsCutOffTheQueueIsLeftAloneAndTheViewAnswers() throws Exception {
        ecs.ready();
        coordination.link(StoreLink.State.STALE);
        ecs.awaitRounds("poll");

        String arn = stopAnyTask();
        ecs.awaitRounds("poll");

        assertEquals("RUNNING", ecs.view().task(arn).orElseThrow().desiredStatus());
        assertEquals(
                List.of("store: last heard of at " + Entities.NOW + " (expected: to answer)"),
                ecs.mirror().status().problems());
        assertEquals(Set.of("1"), receipts(), "the test is the first to receive them");

        coordination.link(StoreLink.State.LIVE);

        await(() -> ecs.view().task(arn).orElseThrow().desiredStatus().equals("STOPPED"));
        assertEquals(List.of(), ecs.mirror().status().problems());
    }

    @Test
    void theLinkIsToldWithFreshness() throws Exception {
        ecs.ready();
        assertTrue(ecs.view().read(ReadPolicy.any().live()).isMet());

        coordination.link(StoreLink.State.WARM);

        assertEquals(
                new StoreLink(StoreLink.State.WARM, Entities.NOW),
                ecs.view().freshness().link());
        assertThrows(
                StaleViewException.class, () -> ecs.view().read(ReadPolicy.any().live()));
    }

    @Test
    void whoAwaitsWhatIsCurrentWaitsForTheRevisionOfTheStore() throws Exception {
        ecs.ready();
        long shown = ecs.snapshot().revision();
        assertTrue(ecs.view().awaitCurrent(MirroredEcs.LIMIT).revision() >= shown);
        long revision = ecs.snapshot().revision() + 1;
        coordination.revision(revision);
        CompletableFuture<Snapshot> current = CompletableFuture.supplyAsync(this::awaitCurrent);
        await(() -> TestViews.waiting(ecs.view()) == 1);

        stopAnyTask();

        assertTrue(current.get(MirroredEcs.LIMIT.toSeconds(), TimeUnit.SECONDS).revision() >= revision);
    }

    @Test
    void whoAwaitsWhatIsCurrentInVainIsToldWhereTheViewIs() throws Exception {
        ecs.ready();
        long revision = ecs.snapshot().revision();
        coordination.revision(revision + 1);

        TimeoutException late =
                assertThrows(TimeoutException.class, () -> ecs.view().awaitCurrent(Duration.ofMillis(20)));

        assertTrue(late.getMessage().startsWith("not at revision " + (revision + 1) + " after "), late.getMessage());
        assertTrue(late.getMessage().contains(": snapshot at revision " + revision + ": "), late.getMessage());
    }

    private Snapshot awaitCurrent() {
        try {
            return ecs.view().awaitCurrent(MirroredEcs.LIMIT);
        } catch (TimeoutException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Makes the mirror a follower that is ready. */
    private void follow(Confirmation confirmed) throws Exception {
        coordination.term(0);
        coordination.confirm(confirmed, coordination.term());
        ecs.ready();
        ecs.awaitRounds("reconcile");
        assertEquals(CHECK, calls(""));
    }

    private Confirmation confirmed(Instant cluster, Instant other) {
        return new Confirmation(true, Optional.of(LATELY), Map.of(arn(CLUSTER), cluster, arn(OTHER), other));
    }

    private String arn(String cluster) {
        return ecs.simulator().truth().clusters().stream()
                .map(Cluster::clusterArn)
                .filter(arn -> EcsArn.isNamed(arn, cluster))
                .findFirst()
                .orElseThrow();
    }

    private String stopAnyTask() {
        String arn = ecs.anyTask(CLUSTER).taskArn();
        ecs.world().ecs().stopTask(request -> request.cluster(CLUSTER).task(arn));
        ecs.simulator().tick();
        await(() -> ecs.simulator().calls().containsKey("StopTask"));
        return arn;
    }

    /** How often the simulator's ECS was asked for what begins so. */
    private long calls(String beginning) {
        return ecs.simulator().calls().entrySet().stream()
                .filter(call -> call.getKey().startsWith(beginning))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private List<String> compared() {
        return reports.stream().map(ReconcileReport::clusterArn).toList();
    }

    private long callsOfComparisons() {
        return reports.stream().mapToLong(ReconcileReport::calls).sum();
    }

    /** Receives what is in the queue without keeping it; returns how often each was received. */
    private Set<String> receipts() {
        return ecs
                .world()
                .sqs()
                .receiveMessage(request -> request.queueUrl(ecs.simulator().queueUrl())
                        .maxNumberOfMessages(10)
                        .visibilityTimeout(0)
                        .messageSystemAttributeNames(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
                .messages()
                .stream()
                .map(Message::attributes)
                .map(attributes -> attributes.get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
                .collect(Collectors.toSet());
    }

    private static String failure(CompletableFuture<?> future) {
        ExecutionException failed = assertThrows(
                ExecutionException.class, () -> future.get(MirroredEcs.LIMIT.toSeconds(), TimeUnit.SECONDS));
        return assertInstanceOf(IllegalStateException.class, failed.getCause()).getMessage();
    }

    private static SimulatorBuilder small() {
        return Simulator.builder().seed(13).clusters(2).tasks(60);
    }
}
