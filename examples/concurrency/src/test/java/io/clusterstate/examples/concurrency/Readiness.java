package io.clusterstate.examples.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.clusterstate.Freshness;
import io.clusterstate.NotReadyException;
import io.clusterstate.StoreView;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.SnapshotEditor;
import io.clusterstate.spi.Upsert;
import io.clusterstate.spi.ViewHost;
import java.time.InstantSource;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import software.amazon.awssdk.services.ecs.model.Task;

/** What a second thread reads from a view while its host loads the first task and becomes ready. */
@JCStressTest
@Outcome(
        id = {"-1, -1", "-1, 1", "1, 1"},
        expect = ACCEPTABLE,
        desc = "not ready, or the task")
@Outcome(expect = FORBIDDEN, desc = "empty, or no longer ready")
@State
public class Readiness {

    private static final Upsert<Task> TASK = Samples.upsert(0, 1);
    private static final Applied ADDED = new Applied(
            TASK, io.clusterstate.spi.Outcome.ADDED, null, TASK.observed().at(1), 1);

    private final ChangeJournal journal = new ChangeJournal();
    private final Host host = new Host();
    private final StoreView view = StoreView.byHand(journal, host, InstantSource.system());

    @Actor
    public void host() {
        journal.publish(
                SnapshotEditor.of(SnapshotEditor.empty())
                        .put(TASK.observed().at(1))
                        .toSnapshot(1),
                List.of(ADDED));
        host.isReady = true;
        view.moved();
    }

    @Actor
    public void reader(II_Result seen) {
        seen.r1 = tasks();
        seen.r2 = find();
    }

    private int tasks() {
        try {
            return view.snapshot().tasks().list().size();
        } catch (NotReadyException e) {
            return -1;
        }
    }

    private int find() {
        try {
            return view.task(Samples.arn(0)).isPresent() ? 1 : 0;
        } catch (NotReadyException e) {
            return -1;
        }
    }

    private static final class Host implements ViewHost {

        private volatile boolean isReady;

        @Override
        public boolean isReady() {
            return isReady;
        }

        @Override
        public boolean isOver() {
            return false;
        }

        @Override
        public NotReadyException notReady() {
            return new NotReadyException("not loaded", null);
        }

        @Override
        public String waitsFor() {
            return "the first load";
        }

        @Override
        public Freshness freshness() {
            return Freshness.NONE;
        }
    }
}
