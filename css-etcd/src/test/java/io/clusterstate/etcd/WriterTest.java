package io.clusterstate.etcd;

import static io.clusterstate.EntityKind.TASK;
import static io.clusterstate.testing.Await.await;
import static io.clusterstate.testing.Entities.NOW;
import static io.clusterstate.testing.Entities.upsert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.spi.Removal;
import io.clusterstate.spi.StateStoreException;
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
