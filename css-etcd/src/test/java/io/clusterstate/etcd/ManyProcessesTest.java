package io.clusterstate.etcd;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ChangeBatch;
import io.clusterstate.ChangeListener;
import io.clusterstate.ClusterStateView;
import io.clusterstate.EntityChange;
import io.clusterstate.ErrorAction;
import io.clusterstate.Snapshot;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.DeliveryOutcome;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.testing.Child;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.Rebuilt;
import io.clusterstate.testing.SimulatorFixture;
import io.clusterstate.testing.Soak;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three mirrors and two readers on an etcd of three members, and a simulated ECS that never rests; beside them a mirror
 * in a JVM of its own that leads at first and cannot reach ECS. Every watch is cut again and again. In between etcd is
 * compacted, the member that leads is paused and killed, all certificates are replaced, and a backup is restored.
 */
@Order(1) // since it takes the longest
class ManyProcessesTest {

    private static final String NAMESPACE = "many/";
    /** The simulator goes on while etcd is away; at a fixed rate, a small run would be as large as a whole one. */
    private static final double SECONDS_OF_EVENTS = 20;

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofSeconds(6);
    private static final int LEASE_SECONDS = 5;
    /** As SQS has it: hints wait for seconds in a follower, and are extended before it is over. */
    private static final int VISIBILITY_SECONDS = 30;

    private final int events = Soak.size("events for many processes", 4_000, 20_000);
    private final int cuts = Soak.size("cuts of every watch", 5, 10);

    @TempDir
    private Path folder;

    @Test
    @Tag("soak")
    @Promise({1, 4, 6, 9, 12})
    void allEndWithTheTruthAndNothingIsLostOnTheWay() throws Exception {
        try (TroubledEtcd etcd = TroubledEtcd.start(folder);
                SimulatorFixture world = new SimulatorFixture(
                        Simulator.builder().seed(5).clusters(3).tasks(1_000));
                Child blind = startBlindMirror(etcd, world);
                Company company = new Company(etcd, world)) {
            world.comeAgainWithin(VISIBILITY_SECONDS);
            etcd.backUp();
            world.simulator().drive(events / SECONDS_OF_EVENTS);
            for (int cut = 1; cut <= cuts; cut++) {
                awaitSent(world, (long) cut * events / (cuts + 1));
                etcd.cutAll();
                haveABadDay(etcd, company, cut);
            }
            awaitSent(world, events);
            world.simulator().settle(Duration.ofMinutes(1));
            blind.say("end");
            await(() -> !blind.isAlive());

            company.awaitTruth();
            company.tell();
            company.assertNothingWasBroken(events, cuts, blind);
        }
    }

    /** Starts a mirror whose ECS endpoint is dead, and waits until it leads; before it ends, another has to. */
    private static Child startBlindMirror(TroubledEtcd etcd, SimulatorFixture world) throws Exception {
        Child blind = Child.start(
                MirrorProcess.class,
                List.of(
                        "http://127.0.0.1:1",
                        world.simulator().sqsEndpoint().toString(),
                        world.simulator().queueUrl(),
                        String.join(",", etcd.newWays()),
                        NAMESPACE,
                        Integer.toString(LEASE_SECONDS),
                        etcd.certificates().certificate().toString(),
                        etcd.certificates().key().toString()));
        await(() -> blind.hasPrinted("LOADING LEADER"));
        return blind;
    }

    private static void haveABadDay(TroubledEtcd etcd, Company company, int cut) throws Exception {
        switch (cut) {
            case 1, 7 -> etcd.pauseTheLeader(PAUSE);
            case 2, 8 -> etcd.killTheLeader();
            case 3, 9 -> etcd.compact();
            case 4 -> etcd.rotateCertificates();
            case 5 -> {
                company.expectAReplacedPast();
                etcd.restoreWithBumpedRevision();
            }
            default -> etcd.cutAll();
        }
    }

    private static void awaitSent(SimulatorFixture world, long events) throws InterruptedException {
        long end = System.nanoTime() + LONG.toNanos();
        while (world.simulator().truth().events().sent() < events) {
            assertTrue(System.nanoTime() < end, "the simulator is too slow");
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** The processes of this JVM, and a listener to each of their views. */
    private static final class Company implements AutoCloseable {

        private final SimulatorFixture world;
        private final List<EtcdStateStore> stores = new ArrayList<>();
        private final List<ClusterMirror> mirrors = new ArrayList<>();
        private final List<EtcdStateReader> readers = new ArrayList<>();
        private final List<Listening> listening = new ArrayList<>();

        Company(TroubledEtcd etcd, SimulatorFixture world) {
            this.world = world;
            for (int i = 0; i < 3; i++) {
                EtcdStateStore store = EtcdStateStore.builder(etcd.etcd().namespace(NAMESPACE))
                        .leaderLease(Duration.ofSeconds(LEASE_SECONDS))
                        .build();
                stores.add(store);
                mirrors.add(mirror(store));
            }
            for (int i = 0; i < 2; i++) {
                readers.add(EtcdStateReader.of(etcd.etcd().namespace(NAMESPACE)));
            }
            mirrors.forEach(mirror -> listening.add(new Listening(mirror.view())));
            readers.forEach(reader -> listening.add(new Listening(reader.view())));
            mirrors.forEach(ClusterMirror::start);
            readers.forEach(EtcdStateReader::start);
            views().forEach(this::awaitReady);
        }

        private void awaitReady(ClusterStateView view) {
            try {
                view.awaitReady(LONG);
            } catch (Exception e) {
                throw new AssertionError(mirrors.get(0).status().problems().toString(), e);
            }
        }

        void expectAReplacedPast() {
            listening.forEach(each -> each.mayGoBack = true);
        }

        private ClusterMirror mirror(EtcdStateStore store) {
            return ClusterMirror.builder()
                    .ecs(world.ecs())
                    .events(world.source())
                    .store(store)
                    .reconcileEvery(Duration.ofSeconds(10))
                    .consistencyAllowance(Duration.ofSeconds(1))
                    .build();
        }

        private List<ClusterStateView> views() {
            List<ClusterStateView> views = new ArrayList<>();
            mirrors.forEach(mirror -> views.add(mirror.view()));
            readers.forEach(reader -> views.add(reader.view()));
            return views;
        }

        void awaitTruth() {
            awaitEqual(mirrors.get(0).view());
            await(LONG, () -> world.messagesLeft() == 0); // a receipt of a bad moment comes again after the timeout
            for (ClusterStateView view : views()) {
                awaitEqual(view);
            }
            await(this::allShowTheSame);
        }

        /** Tags and health that are asked for come in all the while, so that all have to be looked at in one moment. */
        private boolean allShowTheSame() {
            List<Snapshot> all =
                    views().stream().map(ClusterStateView::snapshot).toList();
            boolean isOneRevision =
                    all.stream().map(Snapshot::revision).distinct().count() == 1;
            if (!isOneRevision) {
                return false;
            }
            List<String> values = Scene.valuesOf(all.get(0));
            all.forEach(each -> assertEquals(values, Scene.valuesOf(each)));
            return listening.stream().allMatch(each -> each.map.holds(Rebuilt.entitiesOf(each.view.snapshot())));
        }

        private void awaitEqual(ClusterStateView view) {
            try {
                view.awaitUntil(now -> differences(now).isEmpty(), LONG);
            } catch (Exception e) {
                throw new AssertionError(
                        differences(view.snapshot()) + " " + mirrors.get(0).status(), e);
            }
        }

        /** What is different from the truth. ECS does not list an instance that has ended, so a restore forgets it. */
        private List<String> differences(Snapshot snapshot) {
            return Truths.differences(snapshot, world.simulator().truth()).stream()
                    .filter(each -> !each.matches("not shown: \\S+:container-instance/.* INACTIVE"))
                    .toList();
        }

        void assertNothingWasBroken(int events, int cuts, Child blind) {
            listening.forEach(each -> assertEquals(List.of(), each.broken));
            stores.forEach(store -> assertTrue(store.follower().watches() > cuts, "every watch was cut"));
            long handled = last(blind, "applied ") + last(blind, "known ");
            for (ClusterMirror mirror : mirrors) {
                Map<DeliveryOutcome, Long> own = mirror.status().deliveries();
                assertTrue(own.get(DeliveryOutcome.APPLIED) > 0, "each has its share of the events");
                handled += own.get(DeliveryOutcome.APPLIED)
                        + own.get(DeliveryOutcome.KNOWN)
                        + own.get(DeliveryOutcome.DESCRIBED);
            }
            assertTrue(handled >= events, "handled: " + handled);
        }

        /** The number in the last line with a beginning. */
        private static long last(Child child, String beginning) {
            return child.lines().stream()
                    .filter(line -> line.startsWith(beginning))
                    .mapToLong(line -> Long.parseLong(line.substring(beginning.length())))
                    .max()
                    .orElse(0);
        }

        /** What it came to, for people. */
        @SuppressWarnings("SystemOut")
        void tell() {
            Snapshot end = mirrors.get(0).view().snapshot();
            System.out.printf(
                    "events %d, %s%n", world.simulator().truth().events().sent(), end);
            for (int i = 0; i < stores.size(); i++) {
                System.out.printf(
                        "mirror %d: %s, watches %d, loads %d, clients replaced %d, deliveries %s%n",
                        i,
                        mirrors.get(i).status().role(),
                        stores.get(i).follower().watches(),
                        stores.get(i).follower().loads(),
                        stores.get(i).etcd().connection().replaced(),
                        mirrors.get(i).status().deliveries());
            }
            readers.forEach(reader -> System.out.printf(
                    "reader: watches %d, loads %d%n",
                    reader.follower().watches(), reader.follower().loads()));
            listening.forEach(
                    each -> System.out.printf("listener: batches %d, resets %d%n", each.batches, each.resets));
        }

        @Override
        public void close() {
            mirrors.forEach(ClusterMirror::close);
            readers.forEach(EtcdStateReader::close);
        }
    }

    /** Makes a map of nothing but what one view tells, and notes what it must never tell. */
    private static final class Listening {

        private final ClusterStateView view;
        private final Rebuilt map = new Rebuilt();
        private final List<String> broken = new CopyOnWriteArrayList<>();
        private volatile int batches;
        private volatile int resets;
        private volatile boolean mayGoBack;

        Listening(ClusterStateView view) {
            this.view = view;
            view.subscribe(ChangeListener.builder()
                    .onBatch(this::enter)
                    .onError(failure -> {
                        broken.add(failure.error().toString());
                        return ErrorAction.SKIP;
                    })
                    .build());
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // told by one thread
        private void enter(ChangeBatch batch) {
            batches++;
            resets += batch.type() == ChangeBatch.Type.RESET ? 1 : 0;
            boolean isReplaced = mayGoBack && batch.type() == ChangeBatch.Type.RESET;
            if (!isReplaced) {
                batch.changes().forEach(this::judge);
            }
            map.enter(batch);
        }

        private void judge(EntityChange<?> change) {
            boolean goesBack = change.before() != null
                    && change.after() != null
                    && change.after().version() < change.before().version();
            if (goesBack) {
                broken.add("goes back: " + change);
            }
        }
    }
}
