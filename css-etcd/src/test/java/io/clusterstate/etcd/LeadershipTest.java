package io.clusterstate.etcd;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.LoopStatus;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.etcdserver.TcpProxy;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.testing.Child;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Of a host's processes one leads, and a former leader knows no later than etcd that it does not. */
class LeadershipTest {

    private static final Duration LEASE = Duration.ofSeconds(2);
    /** Its renewals are in time on a machine that halts a thread for seconds. */
    private static final Duration LENIENT_LEASE = Duration.ofSeconds(8);

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final EtcdServer server = TestEtcd.server();
    private final TcpProxy proxy = TcpProxy.to(server.clientPort());
    private final String namespace = TestEtcd.newNamespace();
    private final List<Leadership> candidates = new ArrayList<>();

    @AfterEach
    void close() {
        candidates.forEach(Leadership::close);
        proxy.close();
    }

    @Test
    void justOneLeadsAndWhenItClosesAnotherDoesAtOnce() throws Exception {
        Leadership first = candidate(straight(), LONG);
        long term = first.awaitLead(LIMIT);
        Leadership second = candidate(straight(), LONG);
        Leadership third = candidate(straight(), LONG);
        await(() -> second.leader().equals(first.leader()) && third.leader().equals(first.leader()));
        assertEquals(0, second.term());
        assertEquals(0, third.term());

        first.close();

        assertEquals(0, first.term());
        await(() -> second.term() > term || third.term() > term);
        assertTrue(second.term() == 0 || third.term() == 0);
    }

    @Test
    void aLeaderKeepsItsTermForLongerThanItsLease() throws Exception {
        Leadership leader = candidate(straight(), LENIENT_LEASE);
        long term = leader.awaitLead(LIMIT);
        long until = System.nanoTime() + LENIENT_LEASE.multipliedBy(2).toNanos();

        await(() -> System.nanoTime() > until || leader.term() != term);

        assertEquals(term, leader.term());
    }

    @Test
    void aLeaderThatIsCutOffLeadsNoMoreBeforeAnotherDoes() throws Exception {
        Leadership cutOff = candidate(at(proxy.endpoint().toString()), LEASE);
        cutOff.awaitLead(LIMIT);
        Leadership other = candidate(straight(), LEASE);
        proxy.silence(true);

        await(() -> {
            long theirs = other.term();
            long its = cutOff.term();
            assertTrue(theirs == 0 || its == 0, "two lead at once");
            return theirs != 0;
        });

        proxy.silence(false);
        await(() -> cutOff.leader().equals(other.leader()));
        assertEquals(0, cutOff.term());
    }

    @Test
    void afterAKillAnotherLeadsWithinALease() throws Exception {
        try (Child killed = child()) {
            await(() -> killed.hasPrinted("leads"));
            Leadership other = candidate(straight(), LEASE);
            await(() -> other.leader().isPresent());

            killed.kill();

            long from = System.nanoTime();
            other.awaitLead(LIMIT);
            Duration took = Duration.ofNanos(System.nanoTime() - from);
            assertTrue(took.compareTo(LEASE.plusSeconds(20)) < 0, () -> "took " + took);
        }
    }

    @Test
    void aProcessThatWasPausedBeyondItsLeaseKnowsAtOnceThatItDoesNotLead() throws Exception {
        try (Child paused = child()) {
            await(() -> paused.hasPrinted("leads"));
            paused.say("before");
            await(() -> paused.hasPrinted("before "));
            assertTrue(!paused.hasPrinted("before 0"), "it leads");
            Leadership other = candidate(straight(), LEASE);

            paused.pause();
            other.awaitLead(LIMIT);
            paused.say("after");
            paused.resume();

            await(() -> paused.hasPrinted("after "));
            assertTrue(paused.hasPrinted("after 0"), () -> paused.lines().toString());
        }
    }

    @Test
    void aTermEndsByTheOwnClockAloneAndThenBeginsAnew() throws Exception {
        TestTime time = new TestTime();
        Leadership leader = new Leadership(
                straight(),
                "scheduler",
                Duration.ofSeconds(60),
                new Environment(time, time, Environment::daemon, new Random(1)));
        candidates.add(leader);
        leader.start();
        long term = leader.awaitLead(LIMIT);

        time.advance(Duration.ofSeconds(59));
        assertEquals(term, leader.term());
        time.advance(Duration.ofSeconds(1));

        assertEquals(0, leader.term(), "although etcd still has the lease");
    }

    /** Between two renewals of a long lease, both loops wait for longer than a step may be silent. */
    @Test
    @Promise(10)
    void theLoopsOfALongLeaseAreNotSilent() throws Exception {
        TestTime time = new TestTime();
        Environment environment = new Environment(time, time, Environment::daemon, new Random(1));
        for (int i = 0; i < 2; i++) {
            Leadership leadership = new Leadership(straight(), "scheduler", Duration.ofMinutes(10), environment);
            candidates.add(leadership);
            leadership.start();
            await(() -> leadership.leader().isPresent());
        }

        time.advance(Duration.ofSeconds(150));

        for (Leadership each : candidates) {
            await(() -> each.loops().stream().allMatch(loop -> loop.state() == LoopStatus.State.WORKING));
        }
    }

    /** The host sets the time limit of a call, and may set it to more than a step may be silent. */
    @Test
    @Promise(10)
    void aLoopThatWaitsForAnAnswerWithinALongLimitIsNotSilent() {
        TestTime time = new TestTime();
        proxy.silence(true);
        Leadership waiting = new Leadership(
                at(proxy.endpoint().toString()).timeout(Duration.ofMinutes(10)),
                "scheduler",
                LONG,
                new Environment(time, time, Environment::daemon, new Random(1)));
        candidates.add(waiting);
        waiting.start();
        await(() -> waiting.loops().get(0).lastBeat().isPresent());

        time.advance(Duration.ofSeconds(150));

        assertEquals(LoopStatus.State.WORKING, waiting.loops().get(0).state(), waiting.loops()::toString);
    }

    @Test
    void whoResignsHesitatesForALeaseAndThenStandsAgain() throws Exception {
        Leadership only = candidate(straight(), LEASE);
        long begun = System.nanoTime();
        for (int i = 0; i < 4; i++) {
            long term = only.awaitLead(LIMIT);
            long from = System.nanoTime();

            only.resign("ecs: does not answer");

            assertEquals(0, only.term(), "at once");
            assertTrue(only.awaitLead(LIMIT) > term);
            Duration took = Duration.ofNanos(System.nanoTime() - from);
            assertTrue(took.compareTo(LEASE) >= 0, () -> "took " + took);
        }
        Duration all = Duration.ofNanos(System.nanoTime() - begun);
        assertTrue(all.compareTo(LEASE.multipliedBy(1 + 2 + 4 + 8)) < 0, () -> "grows each time: took " + all);
    }

    @Test
    void whoResignsLetsAnotherLeadAtOnce() throws Exception {
        Leadership hesitant = candidate(straight(), LONG);
        long term = hesitant.awaitLead(LIMIT);
        Leadership other = candidate(straight(), LONG);
        await(() -> other.leader().isPresent());

        hesitant.resign("ecs: does not answer");

        assertTrue(other.awaitLead(LIMIT) > term);
    }

    @Test
    void namesAreLedApart() throws Exception {
        Leadership one = candidate(straight(), LONG);
        one.awaitLead(LIMIT);
        Leadership another = new Leadership(straight(), "other", LONG, environment());
        candidates.add(another);
        another.start();

        another.awaitLead(LIMIT);

        assertTrue(one.term() != 0);
    }

    @Test
    void aHookRunsAtEachChangeAndMayFail() throws Exception {
        Leadership leader = new Leadership(straight(), "scheduler", LEASE, environment());
        candidates.add(leader);
        AtomicInteger changes = new AtomicInteger();
        leader.onChange(() -> {
            throw new IllegalStateException("a hook of the host");
        });
        leader.onChange(changes::incrementAndGet);
        leader.start();
        leader.awaitLead(LIMIT);
        await(() -> changes.get() > 0);
        int before = changes.get();

        leader.resign("to see a change");

        await(() -> changes.get() > before);
        leader.awaitLead(LIMIT);
    }

    @Test
    void aWaitInVainNamesTheLeaderOrTheFailure() throws Exception {
        Leadership leader = candidate(straight(), LONG);
        leader.awaitLead(LIMIT);
        Leadership other = candidate(straight(), LONG);
        await(() -> other.leader().isPresent());
        assertInVain(other, "(expected: to lead); leader: " + leader.leader().orElseThrow());

        proxy.refuse(true);
        Leadership away = candidate(at(proxy.endpoint().toString()).timeout(Duration.ofMillis(500)), LONG);
        await(() -> away.loops().stream().anyMatch(loop -> loop.state() == LoopStatus.State.FAILING));
        assertInVain(away, "; last failure: ");
        assertEquals(Optional.empty(), away.leader());

        assertInVain(new Leadership(straight(), "none", LONG, environment()), "; not started (expected: started)");
    }

    private static void assertInVain(Leadership leadership, String words) {
        String message = assertThrows(TimeoutException.class, () -> leadership.awaitLead(Duration.ofMillis(50)))
                .getMessage();
        assertTrue(message.contains(words), message);
    }

    @Test
    void whatIsClosedIsOver() throws Exception {
        Leadership leader = candidate(straight(), LONG);
        leader.awaitLead(LIMIT);

        leader.close();
        leader.close();

        assertThrows(IllegalStateException.class, leader::start);
        assertThrows(IllegalStateException.class, () -> leader.awaitLead(LIMIT));
        assertTrue(
                leader.loops().stream().allMatch(loop -> loop.state() == LoopStatus.State.ENDED),
                leader.loops()::toString);
    }

    @Test
    void namesAndLeasesAreChecked() {
        for (String name : List.of("", "a/b", "a b", "é", "a".repeat(65))) {
            assertEquals(
                    "name: " + name + " (expected: 1 to 64 letters, digits, dots, hyphens or underscores)",
                    assertThrows(IllegalArgumentException.class, () -> Leadership.of(straight(), name))
                            .getMessage());
        }
        assertEquals(
                "lease: PT1S (expected: at least PT2S)",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Leadership.of(straight(), "a", Duration.ofSeconds(1)))
                        .getMessage());
        Leadership.of(straight(), "A-Za-z_0.9").close();
    }

    /** A version of the library that knows no leaderships sees keys that it passes over, and so does this one. */
    @Test
    @Promise(13)
    void whatIsLedDisturbsNoStateInTheSameNamespace() throws Exception {
        try (Scene scene = Scene.open(server)) {
            scene.write(3);
            Etcd etcd = Etcd.at(server.endpoint().toString()).namespace(scene.namespace());
            for (int i = 0; i < 3; i++) {
                try (Leadership leader = Leadership.of(etcd, "scheduler", LEASE)) {
                    leader.start();
                    leader.awaitLead(LIMIT);
                    scene.write(3);
                }
            }
            Leadership stays = Leadership.of(etcd, "scheduler", LEASE);
            candidates.add(stays);
            stays.start();
            stays.awaitLead(LIMIT);

            scene.write(3);
            scene.awaitEqual();

            await(() -> scene.view().freshness().link().isLive());
            assertEquals(1, scene.writer().follower().loads());
            try (EtcdStateReader late = EtcdStateReader.of(etcd)) {
                late.start();
                late.view().awaitReady(LIMIT);
                assertEquals(
                        scene.writer().snapshot().revision(),
                        late.view().snapshot().revision());
            }
        }
    }

    private Etcd straight() {
        return at(server.endpoint().toString());
    }

    private Etcd at(String address) {
        return Etcd.at(address).namespace(namespace);
    }

    private Leadership candidate(Etcd etcd, Duration lease) {
        Leadership candidate = new Leadership(etcd, "scheduler", lease, environment());
        candidates.add(candidate);
        candidate.start();
        return candidate;
    }

    private static Environment environment() {
        return EtcdStateStore.builder(TestEtcd.shared()).environment();
    }

    private Child child() throws Exception {
        return Child.start(
                LeaderProcess.class,
                List.of(server.endpoint().toString(), namespace, "scheduler", Long.toString(LEASE.toSeconds())));
    }
}
