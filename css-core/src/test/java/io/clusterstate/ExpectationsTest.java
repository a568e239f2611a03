package io.clusterstate;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.gpus;
import static io.clusterstate.Requirement.memory;
import static io.clusterstate.Requirement.port;
import static io.clusterstate.testing.InstanceParts.number;
import static io.clusterstate.testing.InstanceParts.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ecs.Capacity;
import io.clusterstate.internal.expect.OpenExpectations;
import io.clusterstate.spi.Upsert;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Await;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.TestTime;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StartTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;

/** Expectations without ECS clients, by example. */
@SuppressWarnings("unchecked") // arrays of the SDK's varargs
class ExpectationsTest {

    private static final String BOX = Entities.instanceArn("prod", "box");
    private static final String WEB = Entities.taskArn("prod", "web-1");

    private final TestTime time = new TestTime();
    private final ReferenceStore store = new ReferenceStore(time, Duration.ofHours(1), Duration.ofDays(1));
    private final TestHost host = new TestHost();
    private final StoreView view = StoreView.byHand(store.journal(), host, time);
    private final Expectations mine = new OpenExpectations(view, time, time::nanos, view::moved, false);

    @BeforeEach
    void putAnInstance() {
        host.onMove(view::moved);
        instance(1, 2048, 4096);
    }

    @AfterEach
    void close() {
        host.over(null);
        view.close(Duration.ofSeconds(5));
    }

    @Test
    void aStartedTaskIsThereAndItsInstanceHasLessRoom() {
        mine.launched(started(task(1)));

        Snapshot laid = mine.snapshot();
        assertEquals("PENDING", laid.task(WEB).orElseThrow().lastStatus());
        assertEquals(1, laid.tasks().onInstance(BOX).count());
        assertEquals(List.of(1792, 3584), free());
        assertEquals(0, laid.instances().withFree(cpu(2048)).count());
        assertEquals(0, view.snapshot().tasks().count());
    }

    @Test
    void theTasksEventMayComeBeforeTheInstances() {
        mine.launched(started(task(1)));
        put(task(2));
        assertEquals(List.of(1792, 3584), free());
        assertEquals(List.of(), mine.open());
        instance(2, 1792, 3584);
        assertEquals(List.of(1792, 3584), free());
    }

    @Test
    void theInstancesEventMayComeBeforeTheTasks() {
        mine.launched(started(task(1)));
        instance(2, 1792, 3584);
        assertEquals(List.of(1792, 3584), free());
        put(task(2));
        assertEquals(List.of(1792, 3584), free());
    }

    @Test
    void eventsMayOvertakeTheAnswer() {
        Reservation room = mine.reserve(BOX, cpu(256), memory(512)).startedBy("me/1");
        assertEquals(List.of(1792, 3584), free());
        instance(2, 1792, 3584);
        put(task(2));
        assertEquals(List.of(1792, 3584), free(), "the task takes the reservation's place");
        room.launched(started(task(1)));
        assertEquals(List.of(1792, 3584), free());
        assertEquals(List.of(), mine.open());
    }

    @Test
    void theInstancesEventMayOvertakeAnAnswerWithoutAReservation() {
        time.advance(Duration.ofSeconds(3));
        instance(2, 1792, 3584);
        mine.launched(started(task(1, it -> it.createdAt(TestTime.START))));
        assertEquals(List.of(1792, 3584), free());
    }

    @Test
    void aStoppedTaskHoldsItsRoomUntilStopped() {
        mine.launched(started(task(1)));
        put(task(2));
        put(task(3, it -> it.desiredStatus("STOPPED").lastStatus("DEPROVISIONING")));
        assertEquals(List.of(1792, 3584), free());
        put(task(4, it -> it.desiredStatus("STOPPED").lastStatus("STOPPED")));
        assertEquals(List.of(2048, 4096), free());
    }

    @Test
    void reservationsAreConcludedByTheAnswer() {
        Reservation room = mine.reserve(BOX, cpu(256), memory(512));
        room.launched(StartTaskResponse.builder()
                .failures(Failure.builder().arn(BOX).reason("RESOURCE:MEMORY").build())
                .build());
        assertSame(view.snapshot(), mine.snapshot(), "a failure frees the room");

        Reservation other = mine.reserve(BOX, cpu(256), memory(512));
        other.release();
        other.release();
        assertSame(view.snapshot(), mine.snapshot());

        Reservation started = mine.reserve(BOX, cpu(256), memory(512));
        started.launched(RunTaskResponse.builder().tasks(task(1)).build());
        started.release();
        assertEquals(List.of(1792, 3584), free(), "a release afterwards has no effect");
    }

    @Test
    void twoReservationsAddUp() {
        mine.reserve(BOX, cpu(256), memory(512));
        mine.reserve(BOX, List.of(cpu(1024), memory(1024)));
        assertEquals(List.of(768, 2560), free());
        assertEquals(2, mine.open().size());
        assertEquals(Expectation.Type.RESERVED, mine.open().get(0).type());
        assertEquals(BOX, mine.open().get(0).about());
    }

    @Test
    void aStoppingTaskHasTheDesiredStatus() {
        put(task(2));
        mine.stopping(WEB);
        assertEquals("STOPPED", mine.snapshot().task(WEB).orElseThrow().desiredStatus());
        assertEquals("RUNNING", mine.snapshot().task(WEB).orElseThrow().lastStatus());
        assertEquals(0, mine.snapshot().tasks().desiredStatus("RUNNING").count());
        put(task(3, it -> it.desiredStatus("STOPPED")));
        assertEquals(List.of(), mine.open());
        assertSame(view.snapshot(), mine.snapshot());
    }

    @Test
    void aTaskMayStopBeforeTheViewHasIt() {
        mine.launched(started(task(1)));
        mine.stopping(WEB);
        assertEquals("STOPPED", mine.snapshot().task(WEB).orElseThrow().desiredStatus());
        put(task(2));
        assertEquals("STOPPED", mine.snapshot().task(WEB).orElseThrow().desiredStatus());
    }

    @Test
    void anOlderEventDoesNotEndAnExpectation() {
        put(task(1));
        mine.launched(started(task(3, it -> it.lastStatus("PENDING"))));
        put(task(2));
        assertEquals(
                3, mine.snapshot().observed(EntityKind.TASK, WEB).orElseThrow().version());
        put(task(3));
        assertEquals(List.of(), mine.open());
    }

    @Test
    void portsAndGpusOfAReservationStayTakenUntilTheTaskShowsThem() {
        put(Entities.instance("prod", "box", it -> it.version(2L)
                .registeredResources(
                        number("CPU", 2048),
                        number("MEMORY", 4096),
                        set("PORTS", "22"),
                        set("PORTS_UDP"),
                        set("GPU", "a", "b"))
                .remainingResources(
                        number("CPU", 2048),
                        number("MEMORY", 4096),
                        set("PORTS", "22"),
                        set("PORTS_UDP"),
                        set("GPU", "a", "b"))));
        Reservation room = mine.reserve(BOX, port(8080), Requirement.udpPort(53), gpus(1));
        assertFits(0, port(8080));
        assertFits(0, Requirement.udpPort(53));
        assertFits(1, Requirement.udpPort(8080));
        assertFits(1, gpus(1));
        assertFits(0, gpus(2));

        room.launched(started(task(1)));
        put(task(2));
        assertFits(0, port(8080));
        assertFits(0, gpus(2));
        put(task(
                3,
                it -> it.containers(Container.builder().name("web").gpuIds("a").build())));
        assertEquals(
                List.of("b"),
                Capacity.members(mine.snapshot().instance(BOX).orElseThrow().remainingResources(), "GPU"));
    }

    @Test
    void aTaskWithoutASizeTakesWhatWasReserved() {
        Task unsized = task(1, it -> it.cpu(null).memory("null").containers(List.of()));
        mine.reserve(BOX, cpu(300), memory(700)).launched(started(unsized));
        assertEquals(List.of(1748, 3396), free());
        put(unsized.toBuilder().version(2L).build());
        assertEquals(List.of(1748, 3396), free());
    }

    @Test
    void aTaskWithoutASizeOfItsOwnTakesTheSumOfItsContainers() {
        mine.launched(started(task(1, it -> it.cpu("0")
                .memory(null)
                .overrides(o -> o.containerOverrides(c -> c.name("two").cpu(7)))
                .containers(
                        Container.builder()
                                .name("one")
                                .cpu("100")
                                .memory("300")
                                .memoryReservation("200")
                                .build(),
                        Container.builder().name("two").cpu("1").memory("50").build()))));
        assertEquals(List.of(2048 - 107, 4096 - 250), free());
    }

    @Test
    void whatNoTaskExplainsStaysTaken() {
        instance(2, 1000, 1000); // others take the rest, and the view does not have them
        mine.reserve(BOX, cpu(256), memory(512)).launched(started(task(1)));
        assertEquals(List.of(744, 488), free());
        put(task(2));
        assertEquals(List.of(744, 488), free());
        instance(3, 744, 488);
        assertEquals(List.of(744, 488), free());
    }

    @Test
    void aGapThatWasOnlyALateEventCloses() {
        instance(2, 1792, 3584); // of a task that stops, and has stopped already
        mine.reserve(BOX, cpu(256), memory(512));
        assertEquals(List.of(1536, 3072), free());
        instance(3, 2048, 4096);
        assertEquals(List.of(1792, 3584), free());
    }

    @Test
    void anUnknownOutcomeIsSettledByTheEvent() throws Exception {
        Reservation room = mine.reserve(BOX, cpu(256), memory(512)).startedBy("me/1");
        room.unknown();
        assertEquals(Expectation.Type.UNKNOWN, mine.open().get(0).type());
        assertEquals(List.of(1792, 3584), free());
        assertThrows(TimeoutException.class, () -> mine.awaitSettled(Duration.ofSeconds(5)));
        put(task(2));
        mine.awaitSettled(Duration.ofSeconds(5));
        assertEquals(List.of(1792, 3584), free());
        assertEquals(0, mine.dropped());
    }

    @Test
    void aTaskOfAnEarlierCallWithTheSameMarkIsNotTheOutcome() {
        put(task(2));
        Reservation room = mine.reserve(BOX, cpu(256), memory(512)).startedBy("me/1");
        room.unknown();
        assertEquals(1, mine.open().size());
        assertEquals(List.of(1536, 3072), free());
    }

    @Test
    void anUnknownOutcomeNeedsAMark() {
        Reservation room = mine.reserve(BOX, cpu(256));
        assertThrows(IllegalStateException.class, room::unknown);
        assertEquals(Expectation.Type.RESERVED, mine.open().get(0).type());
    }

    @Test
    void anExpectationIsDroppedAfterItsTime() {
        put(task(2).toBuilder().taskArn(Entities.taskArn("prod", "other")).build());
        mine.launched(started(task(1)));
        mine.stopping(Entities.taskArn("prod", "other"));
        mine.reserve(BOX, cpu(1));
        time.advance(Duration.ofSeconds(119));
        mine.snapshot();
        assertEquals(3, mine.open().size());
        time.advance(Duration.ofSeconds(1));
        assertFalse(mine.snapshot().task(WEB).isPresent());
        assertEquals(List.of(), mine.open());
        assertEquals(3, mine.dropped());
    }

    @Test
    void theWatchOfAnInstanceEnds() {
        mine.launched(started(task(1)));
        put(task(2));
        instance(2, 1792, 3584);
        mine.snapshot();
        time.advance(Duration.ofSeconds(29));
        mine.snapshot();
        time.advance(Duration.ofSeconds(2));
        mine.snapshot();
        instance(3, 2048, 4096); // if ECS says so, it is so
        assertEquals(List.of(2048, 4096), free());
        assertSame(view.snapshot(), mine.snapshot());
    }

    @Test
    void anInstanceThatDoesNotFollowIsWatchedForMinutes() {
        mine.launched(started(task(1)));
        put(task(2));
        mine.snapshot();
        time.advance(Duration.ofSeconds(100));
        assertEquals(List.of(1792, 3584), free());
        time.advance(Duration.ofSeconds(100));
        assertEquals(List.of(2048, 4096), free());
    }

    /** A process may be suspended, or stand still for a long collection. */
    @Test
    void aPauseOfTheProcessEndsNothingBeforeEcsWasAsked() throws Exception {
        OpenExpectations asking = new OpenExpectations(view, time, time::nanos, view::moved, true);
        asking.launched(started(task(1)));
        put(task(1));
        asking.stopping(WEB);
        asking.unknown("prod", "me/9");
        time.advance(Duration.ofMinutes(10));

        assertEquals(1, asking.snapshot().instances().withFree(cpu(1792)).count());
        assertEquals(0, asking.snapshot().instances().withFree(cpu(2048)).count());
        assertEquals(2, asking.open().size());
        assertEquals(0, asking.dropped());

        leaveUnanswered(asking);
        assertEquals(List.of(), asking.open());
        assertEquals(2, asking.dropped());

        time.advance(Duration.ofMinutes(10));
        assertNotSame(view.snapshot(), asking.snapshot(), "the instance is watched");
        leaveUnanswered(asking);
        assertSame(view.snapshot(), asking.snapshot());
    }

    private static void leaveUnanswered(OpenExpectations asking) throws InterruptedException {
        asking.take(Duration.ZERO).orElseThrow().parts().forEach(asking::unanswered);
    }

    @Test
    void theOldestIsDroppedIfTooManyAreOpen() {
        mine.stopping(WEB);
        List<Task> tasks = IntStream.range(0, Expectations.MOST)
                .mapToObj(i -> task(1, it -> it.taskArn(Entities.taskArn("prod", "task-" + i))
                        .containerInstanceArn(null)))
                .toList();
        time.advance(Duration.ofSeconds(1));

        mine.launched(RunTaskResponse.builder().tasks(tasks).build());

        assertEquals(1, mine.dropped());
        List<Expectation> open = mine.open();
        assertEquals(Expectations.MOST, open.size());
        assertTrue(open.stream().allMatch(each -> each.type() == Expectation.Type.LAUNCHED));
    }

    /** An old snapshot keeps every row alive that the view has replaced since. */
    @Test
    void noOldSnapshotIsKeptOnceNothingIsOpen() {
        mine.launched(started(task(1)));
        WeakReference<Snapshot> laid = new WeakReference<>(mine.snapshot());

        time.advance(Duration.ofMinutes(5));
        assertEquals(List.of(), mine.open());

        Await.await(() -> {
            System.gc();
            return laid.refersTo(null);
        });
    }

    @Test
    void aSnapshotIsKeptUntilSomethingChanges() {
        assertSame(view.snapshot(), mine.snapshot());
        mine.launched(started(task(1)));
        Snapshot laid = mine.snapshot();
        assertSame(laid, mine.snapshot());
        assertEquals(view.snapshot().revision(), laid.revision());
        put(Entities.task("prod", "other"));
        assertNotSame(laid, mine.snapshot());
        assertEquals(1, laid.tasks().count());
        assertEquals(2, mine.snapshot().tasks().count());
    }

    @Test
    void aRemovedInstanceNeedsNoOverlay() {
        mine.launched(started(task(1)));
        store.apply(List.of(SampleChanges.missing(EntityKind.INSTANCE, BOX, 1_000, 10)));
        assertTrue(mine.snapshot().instance(BOX).isEmpty());
        assertTrue(mine.snapshot().task(WEB).isPresent());
    }

    @Test
    void mistakesAreNamed() {
        assertEquals(
                "instanceArn: box (expected: the ARN of a container instance in the view)",
                assertThrows(IllegalArgumentException.class, () -> mine.reserve("box", cpu(1)))
                        .getMessage());
        assertEquals(
                "taskArn: web-1 (expected: a task's ARN)",
                assertThrows(IllegalArgumentException.class, () -> mine.stopping("web-1"))
                        .getMessage());
    }

    @Test
    void anAnswerIsNotedEvenIfTheViewIsNotReady() {
        host.ready(false);
        mine.launched(started(task(1)));
        assertThrows(NotReadyException.class, mine::snapshot);
        assertThrows(NotReadyException.class, () -> mine.reserve(BOX, cpu(1)));
        assertEquals(1, mine.open().size());
        host.ready(true);
        assertTrue(mine.snapshot().task(WEB).isPresent());
    }

    private List<Integer> free() {
        Capacity free = Capacity.remaining(mine.snapshot().instance(BOX).orElseThrow());
        return List.of(free.cpu(), free.memory());
    }

    private void assertFits(int count, Requirement need) {
        assertEquals(count, mine.snapshot().instances().withFree(need).count(), need.toString());
    }

    private void instance(long version, int cpu, int memory) {
        put(Entities.instance("prod", "box", it -> it.version(version)
                .remainingResources(number("CPU", cpu), number("MEMORY", memory), set("PORTS", "22"))));
    }

    private void put(ContainerInstance instance) {
        store.apply(List.of(upsert(EntityKind.INSTANCE, instance)));
    }

    private void put(Task task) {
        store.apply(List.of(upsert(EntityKind.TASK, task)));
    }

    private <T> Upsert<T> upsert(EntityKind<T> kind, T value) {
        return Upsert.of(kind, Entities.clusterArn("prod"), value, Origin.EVENT, time.instant());
    }

    private Task task(long version) {
        return task(version, it -> {});
    }

    private Task task(long version, Consumer<Task.Builder> changes) {
        return Entities.task(
                "prod",
                "web-1",
                it -> changes.accept(it.version(version)
                        .containerInstanceArn(BOX)
                        .startedBy("me/1")
                        .createdAt(time.instant())
                        .lastStatus(version == 1 ? "PENDING" : "RUNNING")));
    }

    private static StartTaskResponse started(Task... tasks) {
        return StartTaskResponse.builder().tasks(tasks).build();
    }
}
