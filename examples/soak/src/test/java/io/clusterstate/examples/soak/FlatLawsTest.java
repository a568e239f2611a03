package io.clusterstate.examples.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The laws of threads and memory, tried on those that become more. */
class FlatLawsTest {

    private final Findings findings = new Findings();

    private void assertBroken(String law) {
        assertEquals(
                List.of(law),
                findings.violations().stream().map(Findings.Violation::law).toList());
    }

    @Test
    void aThreadThatOutlivesItsProcess() {
        TrackedThreads threads = new TrackedThreads();
        CountDownLatch end = new CountDownLatch(1);
        Thread leaked = threads.newThread(() -> awaitQuietly(end));
        leaked.start();

        new FlatThreads(findings, Duration.ofMillis(50)).closed("mirror", threads);

        end.countDown();
        assertBroken("FlatThreads");
    }

    private static void awaitQuietly(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void threadsThatBecomeMore() {
        FlatThreads law = new FlatThreads(findings, Duration.ZERO);
        law.sample(100);
        law.endWindow();
        law.sample(300);
        law.sample(120);
        law.endWindow();
        assertEquals(List.of(), findings.violations());

        law.sample(200);
        law.endWindow();

        assertBroken("FlatThreads");
    }

    @Test
    void memoryThatGrows() {
        FlatHeap law = new FlatHeap(findings);
        law.endWindow(100 << 20);
        law.endWindow(120 << 20);
        assertEquals(List.of(), findings.violations());

        law.endWindow(300 << 20);

        assertBroken("FlatHeap");
    }
}
