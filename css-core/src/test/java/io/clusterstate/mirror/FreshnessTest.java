package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ReadPolicy;
import io.clusterstate.StaleViewException;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.testing.Await;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The freshness of the view, and its causes. */
class FreshnessTest {

    private static final String CLUSTER = "default";
    /** Stamps grow by a nanosecond where the turned clock stands. */
    private static final Duration STAMPS = Duration.ofMillis(1);

    private final MirroredEcs ecs =
            MirroredEcs.of(Simulator.builder().seed(3).clusters(2).tasks(60));

    @BeforeEach
    void makeReady() throws Exception {
        ecs.ready();
    }

    @AfterEach
    void end() {
        ecs.close();
    }

    @Test
    @Promise(6)
    void isTheBeginningOfTheLastCompletePassLessTheAllowance() throws Exception {
        assertAbout(TestTime.START.minus(MirroredEcs.ALLOWANCE), wholeUpTo());
        ecs.time().advance(Duration.ofHours(1));

        ecs.reconcileAll();

        assertAbout(TestTime.START.plus(Duration.ofHours(1)).minus(MirroredEcs.ALLOWANCE), wholeUpTo());
        Await.await(() -> ecs.view().snapshot().freshness().freshUpTo().equals(wholeUpTo()));
    }

    @Test
    @Promise(6)
    void neitherTimeNorEventsMoveIt() throws Exception {
        Optional<Instant> before = wholeUpTo();
        ecs.time().advance(Duration.ofHours(1));
        String arn = ecs.anyTask(CLUSTER).taskArn();
        ecs.world().ecs().stopTask(request -> request.cluster(CLUSTER).task(arn));
        ecs.simulator().tick();
        Await.await(() -> ecs.view().freshness().lastEventAt().isPresent());

        assertEquals(before, wholeUpTo());
    }

    @Test
    @Promise(6)
    void isThatOfTheStalestCluster() throws Exception {
        Optional<Instant> before = wholeUpTo();
        ecs.time().advance(Duration.ofHours(1));

        ecs.reconcile(CLUSTER);

        assertEquals(before, wholeUpTo());
        assertTrue(ecs.view().freshness().upTo(CLUSTER).orElseThrow().isAfter(before.orElseThrow()));
    }

    @Test
    @Promise(6)
    void doesNotMoveWhileEcsCannotBeReached() throws Exception {
        var before = ecs.view().freshness().clusters();
        ecs.simulator().faults().ecsOutage(true);
        ecs.time().advance(Duration.ofHours(1));

        assertFalse(ecs.reconcile(CLUSTER).isComplete());

        assertEquals(before, ecs.view().freshness().clusters());
    }

    @Test
    @Promise(6)
    void aReaderThatDemandsMoreThanIsProvenIsRefusedOrServedMarked() throws Exception {
        ReadPolicy policy = ReadPolicy.any().atMostStale(Duration.ofMinutes(10));
        assertTrue(ecs.view().read(policy).isMet());
        ecs.time().advance(Duration.ofHours(1));

        StaleViewException refused =
                assertThrows(StaleViewException.class, () -> ecs.view().read(policy));
        assertTrue(refused.getMessage().contains("(expected: at most PT10M ago)"), refused.getMessage());
        ReadPolicy.Result marked = ecs.view().read(policy.servingMarked());
        assertEquals(1, marked.unmet().size());
        assertFalse(marked.snapshot().tasks().list().isEmpty());

        ecs.reconcile(CLUSTER);
        assertTrue(ecs.view().read(policy.in(CLUSTER)).isMet());
        assertThrows(StaleViewException.class, () -> ecs.view().read(policy.in("sim-2")));
    }

    @Test
    void aReaderCanDemandARevision() {
        long revision = ecs.snapshot().revision();

        assertTrue(ecs.view().read(ReadPolicy.any().atLeastRevision(revision)).isMet());
        assertThrows(
                StaleViewException.class, () -> ecs.view().read(ReadPolicy.any().atLeastRevision(revision + 1)));
    }

    @Test
    void aClockThatIsSetBackDoesNotKeepChangesOut() throws Exception {
        ecs.time().setClockAhead(Duration.ofHours(-1));
        var service = ecs.snapshot().services().in(CLUSTER).first().orElseThrow();
        int wanted = service.desiredCount() + 3;
        ecs.world().ecs().updateService(request -> request.cluster(CLUSTER)
                .service(service.serviceName())
                .desiredCount(wanted));

        ecs.reconcile(CLUSTER);

        assertEquals(
                wanted, ecs.view().service(service.serviceArn()).orElseThrow().desiredCount());
    }

    @Test
    @Promise(8)
    void aClockThatIsSetForwardProvesNothing() throws Exception {
        String arn = ecs.anyTask(CLUSTER).taskArn();
        ecs.simulator().vanishTask(arn);
        ecs.time().setClockAhead(Duration.ofHours(1));

        ReconcileReport report = ecs.reconcile(CLUSTER);

        assertTrue(ecs.view().task(arn).isPresent());
        assertEquals(1, report.drift().unproven());
    }

    private Optional<Instant> wholeUpTo() {
        return ecs.view().freshness().freshUpTo();
    }

    private static void assertAbout(Instant expected, Optional<Instant> actual) {
        Duration apart = Duration.between(expected, actual.orElseThrow()).abs();
        assertTrue(apart.compareTo(STAMPS) < 0, () -> actual + " (expected: " + expected + ")");
    }
}
