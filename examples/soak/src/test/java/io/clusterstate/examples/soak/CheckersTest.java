package io.clusterstate.examples.soak;

import static io.clusterstate.EntityKind.TASK;
import static io.clusterstate.StoreLink.LOCAL;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.ChangeBatch;
import io.clusterstate.ChangeListener;
import io.clusterstate.CompositeView;
import io.clusterstate.EntityKind;
import io.clusterstate.Freshness;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.StoreView;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.Truth;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.ClaimableSource;
import io.clusterstate.spi.Decision;
import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.Upsert;
import io.clusterstate.spi.contract.ReferenceStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** Each checker is tried on what breaks exactly its law: broken stores, views, sources and processes. */
class CheckersTest {

    private final Simulator simulator = Simulator.builder()
            .clusters(1)
            .tasks(20)
            .standingClock(Instant.parse("2025-11-23T12:00:00Z"))
            .withoutSqs()
            .withoutEcs()
            .build();
    private final TruthJournal truth = new TruthJournal(simulator::truth);
    private final Findings findings = new Findings();
    private final Task task = simulator.truth().tasks().get(0);
    private final OpenHost host = new OpenHost();

    @AfterEach
    void close() {
        simulator.close();
    }

    private static Upsert<Task> event(Task task) {
        return Upsert.of(TASK, task.clusterArn(), task, Origin.EVENT, Instant.now());
    }

    private Removal<Task> removal() {
        return new Removal<>(
                TASK, task.taskArn(), task.clusterArn(), task.version(), Instant.now(), Removal.Reason.MISSING);
    }

    private Task later() {
        return task.toBuilder().version(task.version() + 1).build();
    }

    private Watch watch(StoreView view, Law... laws) {
        return new Watch("view", view, findings, List.of(laws));
    }

    private StoreView view(ReferenceStore store) {
        return StoreView.byHand(store.journal(), host, InstantSource.system());
    }

    private void assertBroken(Class<? extends Law> law) {
        assertBroken(law.getSimpleName());
    }

    private void assertBroken(String law) {
        assertEquals(
                Set.of(law),
                findings.violations().stream().map(Findings.Violation::law).collect(Collectors.toSet()),
                () -> findings.violations().toString());
    }

    /** A store that takes every value, however old. */
    private static final class Overwriting extends ReferenceStore {

        @Override
        protected <T> Decision<T> decide(
                Observed<T> present, Removal<T> tombstone, Change<T> change, Instant keptSince) {
            return present != null && change instanceof Upsert<T> upsert
                    ? new Decision<>(Outcome.UPDATED, upsert.observed(), null)
                    : super.decide(present, tombstone, change, keptSince);
        }
    }

    /** A store that keeps no tombstones. */
    private static final class Reviving extends ReferenceStore {

        @Override
        protected <T> Decision<T> decide(
                Observed<T> present, Removal<T> tombstone, Change<T> change, Instant keptSince) {
            return super.decide(present, null, change, keptSince);
        }
    }

    @Test
    void aVersionThatGoesBackForAListener() throws Exception {
        ReferenceStore store = new Overwriting();
        StoreView view = view(store);
        watch(view, new VersionsNeverBack("view", findings, () -> false));

        store.apply(List.of(event(later())));
        view.tell();
        store.apply(List.of(event(task)));
        view.tell();

        assertBroken(VersionsNeverBack.class);
    }

    @Test
    void aVersionThatGoesBackForAReader() {
        ReferenceStore store = new Overwriting();
        Law law = new VersionsNeverBack("view", findings, () -> false);

        store.apply(List.of(event(later())));
        law.seen(store.snapshot());
        store.apply(List.of(event(task)));
        law.seen(store.snapshot());

        assertBroken(VersionsNeverBack.class);
    }

    @Test
    void anEntityThatIsRevived() throws Exception {
        ReferenceStore store = new Reviving();
        StoreView view = view(store);
        watch(view, new NoResurrection("view", findings, truth, () -> false));

        store.apply(List.of(event(task)));
        view.tell();
        simulator.vanishTask(task.taskArn());
        store.apply(List.of(removal()));
        view.tell();
        store.apply(List.of(event(task)));
        view.tell();

        assertBroken(NoResurrection.class);
    }

    @Test
    void aRemovalWithoutProof() throws Exception {
        ReferenceStore store = new ReferenceStore();
        StoreView view = view(store);
        watch(view, new AbsenceProven("view", findings, truth, () -> false));
        truth.sample();

        store.apply(List.of(event(task)));
        view.tell();
        store.apply(List.of(removal()));
        view.tell();

        assertBroken(AbsenceProven.class);
    }

    @Test
    void anEntityThatEcsNeverHad() throws Exception {
        ReferenceStore store = new ReferenceStore();
        StoreView view = view(store);
        watch(view, new NothingInvented("view", findings, truth));

        store.apply(List.of(event(task.toBuilder().taskArn(task.taskArn() + "0").build())));
        view.tell();

        assertBroken(NothingInvented.class);
    }

    @Test
    void aBatchThatLacksAChange() {
        ReferenceStore store = new ReferenceStore();
        store.apply(List.of(event(task)));

        new RebuiltEqual("view", findings)
                .batch(new ChangeBatch(ChangeBatch.Type.INITIAL, 0, store.snapshot(), List.of()));

        assertBroken(RebuiltEqual.class);
    }

    @Test
    void aChangeThatDoesNotContinueTheLast() throws Exception {
        ReferenceStore store = new ReferenceStore();
        StoreView view = view(store);
        store.apply(List.of(event(task)));
        store.apply(List.of(event(later())));
        List<ChangeBatch> told = new ArrayList<>();
        view.subscribe(ChangeListener.builder().liveOnly().onBatch(told::add).build());
        view.tell();
        store.apply(List.of(event(task.toBuilder().version(task.version() + 2).build())));
        view.tell();

        told.forEach(new RebuiltEqual("view", findings)::batch);

        assertBroken(RebuiltEqual.class);
    }

    @Test
    void aReadyViewWithoutAnything() {
        watch(view(new ReferenceStore())).look();

        assertBroken(NeverEmpty.class);
    }

    @Test
    void aReadyViewThatNoLongerAnswers() {
        ReferenceStore store = new ReferenceStore();
        store.apply(List.of(event(task), cluster()));
        StoreView view = view(store);
        Watch watch = watch(view);
        watch.look();
        assertEquals(List.of(), findings.violations());

        host.isReady = false;
        view.moved();
        watch.look();

        assertBroken(NeverEmpty.class);
    }

    private Upsert<?> cluster() {
        return Upsert.of(
                EntityKind.CLUSTER,
                task.clusterArn(),
                simulator.truth().clusters().get(0),
                Origin.RECONCILE,
                Instant.now());
    }

    @Test
    void aDeliveryThatIsDeletedTooEarly() throws Exception {
        truth.sample();
        ReferenceStore store = new ReferenceStore();
        Delivery delivery = new Delivery(
                "id",
                "{\"detail\":{\"taskArn\":\"" + task.taskArn() + "\",\"version\":" + task.version() + "}}",
                "receipt",
                Instant.now(),
                Optional.empty(),
                1);
        ClaimableSource source = (ClaimableSource) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ClaimableSource.class},
                (proxy, method, arguments) -> method.getName().equals("poll") ? List.of(delivery) : null);
        CheckedSource checked =
                new CheckedSource(source, new SettledIsSafe("view", findings, truth, store, () -> false));

        store.apply(List.of(event(task)));
        checked.poll().forEach(each -> checked.settle(List.of(each.withoutBody())));
        assertEquals(List.of(), findings.violations());
        assertEquals(1, findings.checks().get("SettledIsSafe"));

        ReferenceStore empty = new ReferenceStore();
        CheckedSource early = new CheckedSource(source, new SettledIsSafe("view", findings, truth, empty, () -> false));
        early.poll().forEach(each -> early.settle(List.of(each.withoutBody())));

        assertBroken(SettledIsSafe.class);
    }

    @Test
    void aQueueThatIsNotEmptyInTheEnd() throws Exception {
        EmptyQueue law = new EmptyQueue("queue", findings, Duration.ofMillis(1));
        new EmptyQueue("queue", findings, Duration.ofMinutes(1))
                .await(List.of(2, 1, 0).iterator()::next);
        assertEquals(List.of(), findings.violations());
        assertEquals(1, findings.checks().get("EmptyQueue"));

        law.await(() -> 1);

        assertBroken(EmptyQueue.class);
    }

    @Test
    void aListenerThatFails() throws Exception {
        ReferenceStore store = new ReferenceStore();
        StoreView view = view(store);
        watch(view, new Law("view", findings) {
            @Override
            void batch(ChangeBatch batch) {
                throw new IllegalStateException("a mistake in a law");
            }
        });

        view.tell();

        assertBroken("Listener");
    }

    @Test
    void aViewThatIsFreshUpToTheFuture() {
        ReferenceStore store = new ReferenceStore();
        Map<String, Instant> clusters = Map.of(task.clusterArn(), Instant.now().plusSeconds(60));

        new FreshnessHonest("view", findings, truth, () -> false)
                .seen(Lying.about(
                        CompositeView.of(Map.of("east", view(store))).snapshot(),
                        "freshness",
                        new Freshness(Optional.empty(), clusters, Optional.empty(), Optional.empty(), LOCAL)));

        assertBroken(FreshnessHonest.class);
    }

    @Test
    void aViewThatDiffersFromTheTruthInTheEnd() throws Exception {
        ReferenceStore store = new ReferenceStore();
        store.apply(List.of(event(task), cluster()));

        new FinalCheck("view", findings, Duration.ofMillis(10))
                .await(view(store), List.of(simulator.truth()), List::of);

        assertBroken(FinalCheck.class);
    }

    @Test
    void anEntityThatEndedAfterTheLastSampleMayBeAbsent() {
        truth.sample();
        simulator.vanishTask(task.taskArn());
        simulator.advance(Duration.ofSeconds(1));
        ReferenceStore store = new ReferenceStore();
        Instant upTo = Instant.parse("2025-11-23T12:00:00Z");
        Map<String, Instant> clusters = Map.of(task.clusterArn(), upTo);
        store.apply(everything());

        new FreshnessHonest("view", findings, truth, () -> false)
                .seen(Lying.about(
                        CompositeView.of(Map.of("east", view(store))).snapshot(),
                        "freshness",
                        new Freshness(Optional.of(upTo), clusters, Optional.empty(), Optional.empty(), LOCAL)));

        assertEquals(List.of(), findings.violations());
    }

    private List<Change<?>> everything() {
        List<Change<?>> all = new ArrayList<>(List.of(cluster()));
        Truth now = simulator.truth();
        now.tasks().forEach(each -> all.add(event(each)));
        now.services().forEach(each -> all.add(found(EntityKind.SERVICE, each.clusterArn(), each)));
        now.instances()
                .forEach(each ->
                        all.add(found(EntityKind.INSTANCE, now.clusterArnOf().get(each.containerInstanceArn()), each)));
        return all;
    }

    private static <T> Upsert<T> found(EntityKind<T> kind, String clusterArn, T value) {
        return Upsert.of(kind, clusterArn, value, Origin.RECONCILE, Instant.now());
    }
}
