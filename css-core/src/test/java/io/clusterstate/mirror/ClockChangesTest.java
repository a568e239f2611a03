package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import io.clusterstate.EntityKind;
import io.clusterstate.Origin;
import io.clusterstate.Snapshot;
import io.clusterstate.StoreLink;
import io.clusterstate.internal.ecs.ApiBudget;
import io.clusterstate.internal.ecs.ApiCounters;
import io.clusterstate.internal.ecs.EcsApi;
import io.clusterstate.internal.ecs.ServiceEvents;
import io.clusterstate.internal.loop.ClockSteps;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.mirror.MirrorStatus.Phase;
import io.clusterstate.spi.PoisonHandler;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.Seeds;
import io.clusterstate.testing.Soak;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Random histories in which the wall clock of the mirror's host is set forward and back, by minutes and by hours.
 * Meanwhile events are lost, late, doubled and shuffled, and the API answers with a delay of up to four minutes.
 */
@Promise({1, 3, 6, 8})
class ClockChangesTest {

    private static final int STEPS = 80;
    private static final Duration ALLOWANCE = Duration.ofMinutes(5);
    private static final List<Duration> SETTINGS = List.of(
            Duration.ZERO, Duration.ofMinutes(10), Duration.ofMinutes(-10), Duration.ofHours(6), Duration.ofHours(-6));

    @Test
    @Tag("soak")
    void noSettingOfTheClockFoolsTheMirror() {
        Seeds.forEach(Soak.size("histories of clock changes", 150, 500), random -> {
            try (History history = new History(random)) {
                for (int i = 0; i < STEPS; i++) {
                    history.step();
                    history.check();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** One mirror without threads, and what was seen in it. */
    private static final class History implements AutoCloseable {

        private final Random random;
        private final TestTime time = new TestTime();
        private final LaggingEcs ecs = new LaggingEcs(time);
        private final ScriptedSource source = new ScriptedSource();
        private final ReferenceStore store = new ReferenceStore(time, Duration.ofHours(1), Duration.ofDays(1));
        private final Environment environment;
        private final DescribePool describePool;
        private final Reconciler reconciler;
        private final DescribeQueue describeQueue;
        private final DescribeWorker describeWorker;
        private final EventConsumer consumer;
        private final MirrorHost host;

        private final List<String> onTheirWay = new ArrayList<>();
        private final Map<String, Long> versions = new HashMap<>();
        private final Set<String> shown = new HashSet<>();
        /** Those that were removed, each with the version that was. */
        private final Map<String, Long> removed = new HashMap<>();

        private final List<String> steps = new ArrayList<>();
        private long freshNanos = Long.MIN_VALUE;
        private int made;
        private int asked;

        History(Random random) throws InterruptedException {
            this.random = random;
            environment = new Environment(time, time, Thread::new, new Random(random.nextLong()));
            describePool = new DescribePool(1, environment);
            ApiBudget budget = new ApiBudget(100, time);
            EcsApi api = new EcsApi(ecs, budget, new ApiCounters(), environment, new ServiceEvents(10));
            NoCoordination alone = new NoCoordination(() -> StoreLink.LOCAL);
            Selection selection = new Selection(Clusters.named(LaggingEcs.CLUSTER), List.of(EntityKind.TASK));
            RevisionTimes revisions = new RevisionTimes(time, ALLOWANCE);
            store.journal().afterEach(() -> revisions.reached(store.snapshot().revision()));
            FreshnessTracker book = new FreshnessTracker(alone, new ClockSteps(time, time::nanos), ALLOWANCE);
            ReconcileContext context = new ReconcileContext(
                    store, api, describePool, selection, ALLOWANCE, alone, book, revisions, environment);
            Lifecycle lifecycle = new Lifecycle(() -> {});
            lifecycle.advance(Phase.LOADING);
            EventCounters counters = new EventCounters(time);
            reconciler =
                    new Reconciler(context, () -> Duration.ofDays(365), report -> {}, lifecycle, () -> book.loaded(1));
            host = new MirrorHost(lifecycle, context, counters, () -> "");
            alone.afterMove(host::moved);
            describeQueue = new DescribeQueue(time, budget);
            describeWorker = new DescribeWorker(describeQueue, context, source, counters);
            consumer = new EventConsumer(
                    source,
                    store,
                    new EventTriage(selection, store, arn -> host.confirmedAtTheLatest(arn)
                            .map(api.clock()::fromHost)),
                    new EventConsumer.Handoffs(
                            describeQueue, new Quarantine(source, PoisonHandler.NO_OP, 5, counters), mock()),
                    counters);
            for (int i = 0; i < 12; i++) {
                start();
            }
            onTheirWay.clear();
            reconcile();
        }

        void step() throws InterruptedException {
            time.advance(Duration.ofSeconds(random.nextInt(300)));
            ecs.lag(Duration.ofSeconds(random.nextInt(240)));
            switch (random.nextInt(10)) {
                case 0 -> setClock();
                case 1 -> start();
                case 2, 3 -> changeOne();
                case 4 -> vanishOne();
                case 5, 6 -> reconcile();
                case 7 -> store.expire();
                default -> deliver();
            }
        }

        private void note(String what) {
            steps.add(time.instant() + " " + what);
        }

        private void setClock() {
            Duration ahead = SETTINGS.get(random.nextInt(SETTINGS.size()));
            note("clock ahead by " + ahead);
            time.setClockAhead(ahead);
        }

        private void start() {
            made++;
            emit(ecs.start("task-" + made));
        }

        private void changeOne() {
            any().ifPresent(task -> emit(ecs.change(task, next -> switch (task.lastStatus()) {
                case "PENDING" -> next.lastStatus("RUNNING");
                case "RUNNING" -> next.desiredStatus("STOPPED").lastStatus("DEACTIVATING");
                default -> next.lastStatus("STOPPED").stoppedAt(TestTime.START.plusNanos(time.nanos()));
            })));
        }

        private void vanishOne() {
            any().ifPresent(task -> {
                note("vanishes " + task.taskArn());
                ecs.vanish(task.taskArn());
            });
        }

        private Optional<Task> any() {
            List<Task> living = ecs.now().values().stream()
                    .filter(task -> !"STOPPED".equals(task.lastStatus()))
                    .sorted(Comparator.comparing(Task::taskArn))
                    .toList();
            return living.isEmpty() ? Optional.empty() : Optional.of(living.get(random.nextInt(living.size())));
        }

        /** An event is lost, late, or comes twice. */
        private void emit(Task task) {
            note(task.taskArn() + " " + task.lastStatus() + " version " + task.version());
            for (int copies = random.nextInt(4) == 0 ? random.nextInt(3) : 1; copies > 0; copies--) {
                onTheirWay.add(ecs.event(task));
            }
        }

        private void deliver() throws InterruptedException {
            Collections.shuffle(onTheirWay, random);
            List<String> some = onTheirWay.subList(0, random.nextInt(onTheirWay.size() + 1));
            note("deliver " + some.size() + " of " + onTheirWay.size());
            if (!some.isEmpty()) {
                int before = source.settled().size();
                int delivered = source.deliver(some.toArray(String[]::new)).size();
                some.clear();
                consumer.consume(() -> false);
                asked += delivered - (source.settled().size() - before);
                describe();
            }
        }

        private void describe() throws InterruptedException {
            if (asked > 0) {
                time.advance(Duration.ofSeconds(1));
                describeWorker.step(() -> {});
                asked = 0;
            }
        }

        private void reconcile() throws InterruptedException {
            note("reconcile, API behind");
            Future<?> done = reconciler.reconcileAllNow();
            while (!done.isDone()) {
                reconciler.step(() -> {});
            }
            freshNanos = freshNanos();
        }

        /** Up to when the view is fresh, by time that never jumps. */
        private long freshNanos() {
            Instant upTo = host.freshness().freshUpTo().orElseThrow();
            return time.nanos() - Duration.between(upTo, time.instant()).toNanos();
        }

        void check() {
            Snapshot snapshot = store.snapshot();
            assertFalse(
                    host.freshness().freshUpTo().orElseThrow().isAfter(time.instant()),
                    () -> "in the future: " + steps);
            assertTrue(freshNanos() <= freshNanos, () -> "freshness moved by " + (freshNanos() - freshNanos) + steps);
            checkVersions(snapshot);
            checkRemovals(snapshot);
            checkFreshness(snapshot);
        }

        private void checkVersions(Snapshot snapshot) {
            for (Task task : snapshot.tasks().list()) {
                Long before = versions.put(task.taskArn(), task.version());
                assertTrue(before == null || task.version() >= before, () -> task + " after " + before + steps);
            }
        }

        private void checkRemovals(Snapshot snapshot) {
            Set<String> present = new HashSet<>();
            snapshot.tasks().list().forEach(task -> present.add(task.taskArn()));
            for (String arn : shown) {
                Task truth = ecs.now().get(arn);
                if (!present.contains(arn)) {
                    assertTrue(
                            truth == null || "STOPPED".equals(truth.lastStatus()),
                            () -> "removed though it lives: " + arn + steps);
                    removed.put(arn, versions.get(arn));
                }
            }
            shown.addAll(present);
            removed.forEach((arn, version) -> {
                boolean isRevived = snapshot.observed(EntityKind.TASK, arn)
                        .filter(each -> each.origin() == Origin.EVENT && each.version() <= version)
                        .isPresent();
                assertFalse(isRevived && !ecs.now().containsKey(arn), () -> "revived by an event: " + arn + steps);
            });
        }

        /**
         * Checks that the snapshot has everything up to its freshness, and that nothing that was gone by then lives.
         */
        private void checkFreshness(Snapshot snapshot) {
            ecs.at(freshNanos).forEach((arn, task) -> {
                long version = snapshot.task(arn).map(Task::version).orElse(Long.MAX_VALUE);
                boolean isKept = snapshot.task(arn).isPresent()
                        || "STOPPED".equals(task.lastStatus())
                        || !ecs.now().containsKey(arn)
                        || "STOPPED".equals(ecs.now().get(arn).lastStatus());
                assertTrue(isKept && version >= task.version(), () -> "not fresh: " + task + steps);
            });
            snapshot.tasks().stream()
                    .filter(task -> !"STOPPED".equals(task.lastStatus()))
                    .forEach(task -> assertTrue(
                            ecs.wasThereSince(task.taskArn(), freshNanos), () -> "a phantom: " + task + steps));
        }

        @Override
        public void close() {
            describePool.stop();
            store.close();
        }
    }
}
