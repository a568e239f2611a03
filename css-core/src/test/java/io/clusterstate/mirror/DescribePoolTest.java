package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.internal.loop.Environment;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

class DescribePoolTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int MOST = 3;

    private final CountDownLatch mayDie = new CountDownLatch(1);
    private final List<Thread> made = new CopyOnWriteArrayList<>();
    /** A thread that has done all its work, and is slow to die. */
    private final ThreadFactory lingering = work -> {
        Thread thread = new Thread(() -> {
            work.run();
            while (mayDie.getCount() > 0) {
                Thread.onSpinWait(); // an interrupt must not end it
            }
        });
        made.add(thread);
        return thread;
    };

    private final TestTime time = new TestTime();
    private final DescribePool describePool =
            new DescribePool(MOST, new Environment(time, time, lingering, new Random(1)));

    @Test
    @Promise(11)
    void isJoinedOnlyWhenItsThreadsAreDead() throws Exception {
        describePool.submit(() -> null).get();
        describePool.stop();

        boolean endedWhileOneLived = describePool.join(Duration.ofMillis(100));
        boolean lived = made.get(0).isAlive();
        mayDie.countDown();

        assertTrue(lived);
        assertFalse(endedWhileOneLived);
        assertTrue(describePool.join(LIMIT));
        assertFalse(made.get(0).isAlive());
    }

    @Test
    @Promise(11)
    void interruptsThePartsUnderWayAndTakesNoMore() throws Exception {
        mayDie.countDown();
        CountDownLatch begun = new CountDownLatch(MOST);
        List<Future<?>> parts = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            parts.add(describePool.submit(() -> {
                begun.countDown();
                new CountDownLatch(1).await();
                return null;
            }));
        }
        begun.await();

        describePool.stop();

        assertTrue(describePool.join(LIMIT));
        made.forEach(thread -> assertFalse(thread.isAlive()));
        parts.forEach(part -> assertThrows(ExecutionException.class, part::get));
        assertThrows(RejectedExecutionException.class, () -> describePool.submit(() -> null));
    }

    @Test
    void aPartIsDoneByWhoAsksWhenAllAreBusy() throws Exception {
        mayDie.countDown();
        CountDownLatch mayEnd = new CountDownLatch(1);
        List<Future<?>> parts = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            parts.add(describePool.submit(() -> {
                mayEnd.await();
                return null;
            }));
        }
        await(() -> made.size() == MOST);

        assertEquals(
                Thread.currentThread(),
                describePool.submit(Thread::currentThread).get());
        mayEnd.countDown();
        for (Future<?> part : parts) {
            part.get();
        }
        describePool.stop();
        assertTrue(describePool.join(LIMIT));
    }

    @Test
    void aCrewThatHadNothingToDoIsJoinedAtOnce() throws InterruptedException {
        describePool.stop();

        assertTrue(describePool.join(LIMIT));
        assertEquals(List.of(), made);
    }
}
