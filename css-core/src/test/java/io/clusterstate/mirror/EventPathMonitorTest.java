package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.Origin;
import io.clusterstate.internal.event.ParsedBody;
import io.clusterstate.internal.loop.Loop;
import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.Upsert;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Seeds;
import io.clusterstate.testing.TestCoordination;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** The problems that are reported when events do not arrive, and when they do. */
class EventPathMonitorTest {

    private static final String A = "a";
    private static final String ARN = Entities.clusterArn(A);
    private static final Duration INTERVAL = Duration.ofMinutes(20);
    private static final Duration GRACE = EventPath.GRACE;

    private final WatchedPath path = new WatchedPath().loaded(A);

    @Test
    void twoPassesThatFoundWhatNoEventToldAreNoChance() {
        path.quiet(INTERVAL).passFinds(A, 3);
        path.quiet(INTERVAL);
        assertEquals(List.of(), path.problems(), "one may be");
        path.passFinds(A, 1);
        assertEquals(List.of(), path.problems(), "its events may be under way");

        path.quiet(GRACE);

        assertEquals(
                List.of("task events of " + ARN + " do not reach this queue: passes found 4 changes that no event"
                        + " has reported (expected: a rule for the source aws.ecs and the detail-type \"ECS Task State"
                        + " Change\" with this queue as its target, a queue policy that permits the rule to send, and"
                        + " no other consumer of the queue)"),
                path.problems());
    }

    @Test
    void norIsOnePassThatFoundMany() {
        path.quiet(INTERVAL).passFinds(A, EventPath.CHANGES);
        path.quiet(GRACE.minusSeconds(14));
        assertEquals(List.of(), path.problems());

        path.quiet(Duration.ofSeconds(14));

        assertSilent("task", ARN);
    }

    @Test
    void aPassThatFoundFewMayBeChance() {
        path.quiet(INTERVAL).passFinds(A, EventPath.CHANGES - 1);

        path.quiet(INTERVAL).found(A, List.of());
        path.quiet(INTERVAL);

        assertEquals(List.of(), path.problems());
    }

    @Test
    void staleGoneAndEndedOnesCountAsMissedOnesDo() {
        Upsert<Task> running = path.task(A, Origin.LOAD);
        Upsert<Task> ended = path.task(A, Origin.LOAD);
        path.apply(running, ended);
        path.quiet(INTERVAL).found(A, List.of(again(ended, "STOPPED")));

        path.quiet(INTERVAL)
                .found(
                        A,
                        List.of(Removal.of(
                                path.truth
                                        .snapshot()
                                        .observed(EntityKind.TASK, running.arn())
                                        .orElseThrow(),
                                path.time.instant(),
                                Removal.Reason.MISSING)));
        path.quiet(GRACE);

        assertSilent("task", ARN);
    }

    @Test
    void anyEventOfThatKindAndClusterClearsItAtOnce() {
        List<Upsert<?>> events = List.of(path.task(A, Origin.EVENT), path.task(A, Origin.EVENT));
        for (Upsert<?> event : events) {
            silence();
            path.event(event);
            assertEquals(List.of(), path.problems());
        }

        silence();
        path.event(events.get(0)); // known already

        assertEquals(List.of(), path.problems());

        silence();
        path.read(new ParsedBody.Hint(EntityKind.TASK, "arn", Optional.of(ARN), "no version"));
        assertEquals(List.of(), path.problems());
    }

    @Test
    void oneEventBetweenTwoPassesShowsThatSomeArrive() {
        for (int pass = 0; pass < 5; pass++) {
            path.event(path.task(A, Origin.LOAD)); // known already, so that the store does not show it
            path.quiet(INTERVAL).passFinds(A, 30);
            path.quiet(GRACE);
            assertEquals(List.of(), path.problems());
        }
    }

    @Test
    void noOtherEventDoes() {
        path.loaded("b");
        silence();

        path.event(path.task("b", Origin.EVENT));
        path.event(path.instance(A, Origin.EVENT));
        path.read(new ParsedBody.Notice(
                Optional.empty(), "SERVICE_STEADY_STATE", "arn", Optional.of(ARN), Optional.empty()));
        path.read(new ParsedBody.Irrelevant("source aws.ec2"));

        assertSilent("task", ARN);
    }

    @Test
    void aRuleThatLacksADetailTypeShowsThoughOtherEventsCome() {
        for (int i = 0; i < 2; i++) {
            path.event(path.task(A, Origin.EVENT));
            path.quiet(INTERVAL).found(A, List.of(path.instance(A, Origin.RECONCILE)));
        }
        path.quiet(GRACE);

        assertSilent("container-instance", ARN);
        assertTrue(path.problems().get(0).contains("\"ECS Container Instance State Change\""));
    }

    @Test
    void whatNoEventTellsIsNoEvidence() {
        Upsert<Task> known = path.task(A, Origin.LOAD);
        path.apply(known);
        for (int pass = 0; pass < 20; pass++) {
            int round = pass;
            path.quiet(INTERVAL)
                    .found(
                            A,
                            List.of(
                                    Entities.upsert(
                                            EntityKind.SERVICE,
                                            A,
                                            Entities.service(A, "s" + round, service -> service.desiredCount(round))),
                                    Entities.upsert(
                                            EntityKind.CLUSTER,
                                            A,
                                            Entities.cluster(A, cluster -> cluster.runningTasksCount(round))),
                                    path.task(A, Origin.DESCRIBE),
                                    path.task(A, Origin.LOAD),
                                    health(known, round % 2 == 0 ? "HEALTHY" : "UNHEALTHY")));
        }
        path.quiet(GRACE);

        assertEquals(List.of(), path.problems());
    }

    @Test
    void theFirstPassIsTheLoad() {
        WatchedPath young = new WatchedPath();
        young.watch.polls();
        young.apply(Entities.upsert(EntityKind.CLUSTER, A, Entities.cluster(A)));
        young.passFinds(A, 500); // also where another process had loaded before
        young.quiet(INTERVAL).passFinds(A, 1);
        young.quiet(GRACE);

        assertEquals(List.of(), young.problems());
    }

    @Test
    void whileNobodyPollsNothingIsSaid() {
        silence();
        assertSilent("task", ARN);

        path.time.advance(Loop.LONGEST_SILENCE.plusSeconds(1));

        assertEquals(List.of(), path.problems(), "in standby, or cut off from the store");
    }

    @Test
    void whatHappenedWhileNobodyPolledIsNoEvidence() {
        path.time.advance(INTERVAL);
        path.passFinds(A, 500);
        path.time.advance(INTERVAL);
        path.passFinds(A, 500);
        path.quiet(INTERVAL).passFinds(A, 1);
        path.quiet(INTERVAL);

        assertEquals(List.of(), path.problems());
    }

    @Test
    void eventsBehindABacklogAreWaitedFor() {
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 0; i < 1_200; i++) {
                path.pollBacklog(Duration.ofHours(3));
                path.time.advance(Duration.ofSeconds(1));
            }
            path.passFinds(A, 30);
        }
        for (int i = 0; i < 1_200; i++) {
            path.pollBacklog(Duration.ofHours(3));
            path.time.advance(Duration.ofSeconds(1));
        }
        assertEquals(List.of(), path.problems());

        path.quiet(Duration.ofSeconds(1));

        assertSilent("task", ARN);
    }

    @Test
    void aBacklogOfMessagesThatDoNotTellTheirTimeIsWaitedFor() {
        path.quiet(INTERVAL).passFinds(A, 30);
        for (int i = 0; i < 600; i++) {
            path.watch.polls();
            path.watch.polled(
                    Collections.nCopies(10, new Delivery("m", "{}", "r", path.time.instant(), Optional.empty(), 1)));
            path.time.advance(Duration.ofSeconds(1));
        }

        assertEquals(List.of(), path.problems());
    }

    @Test
    void oneThatDoesNotLeadSaysNothing() {
        TestCoordination coordination = new TestCoordination();
        WatchedPath shared = new WatchedPath(coordination).loaded(A);
        shared.quiet(INTERVAL).passFinds(A, 30);
        shared.quiet(GRACE);
        assertEquals(1, shared.problems().size());

        coordination.term(0);

        assertEquals(List.of(), shared.problems());
    }

    @Test
    void eventsThatOthersTakeShowInTheStoreThatTheyShare() {
        WatchedPath shared = new WatchedPath(new TestCoordination()).loaded(A);
        for (int pass = 0; pass < 5; pass++) {
            shared.quiet(INTERVAL);
            shared.truth.apply(List.of(shared.task(A, Origin.EVENT))); // by another process
            shared.passFinds(A, 30);
        }
        shared.quiet(GRACE);
        assertEquals(List.of(), shared.problems());

        shared.quiet(INTERVAL).passFinds(A, 30);
        shared.quiet(GRACE);
        assertEquals(1, shared.problems().size(), "none came since");
        shared.truth.apply(List.of(shared.task(A, Origin.EVENT)));
        assertEquals(List.of(), shared.problems());
    }

    @Test
    void nothingIsSaidOfAClusterThatIsGone() {
        silence();
        path.apply(Removal.of(
                path.truth.snapshot().observed(EntityKind.CLUSTER, ARN).orElseThrow(),
                path.time.instant(),
                Removal.Reason.MISSING));
        assertEquals(List.of(), path.problems());

        path.watch.look();
        path.loaded(A).quiet(GRACE);

        assertEquals(List.of(), path.problems(), "made again, it begins anew");
    }

    @Test
    void manyClustersMakeOneSentence() {
        List<String> clusters = List.of("a", "b", "c", "d", "e");
        clusters.forEach(path::loaded);
        path.quiet(INTERVAL);
        clusters.forEach(cluster -> path.passFinds(cluster, 10));
        path.quiet(GRACE);

        assertSilent(
                "task",
                Stream.of("a", "b", "c")
                                .map(Entities::clusterArn)
                                .toList()
                                .toString()
                                .replaceAll("[\\[\\]]", "") + " and 2 more");
        assertTrue(path.problems().get(0).contains("found 50 changes"));
    }

    /** Several events carry every change; each may be lost, late or doubled, among random times, polls and passes. */
    @Test
    void aPathThatWorksIsNeverSuspected() {
        Seeds.forEach(60, random -> {
            WatchedPath working = new WatchedPath().loaded(A);
            List<Due> underWay = new ArrayList<>();
            List<Due> lost = new ArrayList<>();
            double busyness = random.nextDouble() * random.nextDouble() * 0.2;
            boolean isPolled = true;
            for (int step = 0; step < 3_000; step++) {
                isPolled = random.nextInt(200) == 0 ? !isPolled : isPolled;
                if (random.nextDouble() < busyness) {
                    change(working, underWay, lost, random);
                }
                if (isPolled) {
                    deliverDue(working, underWay);
                }
                if (random.nextInt(60) == 0) {
                    lost.addAll(underWay);
                    working.found(A, hiddenIn(working, lost));
                    lost.clear();
                }
                if (random.nextInt(300) == 0) {
                    working.time.setClockAhead(Duration.ofMinutes(random.nextInt(720) - 360));
                }
                working.time.advance(Duration.ofSeconds(1 + random.nextInt(20)));
                assertEquals(List.of(), working.problems());
            }
        });
    }

    @Test
    void aPathThatIsDeadIsAlwaysFound() {
        Seeds.forEach(60, random -> {
            WatchedPath dead = new WatchedPath().loaded(A);
            int findings = 0;
            while (findings < 2) {
                dead.quiet(Duration.ofSeconds(60 + random.nextInt(1_800)));
                int found = random.nextInt(3);
                dead.passFinds(A, found);
                findings += found > 0 ? 1 : 0;
            }
            dead.quiet(GRACE);
            assertEquals(1, dead.problems().size());

            dead.event(dead.task(A, Origin.EVENT));
            assertEquals(List.of(), dead.problems());
        });
    }

    /** An event under way. */
    private record Due(long at, Upsert<Task> upsert) {}

    private static void change(WatchedPath world, List<Due> underWay, List<Due> lost, Random random) {
        Upsert<Task> first = world.task(A, Origin.EVENT);
        int versions = 3 + random.nextInt(4);
        for (int i = 0; i < versions; i++) {
            Duration delay = Duration.ofMillis(random.nextInt(random.nextInt(20) == 0 ? 60_000 : 3_000));
            long version = i + 1L;
            Upsert<Task> told = Upsert.of(
                    EntityKind.TASK,
                    ARN,
                    first.observed().value().toBuilder().version(version).build(),
                    Origin.EVENT,
                    world.time.instant());
            boolean isLost = random.nextInt(50) == 0;
            (isLost ? lost : underWay).add(new Due(world.time.nanos() + delay.toNanos(), told));
        }
    }

    private static void deliverDue(WatchedPath world, List<Due> underWay) {
        List<Due> due = underWay.stream()
                .filter(each -> each.at() - world.time.nanos() <= 0)
                .limit(10)
                .toList();
        underWay.removeAll(due);
        if (due.isEmpty()) {
            world.poll();
        }
        due.forEach(each -> world.event(each.upsert(), Duration.ofNanos(world.time.nanos() - each.at())));
    }

    /** The changes that a pass finds: those under way, and those whose events were lost. */
    private static List<Upsert<Task>> hiddenIn(WatchedPath world, List<Due> untold) {
        return untold.stream()
                .map(each -> Upsert.of(
                        EntityKind.TASK, ARN, each.upsert().observed().value(), Origin.RECONCILE, world.time.instant()))
                .toList();
    }

    private void silence() {
        path.found(A, List.of());
        path.quiet(INTERVAL).passFinds(A, EventPath.CHANGES);
        path.quiet(GRACE);
        assertSilent("task", ARN);
    }

    private void assertSilent(String kind, String clusters) {
        List<String> problems = path.problems();
        assertEquals(1, problems.size(), problems::toString);
        String start = kind + " events of " + clusters + " do not reach this queue: ";
        assertTrue(problems.get(0).startsWith(start), problems::toString);
    }

    private Upsert<Task> again(Upsert<Task> known, String status) {
        Task value = known.observed().value();
        return Upsert.of(
                EntityKind.TASK,
                ARN,
                value.toBuilder()
                        .version(value.version() + 1)
                        .lastStatus(status)
                        .desiredStatus(status)
                        .stoppedAt(path.time.instant())
                        .build(),
                Origin.RECONCILE,
                path.time.instant());
    }

    private Upsert<Task> health(Upsert<Task> known, String health) {
        return Upsert.of(
                EntityKind.TASK,
                ARN,
                known.observed().value().toBuilder().healthStatus(health).build(),
                Origin.RECONCILE,
                path.time.instant());
    }
}
