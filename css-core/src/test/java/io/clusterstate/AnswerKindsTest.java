package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.ScriptedEcs.Reply;
import io.clusterstate.internal.loop.ClockSteps;
import io.clusterstate.internal.loop.Surroundings;
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
 * Every place that asks ECS, with every kind of answer: nothing but MISSING, or an entity that has ended, removes; an
 * unclear answer neither settles a delivery nor lets a pass confirm anything.
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
    private final Surroundings surroundings = new Surroundings(time, time, Thread::new, new Random(1));
    private final ScriptedEcs ecs = new ScriptedEcs(CLUSTER, TASK);
    private final ReferenceStore store = new ReferenceStore(time, Duration.ofHours(1), Duration.ofDays(1));
    private final RevisionTimes revisions = new RevisionTimes(time, ALLOWANCE);
    private final Alone alone = new Alone(() -> StoreLink.LOCAL);
    private final Crew crew = new Crew(2, surroundings);
    private final ApiBudget budget = new ApiBudget(1, time);
    private final ReconcileTools tools = new ReconcileTools(
            store,
            new EcsApi(ecs, budget, new ApiTally(), surroundings, new ServiceEvents(10)),
            crew,
            new Selection(Clusters.all(), List.of(EntityKind.TASK)),
            ALLOWANCE,
            alone,
            new FreshnessBook(alone, new ClockSteps(time, time), ALLOWANCE),
            revisions,
            surroundings);

    @AfterEach
    void end() {
        crew.stop();
        store.close();
    }

    @ParameterizedTest
    @EnumSource
    void aboutATaskThatIsOnNoList(Reply reply) throws InterruptedException {
        knowTheTaskForLong();
        ecs.aboutTask(reply);

        boolean isConfirmed = isConfirmed(new ClusterPass(tools, CLUSTER, Origin.RECONCILE, () -> {}));

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

        boolean isConfirmed = isConfirmed(new ClusterPass(tools, CLUSTER, Origin.RECONCILE, () -> {}));

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

        assertEquals(true, isConfirmed(new ClusterPass(tools, CLUSTER, Origin.RECONCILE, () -> {})));

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

        boolean isConfirmed = isConfirmed(new ClusterPass(tools, CLUSTER, Origin.RECONCILE, () -> {}));

        assertEquals(false, store.snapshot().task(TASK.taskArn()).isEmpty(), "removed");
        assertEquals(CLEAR.contains(reply), isConfirmed, "confirmed");
    }

    @ParameterizedTest
    @EnumSource
    void aboutATaskOfADeletedCluster(Reply reply) throws InterruptedException {
        knowTheTaskForLong();
        ecs.aboutTask(reply);
        ClusterPass pass = new ClusterPass(tools, CLUSTER, Origin.RECONCILE, () -> {});
        AtomicBoolean isBuried = new AtomicBoolean();

        boolean isConfirmed = succeeds(() -> isBuried.set(pass.bury(new AbsenceMemory(), time.instant())), pass);

        boolean isGone = reply == Reply.MISSING || reply == Reply.CLUSTER_NOT_FOUND;
        assertEquals(isGone, store.snapshot().task(TASK.taskArn()).isEmpty(), "removed");
        assertEquals(isGone || reply == Reply.ENDED, isBuried.get(), "buried");
        assertEquals(SETTLING.contains(reply), isConfirmed, "confirmed");
    }

    @ParameterizedTest
    @EnumSource
    void aboutAClusterThatIsKnown(Reply reply) throws InterruptedException {
        ecs.aboutCluster(reply);
        ClusterRoll roll = new ClusterRoll(tools);

        if (CLEAR.contains(reply)) {
            ClusterRoll.Called called = roll.call(true, Set.of(CLUSTER), () -> {});
            assertEquals(reply == Reply.FOUND ? Set.of(CLUSTER) : Set.of(), called.living());
            assertEquals(
                    reply == Reply.FOUND ? Set.of() : Set.of(CLUSTER),
                    called.deleted().keySet());
        } else {
            assertThrows(RuntimeException.class, () -> roll.call(true, Set.of(CLUSTER), () -> {}));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aboutAClusterThatIsNewAtTheFirstLoad(Reply reply) throws InterruptedException {
        ecs.listsItsCluster();
        ecs.aboutCluster(reply);
        ClusterRoll roll = new ClusterRoll(tools);

        if (reply == Reply.FOUND) {
            assertEquals(Set.of(CLUSTER), roll.call(false, Set.of(), () -> {}).living());
        } else {
            assertThrows(RuntimeException.class, () -> roll.call(false, Set.of(), () -> {}));
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
        Enquiries enquiries = new Enquiries(time, budget);
        Describer describer = new Describer(enquiries, tools, source, new EventTally(time));
        Delivery delivery = new Delivery("m", "", "r", time.instant(), Optional.empty(), 1);
        enquiries.hint(EntityKind.TASK, CLUSTER, TASK.taskArn(), delivery, false);
        List<Integer> keptAtEachAttempt = new ArrayList<>();
        ecs.aboutTask(Reply.OUTAGE);
        ecs.beforeEachAnswer(() -> {
            keptAtEachAttempt.add(source.kept().size());
            time.advance(Duration.ofSeconds(8)); // the limit of an attempt
        });
        time.advance(Duration.ofSeconds(1));

        assertThrows(RuntimeException.class, () -> describer.step(() -> {}));

        assertEquals(List.of(0, 0, 0, 1), keptAtEachAttempt);
    }

    /** Whether a delivery that hinted at the task is settled when ECS was asked. */
    private boolean isSettled(int receipt, boolean isOfThePast) throws InterruptedException {
        ScriptedSource source = new ScriptedSource();
        Enquiries enquiries = new Enquiries(time, budget);
        Describer describer = new Describer(enquiries, tools, source, new EventTally(time));
        Delivery delivery = new Delivery("m", "body", "r", time.instant(), Optional.empty(), receipt);
        enquiries.hint(EntityKind.TASK, CLUSTER, TASK.taskArn(), delivery, isOfThePast);
        time.advance(Duration.ofSeconds(1));
        try {
            describer.step(() -> {});
        } catch (RuntimeException e) {
            assertEquals(List.of(delivery.withoutBody()), enquiries.close(), "an outage keeps the enquiry");
        }
        return !source.settled().isEmpty();
    }

    private void knowTheTaskForLong() {
        store.apply(List.of(Upsert.of(EntityKind.TASK, CLUSTER, TASK, Origin.EVENT, time.instant())));
        revisions.reached(store.snapshot().revision());
        time.advance(ALLOWANCE.multipliedBy(2));
    }

    private static boolean isConfirmed(ClusterPass pass) throws InterruptedException {
        return succeeds(() -> pass.compare(new AbsenceMemory()), pass);
    }

    private static boolean succeeds(Comparison comparison, ClusterPass pass) throws InterruptedException {
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
