package io.clusterstate.etcd;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.etcdserver.EtcdCluster;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.spi.StateStoreException;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Soak;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An etcd of three members, of which one hangs: its connections stay open, and it answers nothing. */
@Order(2) // since it takes long
class HangingMemberTest {

    /** gRPC notices a silent connection after 13 s. */
    private static final Duration HANGS = Duration.ofSeconds(20);

    private static final Duration RECOVERS = Duration.ofSeconds(3);
    private static final Duration LONGEST_GAP = Duration.ofSeconds(12);

    private final int hangs = Soak.size("members that hang", 2, 12);

    @Test
    @Tag("soak")
    void changesGoOnSoonWhetherALeaderOrAFollowerHangs() throws Exception {
        try (EtcdCluster cluster = EtcdCluster.start(3);
                EtcdStateStore store = TestEtcd.leading(EtcdStateStore.of(at(cluster)));
                EtcdStateReader reader = EtcdStateReader.of(at(cluster));
                Changing changing = new Changing(store, reader)) {
            changing.start();
            for (int i = 0; i < hangs; i++) {
                EtcdServer member = member(cluster, i % 2 == 0);
                member.pause();
                TimeUnit.SECONDS.sleep(HANGS.toSeconds());
                member.resume();
                TimeUnit.SECONDS.sleep(RECOVERS.toSeconds());
                changing.judge(member + (i % 2 == 0 ? ", which led," : "") + " has hung");
            }
        }
    }

    private static EtcdServer member(EtcdCluster cluster, boolean isLeader) throws IOException, InterruptedException {
        for (EtcdServer member : cluster.members()) {
            if (member.isLeader() == isLeader) {
                return member;
            }
        }
        throw new AssertionError(cluster.members() + ": none is leader: " + isLeader);
    }

    private static Etcd at(EtcdCluster cluster) {
        return Etcd.at(cluster.endpoints().stream().map(URI::toString).toArray(String[]::new));
    }

    /** Makes a change every 20 ms, and measures the longest time until one was written and until it was read. */
    private static final class Changing implements AutoCloseable {

        private final EtcdStateStore store;
        private final EtcdStateReader reader;
        private final Thread thread = new Thread(this::run, "changing");
        private final AtomicLong version = new AtomicLong();
        private final AtomicLong longestWrite = new AtomicLong();
        private final AtomicLong longestRead = new AtomicLong();
        private final AtomicLong failures = new AtomicLong();

        Changing(EtcdStateStore store, EtcdStateReader reader) {
            this.store = store;
            this.reader = reader;
        }

        void start() {
            reader.start();
            thread.start();
            await(() -> version.get() > 10);
            longestWrite.set(0);
            longestRead.set(0);
        }

        private void run() {
            try {
                while (true) {
                    long begun = System.nanoTime();
                    writeNext();
                    long written = System.nanoTime();
                    longestWrite.accumulateAndGet(written - begun, Math::max);
                    awaitReader();
                    longestRead.accumulateAndGet(System.nanoTime() - written, Math::max);
                    TimeUnit.MILLISECONDS.sleep(20);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void writeNext() throws InterruptedException {
            long next = version.incrementAndGet();
            boolean isWritten = false;
            while (!isWritten) {
                try {
                    store.apply(List.of(SampleChanges.event("t" + next % 10, next)));
                    isWritten = true;
                } catch (StateStoreException e) {
                    failures.incrementAndGet();
                    TimeUnit.MILLISECONDS.sleep(20);
                }
            }
        }

        private void awaitReader() throws InterruptedException {
            long revision = store.replica().upTo();
            while (reader.replica().upTo() < revision) {
                TimeUnit.MILLISECONDS.sleep(2);
            }
        }

        void judge(String what) {
            long present = version.get();
            await(() -> version.get() > present); // a write that is under way counts
            long write = longestWrite.getAndSet(0);
            long read = longestRead.getAndSet(0);
            System.out.printf(
                    "%s: longest write %.1f s, with %d failures; longest read %.1f s; clients replaced %d and %d%n",
                    what,
                    write / 1e9,
                    failures.getAndSet(0),
                    read / 1e9,
                    store.etcd().connection().replaced(),
                    reader.connection().replaced());
            assertTrue(write < LONGEST_GAP.toNanos(), () -> "write: " + Duration.ofNanos(write));
            assertTrue(read < LONGEST_GAP.toNanos(), () -> "read: " + Duration.ofNanos(read));
        }

        @Override
        public void close() {
            thread.interrupt();
            await(() -> !thread.isAlive());
        }
    }
}
