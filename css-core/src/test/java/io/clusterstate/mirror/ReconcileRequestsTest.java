package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.internal.loop.MonotonicTime;
import io.clusterstate.testing.TestCoordination;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReconcileRequestsTest {

    private final TimeWithHook time = new TimeWithHook();
    private final ReconcileQueue queue = new ReconcileQueue(time);
    private final Lifecycle lifecycle = new Lifecycle(() -> {});
    private final ReconcileRequests requests =
            new ReconcileRequests(queue, new ReconcileTerms(new TestCoordination(), (now, term) -> {}), lifecycle);

    @Test
    void aClusterThatIsDeletedWhileAllAreRequestedFailsNothing() throws Exception {
        lifecycle.advance(MirrorStatus.Phase.LOADING);
        WorkItem list = take();
        CompletableFuture<List<ReconcileReport>> reports = requests.all();
        queue.done(list, Duration.ZERO); // a run that began before the request
        WorkItem again = take();
        WorkItem first = queue.follow("a");
        queue.follow("b");
        time.hook = () -> dropOnceRequested(first, "b");

        queue.done(again, Duration.ofMinutes(1));
        queue.done(take(), Duration.ofMinutes(1));

        assertTrue(reports.isDone());
        assertEquals(List.of(), reports.get());
    }

    private void dropOnceRequested(WorkItem item, String other) {
        if (!item.requests.isEmpty()) {
            queue.drop(other);
        }
    }

    private WorkItem take() throws InterruptedException {
        return queue.take(Duration.ZERO, queue.wakeUps(), item -> true).orElseThrow();
    }

    /** A time that stands still, and runs a hook whenever it is read. */
    private static final class TimeWithHook implements MonotonicTime {

        private Runnable hook = () -> {};

        @Override
        public long nanos() {
            hook.run();
            return 0;
        }

        @Override
        public void pause(Duration pause) {}
    }
}
