package io.clusterstate.etcd;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.LoopStatus;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.testing.Seeds;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** After a close nothing campaigns and no lease is left, whatever was under way. */
class LeadershipCloseTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int ROUNDS = 30;

    private final EtcdServer server = TestEtcd.server();
    private final Etcd etcd = Etcd.at(server.endpoint().toString()).namespace(TestEtcd.newNamespace());

    @Test
    void aCloseWhileAHookDoesNotReturnGivesTheLeadUp() throws Exception {
        CountDownLatch isHeld = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        Leadership leader = leadership();
        leader.onChange(() -> {
            if (leader.term() != 0) {
                isHeld.countDown();
                awaitDespiteInterrupts(mayReturn);
            }
        });
        leader.start();
        assertTrue(isHeld.await(LIMIT.toSeconds(), TimeUnit.SECONDS));

        leader.close();

        assertEquals(0, leader.term());
        try (Leadership other = leadership()) {
            other.start();
            other.awaitLead(LIMIT);
            mayReturn.countDown();
            assertEnds(leader);
            assertEquals(0, leader.term());
            assertTrue(other.term() != 0);
        }
    }

    @Test
    void aCloseInAHookGivesTheLeadUp() throws Exception {
        Leadership leader = leadership();
        CountDownLatch isClosed = new CountDownLatch(1);
        leader.onChange(() -> {
            if (leader.term() != 0) {
                leader.close();
                isClosed.countDown();
            }
        });
        leader.start();

        assertTrue(isClosed.await(LIMIT.toSeconds(), TimeUnit.SECONDS));

        assertEnds(leader);
        assertFree();
    }

    @Test
    void aCloseAtAnyMomentOfACampaignLeavesTheLeadFree() {
        Seeds.forEach(ROUNDS, random -> {
            Leadership candidate = leadership();
            candidate.start();
            await(() -> candidate.loops().get(0).lastBeat().isPresent());
            LockSupport.parkNanos(random.nextLong(30_000_000));

            candidate.close();

            assertEnds(candidate);
            assertFree();
        });
    }

    @Test
    void aStartAndACloseAtOnceLeaveTheLeadFree() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            Leadership candidate = leadership();
            CyclicBarrier together = new CyclicBarrier(2);
            Thread starts = Environment.daemon(() -> {
                try {
                    together.await();
                    candidate.start();
                } catch (IllegalStateException e) {
                    // closed before
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            starts.start();
            together.await();

            candidate.close();

            starts.join(LIMIT.toMillis());
            assertEnds(candidate);
        }
        assertFree();
    }

    private Leadership leadership() {
        return Leadership.of(etcd, "scheduler", LONG);
    }

    private static void assertEnds(Leadership closed) {
        await(() -> closed.loops().stream().allMatch(loop -> loop.state() == LoopStatus.State.ENDED));
    }

    /** Another leads at once, although a lease lasts for minutes. */
    private void assertFree() {
        try (Leadership other = leadership()) {
            other.start();
            other.awaitLead(LIMIT);
        } catch (TimeoutException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitDespiteInterrupts(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            LockSupport.parkNanos(1_000_000);
            Thread.interrupted();
        }
    }
}
