package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.EntityKind;
import io.clusterstate.Origin;
import io.clusterstate.StoreLink;
import io.clusterstate.internal.ecs.ApiBudget;
import io.clusterstate.internal.ecs.ApiCounters;
import io.clusterstate.internal.ecs.EcsApi;
import io.clusterstate.internal.ecs.ServiceEvents;
import io.clusterstate.internal.loop.ClockSteps;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.mirror.ScriptedEcs.Reply;
import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.Upsert;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Every part that calls ECS, with every kind of answer. Only MISSING, or an entity that has ended, removes; an unclear
 * answer neither settles a delivery nor lets a pass confirm anything.
 */
@Promise(8)
class AnswerKindsTest {

    private static final Duration ALLOWANCE = Duration.ofMinutes(5);
    private static final String CLUSTER = Entities.clusterArn("prod");
    private static final Task TASK = Entities.task("prod", "1", 5);
    private static final Set<Reply> CLEAR = EnumSet.of(Reply.FOUND, Reply.ENDED, Reply.MISSING);
    /** Of what lives in it, the answer that there is no such cluster says the same as MISSING. */
    private static final Set<Reply> SETTLING =
            EnumSet.of(Reply.FOUND, Reply.ENDED, Reply.MISSING, Reply.CLUSTER_NOT_FOUND);

    private final TestTime time = new TestTime();
    private final Environment environment = new Environment(time, time, Thread::new, new Random(1));
    private final ScriptedEcs ecs = new ScriptedEcs(CLUSTER, TASK);
    private final ReferenceStore store = new ReferenceStore(time, Duration.ofHours(1), Duration.ofDays(1));
    private final RevisionTimes revisions = new RevisionTimes(time, ALLOWANCE);
    private final NoCoordination alone = new NoCoordination(() -> StoreLink.LOCAL);
    private final DescribePool describePool = new DescribePool(2, environment);
    private final ApiBudget budget = new ApiBudget(1, time);
    private final ReconcileContext context = new ReconcileContext(
            store,
            new EcsApi(ecs, budget, new ApiCounters(), environment, new ServiceEvents(10)),
            describePool,
            new Selection(Clusters.all(), List.of(EntityKind.TASK)),
            ALLOWANCE,
            alone,
            new FreshnessTracker(alone, new ClockSteps(time, time::nanos), ALLOWANCE),
            revisions,
            environment);

    @AfterEach
    void end() {
        describePool.stop();
        store.close();
    }

    @ParameterizedTest
    @EnumSource
    void aboutATaskThatIsOnNoList(Reply reply) throws InterruptedException {
        knowTheTaskForLong();
        ecs.aboutTask(reply);

        boolean isConfirmed = isConfirmed(new ReconcilePass(context, CLUSTER, Origin.RECONCILE, () -> {}));

        assertEquals(
                reply == Reply.MISSING, store.snapshot().task(TASK.taskArn()).isEmpty(), "removed");
        assertEquals(CLEAR.contains(reply), isConfirmed, "confirmed");
    }

    @Test
    void whatIsMissingIsRemovedThoughOthersChangeAllTheWhileAndThePassIsSlow() throws InterruptedException {
        knowTheTaskForLong();
        changeOthersFor(ALLOWANCE);
        ecs.aboutTask(Reply.MISSING);
        ecs.beforeEachAnswer(() -> changeOthersFor(Duration.ofSeconds(30)));

        boolean isConfirmed = isConfirmed(new ReconcilePass(context, CLUSTER, Origin.RECONCILE, () -> {}));

        assertEquals(Optional.empty(), store.snapshot().task(TASK.taskArn()));
        assertEquals(true, isConfirmed);
    }

    @Test
    void whatIsMissingIsRemovedThoughAHostWhoseClockWasAheadHasDescribedIt() throws InterruptedException {
        Instant ahead = time.instant().plus(Duration.ofHours(6));
        store.apply(List.of(Upsert.of(EntityKind.TASK, CLUSTER, TASK, Origin.RECONCILE, ahead)));
        revisions.reached(store.snapshot().revision());
        time.advance(ALLOWANCE.multipliedBy(2));
        ecs.aboutTask(Reply.MISSING);

        assertEquals(true, isConfirmed(new ReconcilePass(context, CLUSTER, Origin.RECONCILE, () -> {})));

        assertEquals(Optional.empty(), store.snapshot().task(TASK.taskArn()));
    }

    /** Twice a second something else in the store changes. */
    private void changeOthersFor(Duration span) {
        for (long i = 0; i < span.toMillis(); i += 500) {
            time.advance(Duration.ofMillis(500));
            Task other = Entities.task("other", "busy", time.nanos());
            store.apply(List.of(Upsert.of(EntityKind.TASK, other.clusterArn(), other, Origin.EVENT, time.instant())));
            revisions.reached(store.snapshot().revision());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aboutATaskThatIsListed(Reply reply) throws InterruptedException {
        knowTheTaskForLong();
        ecs.lists(TASK.taskArn());
        ecs.aboutTask(reply);

        boolean isConfirmed = isConfirmed(new ReconcilePass(context, CLUSTER, Origin.RECONCILE, () -> {}));

        assertEquals(false, store.snapshot().task(TASK.taskArn()).isEmpty(), "removed");
        boolean isForgotten = reply == Reply.MISSING; // after the list: the view still has it, and is not confirmed
        assertEquals(CLEAR.contains(reply) && !isForgotten, isConfirmed, "confirmed");
    }

    @ParameterizedTest
    @EnumSource
    void aboutATaskOfADeletedCluster(Reply reply) throws InterruptedException {
        knowTheTaskForLong();
        ecs.aboutTask(reply);
        ReconcilePass pass = new ReconcilePass(context, CLUSTER, Origin.RECONCILE, () -> {});
        AtomicBoolean isRemoved = new AtomicBoolean();

        boolean isConfirmed =
                succeeds(() -> isRemoved.set(pass.removeDeleted(new AbsenceTracker(), time.instant())), pass);

        boolean isGone = reply == Reply.MISSING || reply == Reply.CLUSTER_NOT_FOUND;
        assertEquals(isGone, store.snapshot().task(TASK.taskArn()).isEmpty(), "removed");
        assertEquals(isGone || reply == Reply.ENDED, isRemoved.get(), "buried");
        assertEquals(SETTLING.contains(reply), isConfirmed, "confirmed");
    }

    @ParameterizedTest
    @EnumSource
    void aboutAClusterThatIsKnown(Reply reply) throws InterruptedException {
        ecs.aboutCluster(reply);
        ClusterDiscovery discovery =
                new ClusterDiscovery(context, new Ownership(context.selection().home(), alone));

        if (CLEAR.contains(reply)) {
            ClusterDiscovery.Discovered discovered = discovery.discover(true, Set.of(CLUSTER), 1, () -> {});
            assertEquals(reply == Reply.FOUND ? Set.of(CLUSTER) : Set.of(), discovered.living());
            assertEquals(
                    reply == Reply.FOUND ? Set.of() : Set.of(CLUSTER),
                    discovered.deleted().keySet());
        } else {
            assertThrows(RuntimeException.class, () -> discovery.discover(true, Set.of(CLUSTER), 1, () -> {}));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aboutAClusterThatIsNewAtTheFirstLoad(Reply reply) throws InterruptedException {
        ecs.listsItsCluster();
        ecs.aboutCluster(reply);
        ClusterDiscovery discovery =
                new ClusterDiscovery(context, new Ownership(context.selection().home(), alone));

        if (reply == Reply.FOUND) {
            assertEquals(
                    Set.of(CLUSTER),
                    discovery.discover(false, Set.of(), 1, () -> {}).living());
        } else {
            assertThrows(RuntimeException.class, () -> discovery.discover(false, Set.of(), 1, () -> {}));
        }
        assertEquals(reply == Reply.FOUND, store.snapshot().cluster(CLUSTER).isPresent());
    }

    @ParameterizedTest
    @EnumSource
    void aboutWhatAnEventHintedAt(Reply reply) throws InterruptedException {
        ecs.aboutTask(reply);
        for (int receipt = 1; receipt <= 3; receipt++) {
            boolean isBelievable = reply == Reply.FOUND || reply == Reply.ENDED || receipt > 1;
            assertEquals(SETTLING.contains(reply) && isBelievable, isSettled(receipt, false), reply + " at " + receipt);
        }
        assertEquals(SETTLING.contains(reply), isSettled(1, true), "of an event of the past");
    }

    @Test
    @Promise(4)
    void aDeliveryIsKeptFromComingAgainWhileTheCallAboutItHangs() {
        ScriptedSource source = new ScriptedSource();
        DescribeQueue describeQueue = new DescribeQueue(time, budget);
        DescribeWorker describeWorker = new DescribeWorker(describeQueue, context, source, new EventCounters(time));
        Delivery delivery = new Delivery("m", "", "r", time.instant(), Optional.empty(), 1);
        describeQueue.hint(EntityKind.TASK, CLUSTER, TASK.taskArn(), delivery, false);
        List<Integer> keptAtEachAttempt = new ArrayList<>();
        ecs.aboutTask(Reply.OUTAGE);
        ecs.beforeEachAnswer(() -> {
            keptAtEachAttempt.add(source.kept().size());
            time.advance(Duration.ofSeconds(8)); // the limit of an attempt
        });
        time.advance(Duration.ofSeconds(1));

        assertThrows(RuntimeException.class, () -> describeWorker.step(() -> {}));

        assertEquals(List.of(0, 0, 0, 1), keptAtEachAttempt);
    }

    /** Whether a delivery that hinted at the task is settled when ECS was asked. */
    private boolean isSettled(int receipt, boolean isOfThePast) throws InterruptedException {
        ScriptedSource source = new ScriptedSource();
        DescribeQueue describeQueue = new DescribeQueue(time, budget);
        DescribeWorker describeWorker = new DescribeWorker(describeQueue, context, source, new EventCounters(time));
        Delivery delivery = new Delivery("m", "body", "r", time.instant(), Optional.empty(), receipt);
        describeQueue.hint(EntityKind.TASK, CLUSTER, TASK.taskArn(), delivery, isOfThePast);
        time.advance(Duration.ofSeconds(1));
        try {
            describeWorker.step(() -> {});
        } catch (RuntimeException e) {
            assertEquals(List.of(delivery.withoutBody()), describeQueue.close(), "an outage keeps the enquiry");
        }
        return !source.settled().isEmpty();
    }

    private void knowTheTaskForLong() {
        store.apply(List.of(Upsert.of(EntityKind.TASK, CLUSTER, TASK, Origin.EVENT, time.instant())));
        revisions.reached(store.snapshot().revision());
        time.advance(ALLOWANCE.multipliedBy(2));
    }

    private static boolean isConfirmed(ReconcilePass pass) throws InterruptedException {
        return succeeds(() -> pass.reconcile(new AbsenceTracker()), pass);
    }

    private static boolean succeeds(Comparison comparison, ReconcilePass pass) throws InterruptedException {
        try {
            comparison.run();
            return pass.doubt().isEmpty();
        } catch (RuntimeException e) {
            return false;
        }
    }

    private interface Comparison {
        void run() throws InterruptedException;
    }
}
