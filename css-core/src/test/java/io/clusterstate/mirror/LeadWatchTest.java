package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.StoreLink;
import io.clusterstate.internal.ecs.EcsReach;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.mirror.MirrorStatus.Phase;
import io.clusterstate.spi.Coordination.Leader;
import io.clusterstate.testing.TestCoordination;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;

class LeadWatchTest {

    private static final Duration INTERVAL = Duration.ofMinutes(20);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(30);
    private static final String UNANSWERED = "ecs client: no answer since 2026-11-23T12:00:00Z, last failure:"
            + " software.amazon.awssdk.core.exception.SdkClientException: no route (expected: an answer within 30 s)";

    private final TestTime time = new TestTime();
    private final Environment environment = new Environment(time, time, Thread::new, new Random(1));
    private final TestCoordination coordination = new TestCoordination();
    private final EcsReach reach = new EcsReach(environment);
    private final LeadWatch watch = new LeadWatch(coordination, reach, environment, INTERVAL);

    @Test
    void aLeaderThatEcsDoesNotAnswerResigns() {
        watch.look();
        fail();
        time.advance(ANSWERED_WITHIN.minus(SECOND));
        watch.look();
        assertEquals(List.of(), coordination.resignations());

        time.advance(SECOND);
        watch.look();

        assertEquals(List.of(UNANSWERED), coordination.resignations());
        assertEquals(Optional.of(UNANSWERED), watch.problem(Phase.READY));
    }

    @Test
    void aLeaderWhosePassIsLongOrThatHasNothingToDoKeepsTheLead() throws InterruptedException {
        watch.look();
        for (int i = 0; i < 100; i++) {
            reach.attempt(() -> "answer");
            fail();
            time.advance(ANSWERED_WITHIN.minus(SECOND));
            watch.look();
        }
        reach.attempt(() -> "answer");
        time.advance(INTERVAL);

        watch.look();

        assertEquals(List.of(), coordination.resignations());
    }

    @Test
    void whatFailedBeforeATermDoesNotEndIt() {
        coordination.term(0);
        watch.look();
        fail();
        time.advance(INTERVAL);
        coordination.term(2);

        watch.look();
        assertEquals(List.of(), coordination.resignations());
        time.advance(ANSWERED_WITHIN);
        watch.look();

        assertEquals(1, coordination.resignations().size());
    }

    @Test
    void aLeaderThatConfirmsNothingIsAProblemOfAMirrorThatLoads() {
        coordination.term(0);
        Leader leader = new Leader("host-1", time.instant());
        coordination.leader(leader);
        watch.note();
        time.advance(Duration.ofMinutes(1));
        assertEquals(Optional.empty(), watch.problem(Phase.LOADING));

        time.advance(SECOND);

        assertEquals(
                Optional.of("leader: host-1 has confirmed nothing since 2026-11-23T12:00:00Z (expected: within 60 s)"),
                watch.problem(Phase.LOADING));
        coordination.leader(new Leader("host-1", time.instant()));
        assertEquals(Optional.empty(), watch.problem(Phase.LOADING));
    }

    @Test
    void aReadyMirrorWaitsForThreeIntervals() {
        coordination.term(0);
        coordination.leader(new Leader("host-1", time.instant()));
        watch.note();
        time.advance(INTERVAL.multipliedBy(3));
        assertEquals(Optional.empty(), watch.problem(Phase.READY));

        time.advance(SECOND);

        assertEquals(
                Optional.of(
                        "leader: host-1 has confirmed nothing since 2026-11-23T12:00:00Z (expected: within 3600 s)"),
                watch.problem(Phase.READY));
    }

    @Test
    void aLeadThatNobodyTakesIsAProblemAfterAMinute() {
        coordination.leader(new Leader("host-1", time.instant()));
        coordination.term(0);
        watch.note();
        time.advance(INTERVAL);
        coordination.leader(null);
        watch.note();
        time.advance(Duration.ofMinutes(1));
        assertEquals(Optional.empty(), watch.problem(Phase.READY));

        time.advance(SECOND);

        assertEquals(
                Optional.of("leader: none since 2026-11-23T12:20:00Z (expected: within 60 s)"),
                watch.problem(Phase.READY));
    }

    @Test
    void theLeaderItselfAndAMirrorThatDoesNotRunHaveNoProblemWithTheLead() {
        time.advance(INTERVAL);
        assertEquals(Optional.empty(), watch.problem(Phase.READY));

        coordination.term(0);

        assertEquals(Optional.empty(), watch.problem(Phase.LATENT));
        assertEquals(Optional.empty(), watch.problem(Phase.CLOSED));
    }

    @Test
    void whileTheStoreIsAwayNothingCanBeHeardOfTheLeader() {
        coordination.term(0);
        coordination.leader(new Leader("host-1", time.instant()));
        coordination.link(StoreLink.State.STALE);
        time.advance(INTERVAL.multipliedBy(4));
        assertEquals(Optional.empty(), watch.problem(Phase.READY));

        coordination.link(StoreLink.State.LIVE);
        assertEquals(Optional.empty(), watch.problem(Phase.READY));
    }

    private void fail() {
        assertThrows(
                SdkClientException.class,
                () -> reach.attempt(() -> {
                    throw SdkClientException.create("no route");
                }));
    }
}
