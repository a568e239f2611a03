package io.clusterstate.memory;

import static io.clusterstate.memory.FakeArns.clusterArn;
import static io.clusterstate.memory.FakeArns.serviceArn;
import static io.clusterstate.memory.FakeArns.taskArn;
import static io.clusterstate.memory.FakeService.service;
import static io.clusterstate.memory.FakeTask.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ChangeBatch;
import io.clusterstate.ChangeListener;
import io.clusterstate.ChangeListenerBuilder;
import io.clusterstate.ErrorAction;
import io.clusterstate.NotReadyException;
import io.clusterstate.ServiceNotice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** What the subscribers of a fake are told, when, and what becomes of their failures. */
class FakeSubscribersTest {

    private final FakeClusterState fake = new FakeClusterState();
    private final List<String> told = new ArrayList<>();

    @Test
    void areToldAtOnceOnTheCallersThread() {
        List<Thread> threads = new ArrayList<>();
        fake.put(task("a"));
        fake.view().subscribe(Listeners.words(told));
        fake.view()
                .subscribe(ChangeListener.builder()
                        .onBatch(batch -> threads.add(Thread.currentThread()))
                        .build());
        assertEquals(List.of("added a1 EVENT"), told, "what is there, by the subscription itself");

        fake.changeTask(taskArn("a"), task -> task.cpu("1"));
        fake.put(service("s"));
        fake.remove(taskArn("a"));
        assertEquals(List.of("added a1 EVENT", "changed a2 EVENT", "added s0 DESCRIBE", "removed a2 MISSING"), told);
        assertEquals(
                List.of(Thread.currentThread()), threads.stream().distinct().toList());
    }

    @Test
    void areNotToldOfWhatChangesNothing() {
        fake.deliver(task("a").version(2));
        fake.view().subscribe(Listeners.words(told));
        told.clear();
        fake.deliver(task("a").version(2));
        fake.deliver(task("a").version(1));

        assertEquals(List.of(), told);
    }

    @Test
    void mayBeLiveOnlyOrResume() {
        fake.put(task("a"));
        fake.view()
                .subscribe(ChangeListener.builder()
                        .liveOnly()
                        .tasks(tasks -> tasks.onAdded(this::note))
                        .build());
        fake.put(task("b"));
        fake.view()
                .subscribe(
                        ChangeListener.builder()
                                .tasks(tasks -> tasks.onAdded(this::note))
                                .build(),
                        1);

        assertEquals(List.of(taskArn("b"), taskArn("b")), told);
    }

    private void note(Task task) {
        told.add(task.taskArn());
    }

    @Test
    void areToldNothingWhileHeldAndThenEverythingInOrder() {
        fake.view().subscribe(Listeners.words(told));
        fake.subscribers().pause();
        fake.put(task("a"));
        fake.put(task("a"));
        assertEquals(List.of(), told);
        assertEquals(2, fake.subscribers().statuses().get(0).behind());

        fake.subscribers().resume();
        assertEquals(List.of("added a1 EVENT", "changed a2 EVENT"), told);
        fake.put(task("b"));
        assertEquals(3, told.size());
    }

    @Test
    void areToldTheDifferenceAfterAnOverflow() {
        List<ChangeBatch.Type> types = new ArrayList<>();
        fake.view().subscribe(Listeners.types(types));
        fake.view().subscribe(Listeners.words(told));
        fake.subscribers().pause();
        fake.put(task("gone"));
        fake.remove(taskArn("gone"));
        fake.put(task("a"));
        fake.put(task("a"));
        fake.subscribers().reset();
        assertEquals(List.of(), told);

        fake.subscribers().resume();
        assertEquals(List.of(ChangeBatch.Type.INITIAL, ChangeBatch.Type.RESET), types);
        assertEquals(List.of("added a2 EVENT"), told);
        assertEquals(1, fake.subscribers().statuses().get(0).resets());
    }

    @Test
    void areToldWhatIsThereOnceItIsReady() {
        fake.notReady();
        fake.view().subscribe(Listeners.words(told));
        fake.put(task("a"));
        assertEquals(List.of(), told);

        fake.ready();
        assertEquals(List.of("added a1 EVENT"), told);
    }

    @Test
    void areToldOfRetention() {
        fake.put(task("a").stopped());
        fake.view().subscribe(Listeners.words(told));
        fake.advance(Duration.ofHours(2));

        assertEquals(List.of("added a1 EVENT", "removed a1 RETENTION"), told);
    }

    @Test
    void mayChangeTheFakeThemselvesAndAllAreToldInOrder() {
        fake.view().subscribe(Listeners.words(told));
        fake.view()
                .subscribe(ChangeListener.builder()
                        .tasks(tasks -> tasks.onAdded(
                                task -> fake.changeTask(task.taskArn(), change -> change.desiredStatus("STOPPED"))))
                        .build());
        fake.put(task("a"));

        assertEquals(List.of("added a1 EVENT", "changed a2 EVENT"), told);
    }

    @Test
    void mayRemoveFromTheFakeWhatWasAdded() {
        fake.view()
                .subscribe(ChangeListener.builder()
                        .tasks(tasks -> tasks.onAdded(task -> fake.remove(task.taskArn())))
                        .build());
        fake.view().subscribe(Listeners.words(told));
        fake.put(task("a"));

        assertEquals(List.of("added a1 EVENT", "removed a1 MISSING"), told);
    }

    @Test
    void areToldInOrderWhateverThreadsMakeTheChanges() throws Exception {
        List<Thread> writers = new ArrayList<>();
        fake.view().subscribe(Listeners.words(told));
        for (String id : List.of("a", "b", "c")) {
            writers.add(new Thread(() -> IntStream.range(0, 50).forEach(each -> fake.put(task(id)))));
        }
        writers.forEach(Thread::start);
        for (Thread writer : writers) {
            writer.join();
        }

        assertEquals(150, told.size());
        for (String id : List.of("a", "b", "c")) {
            List<String> ofOne =
                    told.stream().filter(each -> each.contains(" " + id)).toList();
            assertEquals("added " + id + "1 EVENT", ofOne.get(0));
            assertEquals("changed " + id + "50 EVENT", ofOne.get(49));
        }
    }

    @Test
    void thatSubscribeWhileHeldBeginAtTheRelease() {
        fake.subscribers().pause();
        fake.view().subscribe(Listeners.words(told));
        fake.put(task("a"));
        fake.put(task("a"));
        fake.subscribers().resume();

        assertEquals(List.of("added a2 EVENT"), told);
    }

    @Test
    void thatAreLiveOnlyBeginWhereTheySubscribeEvenWhileHeld() {
        fake.subscribers().pause();
        fake.view()
                .subscribe(ChangeListener.builder()
                        .liveOnly()
                        .tasks(tasks -> tasks.onAdded(this::note))
                        .build());
        fake.put(task("a"));
        fake.subscribers().resume();

        assertEquals(List.of(taskArn("a")), told);
    }

    @Test
    void areToldOfNoticesUnlessHeld() {
        fake.view()
                .subscribe(ChangeListener.builder()
                        .onServiceNotice(notice -> told.add(notice.eventName()))
                        .build());
        fake.deliver(notice("SERVICE_STEADY_STATE"));
        assertEquals(List.of("SERVICE_STEADY_STATE"), told);

        fake.subscribers().pause();
        fake.deliver(notice("SERVICE_TASK_PLACEMENT_FAILURE"));
        assertEquals(1, told.size());
        fake.subscribers().resume();
        assertEquals(2, told.size());
    }

    private ServiceNotice notice(String eventName) {
        return new ServiceNotice(
                serviceArn("web"),
                clusterArn("default"),
                Optional.of("INFO"),
                eventName,
                Optional.empty(),
                fake.clock().instant());
    }

    @Test
    void mayAskForBatchesOneByOne() {
        List<ChangeBatch.Type> types = new ArrayList<>();
        List<Throwable> ends = new ArrayList<>();
        List<Flow.Subscription> subscription = new ArrayList<>();
        fake.view().changes().subscribe(new Batches(types, ends, subscription));
        fake.put(task("a"));
        assertEquals(List.of(), types);

        subscription.get(0).request(1);
        assertEquals(List.of(ChangeBatch.Type.INITIAL), types);
        subscription.get(0).request(5);
        fake.put(task("a"));
        assertEquals(List.of(ChangeBatch.Type.INITIAL, ChangeBatch.Type.LIVE), types);
        IllegalStateException cause = new IllegalStateException("denied");
        fake.fail(cause);
        assertSame(cause, ends.get(0).getCause());
    }

    /** Takes down the types of batches, as many as are requested from outside. */
    private record Batches(List<ChangeBatch.Type> types, List<Throwable> ends, List<Flow.Subscription> kept)
            implements Flow.Subscriber<ChangeBatch> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            kept.add(subscription);
        }

        @Override
        public void onNext(ChangeBatch batch) {
            types.add(batch.type());
        }

        @Override
        public void onError(Throwable why) {
            ends.add(why);
        }

        @Override
        public void onComplete() {}
    }

    @Test
    void thatFailFailTheTestWhereItMadeTheChange() {
        IllegalStateException boom = new IllegalStateException("boom");
        fake.view().subscribe(failing(boom).named("placer").build());
        fake.view().subscribe(Listeners.words(told));

        AssertionError error = assertThrows(AssertionError.class, () -> fake.put(task("a")));
        assertEquals(
                "placer-1: threw java.lang.IllegalStateException: boom (expected: nothing, without expectFailures())",
                error.getMessage());
        assertSame(boom, error.getCause());
        assertEquals(List.of("added a1 EVENT"), told, "the others are told");
        assertEquals(List.of(boom), fake.subscribers().failures());
        fake.advance(Duration.ZERO); // is not thrown twice
        assertThrows(AssertionError.class, fake.subscribers()::assertNoFailures);
    }

    private static ChangeListenerBuilder failing(RuntimeException failure) {
        return ChangeListener.builder()
                .tasks(tasks -> tasks.onAdded(task -> {
                    throw failure;
                }));
    }

    @Test
    void allThatFailAreNamed() {
        IllegalStateException first = new IllegalStateException("one");
        IllegalStateException second = new IllegalStateException("two");
        fake.view().subscribe(failing(first).build());
        fake.view().subscribe(failing(second).build());

        AssertionError error = assertThrows(AssertionError.class, () -> fake.put(task("a")));
        assertSame(first, error.getCause());
        assertSame(second, error.getSuppressed()[0]);
    }

    @Test
    void mayFailIfThatIsExpected() {
        fake.subscribers().expectFailures();
        int[] attempts = new int[1];
        fake.view()
                .subscribe(ChangeListener.builder()
                        .tasks(tasks -> tasks.onAdded(task -> {
                            if (attempts[0]++ == 0) {
                                throw new IllegalStateException("boom");
                            }
                            note(task);
                        }))
                        .onError(failure -> ErrorAction.RETRY)
                        .build());
        fake.put(task("a"));
        assertEquals(List.of(), told);
        assertEquals(1, fake.subscribers().failures().size());

        fake.advance(Duration.ofSeconds(30));
        assertEquals(List.of(taskArn("a")), told);
        fake.subscribers().assertNoFailures();
    }

    @Test
    void endWithTheFakeEvenWhileHeld() {
        fake.view().subscribe(Listeners.words(told));
        fake.subscribers().pause();
        fake.put(task("a"));
        fake.close();

        assertEquals(List.of(), told);
        assertEquals(List.of(), fake.subscribers().statuses());
        assertThrows(NotReadyException.class, () -> fake.view().subscribe(Listeners.words(told)));
        assertTrue(fake.subscribers().failures().isEmpty());
    }
}
