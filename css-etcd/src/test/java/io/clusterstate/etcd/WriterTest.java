package io.clusterstate.etcd;

import static io.clusterstate.EntityKind.TASK;
import static io.clusterstate.testing.Await.await;
import static io.clusterstate.testing.Entities.NOW;
import static io.clusterstate.testing.Entities.upsert;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.Observed;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.StateStoreException;
import io.clusterstate.spi.Upsert;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** Those who write at one time, of whom one writes for all. */
class WriterTest {

    private static final int OTHERS = 3;

    private final CountDownLatch goesOn = new CountDownLatch(1);
    private final AtomicInteger refused = new AtomicInteger();
    private final Etcd etcd = TestEtcd.shared();
    private final EtcdStateStore store =
            TestEtcd.leading(EtcdStateStore.builder(etcd).clock(this::instant).build());

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void whateverFailsForTheOneWhoWritesFailsForAllAndNobodyIsLeftWaiting() {
        Thread first = startWriter("first");
        await(() -> isWaiting(first));
        List<Thread> others = IntStream.range(0, OTHERS)
                .mapToObj(i -> startWriter("other-" + i))
                .toList();
        await(() -> others.stream().allMatch(WriterTest::isWaiting));

        goesOn.countDown();

        await(() -> !first.isAlive() && others.stream().noneMatch(Thread::isAlive));
        assertEquals(OTHERS, refused.get());
        assertEquals(1, store.snapshot().tasks().count());
    }

    @Test
    void aWaitingWriterThatIsInterruptedLeavesTheOthersTheirTurn() {
        Thread first = startWriter("first");
        await(() -> isWaiting(first));
        Thread interrupted = startWriter("second");
        await(() -> isWaiting(interrupted));
        Thread last = startWriter("third");
        await(() -> isWaiting(last));

        interrupted.interrupt();
        await(() -> !interrupted.isAlive());
        goesOn.countDown();

        await(() -> !first.isAlive() && !last.isAlive());
        assertEquals(1, refused.get(), "the interrupted one");
        assertEquals(2, store.snapshot().tasks().count());
    }

    @Test
    void changesOfOneEntityThatAreMadeTogetherAreOneWrite() {
        List<Applied> applied = store.apply(List.of(task("a", 1), task("b", 1), task("a", 2), task("a", 3)));

        assertEquals(
                List.of(Outcome.ADDED, Outcome.ADDED, Outcome.UPDATED, Outcome.UPDATED),
                applied.stream().map(Applied::outcome).toList());
        assertEquals(1, applied.stream().map(Applied::revision).distinct().count());
        assertEquals(
                3,
                store.snapshot()
                        .observed(TASK, Entities.taskArn("prod", "a"))
                        .orElseThrow()
                        .version());
        assertEquals(2, store.journal().last().changes().size(), "etcd has each entity once");
    }

    @Test
    void aDraftThatGivesUpARequestKeepsWhatTheRequestBeforeLeft() {
        WriteLimits two = new WriteLimits(Duration.ZERO, Duration.ofHours(1), 2, 10_000);
        TransactionDraft draft =
                new TransactionDraft(store.replica(), store.etcd().keys(), two, Entities.NOW, new RefusalLog());
        draft.add(task("a", 1));
        draft.add(task("b", 1));
        draft.mark();
        List<PlannedPut> marked = List.copyOf(draft.puts());

        assertTrue(draft.add(task("a", 2)), "in the place of the first");
        assertFalse(draft.add(task("c", 1)), "a third entity");
        draft.rollBack();

        assertEquals(marked, List.copyOf(draft.puts()));
        assertEquals(2, draft.applied(1).size());
    }

    @Test
    @Promise(1)
    void aDraftExpectsTheStateOfItsFirstDecisionThoughTheReplicaHasMovedOn() {
        goesOn.countDown();
        TransactionDraft draft = draftOf(task("a", 1));
        store.apply(List.of(task("a", 7)));

        draft.add(task("a", 2));

        PlannedPut put = draft.puts().iterator().next();
        assertEquals(0, put.expectedRevision());
        assertEquals(2, requireNonNull(put.present()).version());
    }

    @Test
    void aProcessDecodesNoValueThatItHasPut() {
        Upsert<Task> written = task("a", 1);
        store.apply(List.of(written));
        EtcdStateStore other = TestEtcd.following(EtcdStateStore.of(etcd));
        try (other) {
            assertSame(written.observed().value(), valueIn(store));
            assertNotSame(written.observed().value(), valueIn(other));
            assertEquals(valueIn(store), valueIn(other));
        }
    }

    @Test
    void aProcessDecodesAValueOfOtherBytesThanItHasPut() {
        TransactionDraft draft = draftOf(task("a", 1));
        store.replica().ownPuts().begin(draft.puts());
        Upsert<Task> later = task("a", 2);
        byte[] bytes = ValueFormat.write(later.observed());

        StoredValue read = store.replica().ownPuts().read(later.arn(), bytes, 9);

        Observed<?> observed = assertInstanceOf(StoredValue.Present.class, read).observed();
        assertEquals(2, observed.version());
        assertEquals(9, observed.revision());
    }

    @Test
    void aPutIsKnownUntilItHasEndedAndALaterOneOfItsKeyLonger() {
        OwnPuts own = store.replica().ownPuts();
        TransactionDraft first = draftOf(task("a", 1));
        Upsert<Task> later = task("a", 2);
        TransactionDraft second = draftOf(later);
        own.begin(first.puts());
        own.begin(second.puts());

        own.end(first.puts());
        assertSame(later.observed().value(), valueRead(own, second));
        own.end(second.puts());
        assertNotSame(later.observed().value(), valueRead(own, second));
    }

    private static Object valueRead(OwnPuts own, TransactionDraft draft) {
        PlannedPut put = draft.puts().iterator().next();
        StoredValue read = own.read(put.content().arn(), put.value().getBytes(), 9);
        return assertInstanceOf(StoredValue.Present.class, read).observed().value();
    }

    private TransactionDraft draftOf(Upsert<Task> change) {
        WriteLimits limits = new WriteLimits(Duration.ZERO, Duration.ofHours(1), 10, 10_000);
        TransactionDraft draft =
                new TransactionDraft(store.replica(), store.etcd().keys(), limits, Entities.NOW, new RefusalLog());
        draft.add(change);
        return draft;
    }

    private static Task valueIn(EtcdStateStore in) {
        return in.snapshot().task(Entities.taskArn("prod", "a")).orElseThrow();
    }

    @Test
    @Promise(8)
    void aRemovalIsWrittenInTheTermThatWasCheckedOrNotAtAll() {
        goesOn.countDown();
        write("gone");
        AtomicInteger asked = new AtomicInteger();
        long others = Long.MAX_VALUE; // a term of which etcd does not know, as if the lead was just lost
        EtcdNamespace etcd = store.etcd();
        Writer outdated = new Writer(
                etcd,
                store.replica(),
                new Transactions(etcd),
                () -> asked.incrementAndGet() <= 2 ? others : 0,
                new WriteLimits(Duration.ZERO, Duration.ofHours(1), 10, 10_000),
                EtcdStateStore.builder(this.etcd).environment());

        assertThrows(
                StateStoreException.class,
                () -> outdated.apply(List.of(new Removal<>(
                        TASK, Entities.taskArn("prod", "gone"), "prod", 9, NOW, Removal.Reason.MISSING))));

        assertEquals(3, asked.get(), "before the write, with the write, and after the refusal of etcd");
        assertEquals(1, store.snapshot().tasks().count());
    }

    /** Holds the first writer up, so that the others come to wait, and fails for the one who writes for those. */
    private Instant instant() {
        String name = Thread.currentThread().getName();
        if (name.equals("first")) {
            awaitGoingOn();
        } else if (name.startsWith("other")) {
            throw new IllegalStateException("clock: stopped (expected: to go)");
        }
        return Entities.NOW;
    }

    private void awaitGoingOn() {
        try {
            goesOn.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Upsert<Task> task(String id, long version) {
        return upsert(TASK, "prod", Entities.task("prod", id, version));
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.WAITING;
    }

    private Thread startWriter(String name) {
        Thread writer = new Thread(() -> write(name), name);
        writer.setDaemon(true);
        writer.start();
        return writer;
    }

    private void write(String id) {
        try {
            store.apply(List.of(upsert(TASK, "prod", Entities.task("prod", id))));
        } catch (StateStoreException e) {
            refused.incrementAndGet();
        }
    }
}
