package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ChangeListener;
import io.clusterstate.mirror.MirrorStatus.Phase;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.sqs.SqsEventSource;
import io.clusterstate.testing.DelegatingStore;
import io.clusterstate.testing.Promise;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;
import software.amazon.awssdk.services.ecs.model.Task;

/** Mirrors of two Regions and two accounts: what happens at one place is of no concern to another. */
class MirrorsTest {

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);
    /** Beyond the limit, for a machine that is busy. */
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final SimulatedPlaces world = new SimulatedPlaces();

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void everyPlaceHasAMirrorOfItsOwn() {
        Mirrors mirrors = world.mirrors(builder -> {});
        mirrors.start();

        awaitReady(mirrors);

        assertEquals(
                List.of(
                        "111122223333/eu-west-1",
                        "444455556666/eu-west-1",
                        "111122223333/us-east-1",
                        "444455556666/us-east-1"),
                List.copyOf(mirrors.mirrors().keySet()));
        world.places().forEach(place -> assertEquals(world.trueTasks(place), tasks(mirrors, place)));
        assertEquals(4 * 2, mirrors.view().snapshot().clusters().count());
        assertEquals(mirrors.mirrors().keySet(), mirrors.view().members().keySet());
        assertEquals(
                List.copyOf(mirrors.mirrors().keySet()),
                List.copyOf(mirrors.status().keySet()));
        assertThrows(IllegalStateException.class, mirrors::start);
    }

    @Test
    void aPlaceThatIsDeniedIsNamedAndHarmsNoOther() {
        MirrorPlace denied = world.places().get(0);
        world.simulator(denied).faults().failNext("ListClusters", 1_000, "AccessDeniedException");
        Mirrors mirrors = world.mirrors(builder -> {});

        mirrors.start();

        await(() -> world.places().stream()
                .filter(place -> !place.equals(denied))
                .allMatch(place -> mirrorOf(mirrors, place).view().isReady()));
        await(() -> problemOf(mirrors, denied).contains("AccessDeniedException"));
        assertEquals(Phase.LOADING, mirrors.status().get(denied.name()).phase());
        assertTrue(mirrors.problems().stream().allMatch(problem -> problem.startsWith(denied.name() + ": ")));
    }

    @Test
    void aClientOfAnotherAccountThanTheRolesIsAProblemOfItsPlaceAlone() {
        MirrorPlace place = world.places().get(0);
        MirrorPlace other = world.places().get(1); // of the same Region

        assertNamesTheOtherAccount(place, world.simulator(other).ecsClient());
    }

    @Test
    @Promise(5)
    void anotherAccountWithoutClustersIsNotTakenForThatOfTheRole() {
        MirrorPlace place = world.places().get(0);
        MirrorPlace other = world.places().get(1);

        assertNamesTheOtherAccount(place, listingNothing(world.simulator(other).ecsClient()));
    }

    private static EcsClient listingNothing(EcsClient client) {
        return (EcsClient) Proxy.newProxyInstance(
                MirrorsTest.class.getClassLoader(), new Class<?>[] {EcsClient.class}, (self, method, arguments) -> {
                    Object answer = method.invoke(client, arguments);
                    return answer instanceof ListClustersResponse listed
                            ? listed.toBuilder().clusterArns(List.of()).build()
                            : answer;
                });
    }

    private void assertNamesTheOtherAccount(MirrorPlace place, EcsClient client) {
        Mirrors mirrors = Mirrors.builder()
                .places(place)
                .ecs(of -> client)
                .events(world::source)
                .store(of -> new ReferenceStore())
                .build();
        world.closing(mirrors);

        mirrors.start();

        await(() -> problemOf(mirrors, place).contains("ecs client: it reads arn:aws:ecs:eu-west-1:444455556666:"));
        assertTrue(problemOf(mirrors, place).contains("(expected: arn:aws:ecs:eu-west-1:111122223333:"));
        assertFalse(mirrors.view().isReady());
    }

    @Test
    @Promise(11)
    void closingWaitsForAnswersAndLeavesNoThread() {
        Mirrors mirrors = world.mirrors(builder -> builder.closingClients()
                .events(place -> ((SqsEventSource) world.source(place)).closingClient())
                .each((place, mirror) -> mirror.closeWithin(CLOSE_LIMIT)));
        mirrors.start();
        awaitReady(mirrors);
        world.simulator(world.places().get(0)).faults().delayResponses(Duration.ofSeconds(4));
        Future<?> cancelled = mirrorOf(mirrors, world.places().get(0)).reconcileNow();

        assertClosesIn(CLOSE_LIMIT, mirrors);

        mirrors.close();
        assertEquals(List.of(), world.threads().living());
        assertTrue(cancelled.isDone());
        mirrors.status().values().forEach(status -> assertEquals(Phase.CLOSED, status.phase()));
        assertThrows(
                IllegalStateException.class,
                () -> world.simulator(world.places().get(1)).ecsClient().listClusters());
        assertThrows(
                IllegalStateException.class,
                () -> world.simulator(world.places().get(1)).sqsClient().listQueues());
    }

    @Test
    @Promise(11)
    void allCloseAtTheSameTime() {
        CountDownLatch closing = new CountDownLatch(world.places().size());
        Mirrors mirrors = world.mirrors(builder -> builder.store(place -> new MeetingStore(closing)));
        mirrors.start();

        mirrors.close();

        assertEquals(0, closing.getCount());
        assertEquals(List.of(), world.threads().living());
    }

    @Test
    @Promise(11)
    void aPlaceThatDoesNotCloseHoldsNobodyUp() {
        CountDownLatch never = new CountDownLatch(2);
        Mirrors mirrors = world.mirrors(builder -> builder.each(
                        (place, mirror) -> mirror.closeWithin(isStuck(place) ? Duration.ofSeconds(2) : CLOSE_LIMIT))
                .store(place -> isStuck(place) ? new MeetingStore(never) : new ReferenceStore()));
        mirrors.start();

        assertClosesIn(CLOSE_LIMIT, mirrors);

        await(() -> world.threads().living("css-").equals(List.of("css-111122223333/eu-west-1-close")));
        never.countDown();
    }

    private boolean isStuck(MirrorPlace place) {
        return place.equals(world.places().get(0));
    }

    @Test
    @Promise(11)
    void mirrorsThatWereNotStartedCloseAndDoNotStartAnyMore() {
        Mirrors mirrors = world.mirrors(builder -> {});

        mirrors.close();

        assertEquals(List.of(), world.threads().living());
        assertThrows(IllegalStateException.class, mirrors::start);
    }

    @Test
    @Promise(11)
    void aListenerMayCloseThemAllWithoutWaitingForItself() {
        Mirrors mirrors = world.mirrors(builder -> builder.each((place, mirror) -> mirror.closeWithin(CLOSE_LIMIT)));
        mirrors.start();
        awaitReady(mirrors);
        CountDownLatch closed = new CountDownLatch(1);
        long from = System.nanoTime();

        mirrorOf(mirrors, world.places().get(2))
                .view()
                .subscribe(ChangeListener.builder()
                        .onInitial(batch -> {
                            mirrors.close();
                            closed.countDown();
                        })
                        .build());

        await(() -> closed.getCount() == 0);
        Duration took = Duration.ofNanos(System.nanoTime() - from);
        assertTrue(took.compareTo(CLOSE_LIMIT.dividedBy(2)) < 0, () -> "close took " + took);
        await(() -> world.threads().living().isEmpty());
    }

    @Test
    @Promise(11)
    void anInterruptDoesNotShortenTheClosingAndIsKept() {
        Mirrors mirrors = world.mirrors(builder -> {});
        mirrors.start();
        awaitReady(mirrors);
        Thread.currentThread().interrupt();

        mirrors.close();

        assertTrue(Thread.interrupted());
        assertEquals(List.of(), world.threads().living());
    }

    @Test
    @Promise(11)
    void anInterruptWhileOnePlaceClosesDoesNotShortenTheWaitForIt() throws Exception {
        CountDownLatch closing = new CountDownLatch(2);
        MirrorPlace slow = world.places().get(0);
        Mirrors mirrors = world.mirrors(builder ->
                builder.store(place -> place.equals(slow) ? new MeetingStore(closing) : new ReferenceStore()));
        mirrors.start();
        List<Thread> left = new CopyOnWriteArrayList<>();
        AtomicBoolean isKept = new AtomicBoolean();
        Thread host = new Thread(() -> {
            mirrors.close();
            isKept.set(Thread.interrupted());
            left.addAll(world.threads().living());
        });
        host.start();
        await(() -> world.threads().living("css-").equals(List.of("css-111122223333/eu-west-1-close")));

        host.interrupt();
        await(() -> !host.isInterrupted() && host.getState() != Thread.State.RUNNABLE); // it waits again, or has ended
        closing.countDown();
        host.join();

        assertEquals(List.of(), left);
        assertTrue(isKept.get());
    }

    @Test
    void aPlaceThatFindsNoThreadsIsNamedAndTheOthersStart() {
        MirrorPlace poor = world.places().get(1);
        ThreadFactory none = work -> {
            throw new IllegalStateException("no more threads");
        };
        Mirrors mirrors = world.mirrors(builder -> builder.each((place, mirror) -> {
            if (place.equals(poor)) {
                mirror.threads(none);
            }
        }));

        mirrors.start();

        String start = poor.name() + ": start: no more threads (expected: all threads)";
        assertTrue(mirrors.problems().contains(start), () -> mirrors.problems().toString());
        await(() -> mirrorOf(mirrors, world.places().get(2)).view().isReady());
    }

    @Test
    void aThreadHasItsPlaceInItsName() {
        Mirrors mirrors = world.mirrors(builder -> {});
        mirrors.start();

        awaitReady(mirrors);

        assertEquals(
                1,
                world.threads()
                        .living("css-444455556666/us-east-1-housekeeping")
                        .size());
    }

    private static void assertClosesIn(Duration limit, Mirrors mirrors) {
        long from = System.nanoTime();
        mirrors.close();
        Duration took = Duration.ofNanos(System.nanoTime() - from);
        assertTrue(took.compareTo(limit.plus(GRACE)) < 0, () -> "close took " + took);
    }

    private static String problemOf(Mirrors mirrors, MirrorPlace place) {
        return mirrors.problems().stream()
                .filter(problem -> problem.startsWith(place.name() + ": "))
                .collect(Collectors.joining("\n"));
    }

    private static ClusterMirror mirrorOf(Mirrors mirrors, MirrorPlace place) {
        return mirrors.mirrors().get(place.name());
    }

    private static Set<String> tasks(Mirrors mirrors, MirrorPlace place) {
        return mirrorOf(mirrors, place).view().snapshot().tasks().stream()
                .map(Task::taskArn)
                .collect(Collectors.toSet());
    }

    private static void awaitReady(Mirrors mirrors) {
        await(() -> mirrors.mirrors().values().stream()
                .allMatch(mirror -> mirror.view().isReady()));
    }

    /** A store that closes when all others close as well. */
    private record MeetingStore(StateStore store, CountDownLatch closing) implements DelegatingStore {

        MeetingStore(CountDownLatch closing) {
            this(new ReferenceStore(), closing);
        }

        @Override
        public void close() {
            closing.countDown();
            try {
                closing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            store.close();
        }
    }
}
