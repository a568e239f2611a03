package io.clusterstate.examples.concurrency;

import static io.clusterstate.examples.concurrency.Samples.arn;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.SnapshotEditor;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import software.amazon.awssdk.services.ecs.model.Task;

/** What a second thread sees of a journal while a batch is published, which takes two tasks from version 1 to 2. */
public final class Publication {

    private static final Batch FIRST = new Batch(SnapshotEditor.empty(), 1);
    private static final Batch SECOND = new Batch(FIRST.after, 2);

    private Publication() {}

    /** A version of both tasks, and the snapshot with them. */
    private static final class Batch {

        private final Snapshot after;
        private final List<Applied> changes;

        Batch(Snapshot base, int version) {
            Observed<?> one = Samples.upsert(0, version).observed().at(version);
            Observed<?> other = Samples.upsert(1, version).observed().at(version);
            after = SnapshotEditor.of(base).put(one).put(other).toSnapshot(version);
            changes = List.of(applied(0, one, version), applied(1, other, version));
        }

        private static Applied applied(int task, Observed<?> after, int version) {
            return new Applied(
                    Samples.upsert(task, version), io.clusterstate.spi.Outcome.UPDATED, null, after, version);
        }
    }

    /** A journal at version 1. */
    @State
    public static class Journal {

        private final ChangeJournal journal = new ChangeJournal();

        public Journal() {
            journal.publish(FIRST.after, FIRST.changes);
        }

        void publish() {
            journal.publish(SECOND.after, SECOND.changes);
        }

        int inSnapshot(Snapshot snapshot, int task) {
            return (int)
                    snapshot.observed(EntityKind.TASK, arn(task)).orElseThrow().version();
        }

        int inSnapshot(int task) {
            return inSnapshot(journal.snapshot(), task);
        }

        int found(int task) {
            return journal.find(EntityKind.TASK, arn(task))
                    .map(Task::version)
                    .orElseThrow()
                    .intValue();
        }
    }

    @JCStressTest
    @Outcome(
            id = {"1, 1", "2, 2"},
            expect = ACCEPTABLE,
            desc = "a whole batch")
    @Outcome(expect = FORBIDDEN, desc = "half a batch")
    public static class BatchIsWhole {
        @Actor
        public void writer(Journal state) {
            state.publish();
        }

        @Actor
        public void reader(Journal state, II_Result seen) {
            Snapshot snapshot = state.journal.snapshot();
            seen.r1 = state.inSnapshot(snapshot, 0);
            seen.r2 = state.inSnapshot(snapshot, 1);
        }
    }

    @JCStressTest
    @Outcome(
            id = {"1, 1", "1, 2", "2, 2"},
            expect = ACCEPTABLE,
            desc = "forward")
    @Outcome(expect = FORBIDDEN, desc = "back in time")
    public static class SnapshotAfterLookup {
        @Actor
        public void writer(Journal state) {
            state.publish();
        }

        @Actor
        public void reader(Journal state, II_Result seen) {
            seen.r1 = state.found(0);
            seen.r2 = state.inSnapshot(1);
        }
    }

    @JCStressTest
    @Outcome(
            id = {"1, 1", "1, 2", "2, 2"},
            expect = ACCEPTABLE,
            desc = "forward")
    @Outcome(expect = FORBIDDEN, desc = "back in time")
    public static class LookupAfterSnapshot {
        @Actor
        public void writer(Journal state) {
            state.publish();
        }

        @Actor
        public void reader(Journal state, II_Result seen) {
            seen.r1 = state.inSnapshot(0);
            seen.r2 = state.found(1);
        }
    }

    @JCStressTest
    @Outcome(
            id = {"1, 1", "1, 2", "2, 2"},
            expect = ACCEPTABLE,
            desc = "forward")
    @Outcome(expect = FORBIDDEN, desc = "back in time")
    public static class LookupAfterLookup {
        @Actor
        public void writer(Journal state) {
            state.publish();
        }

        @Actor
        public void reader(Journal state, II_Result seen) {
            seen.r1 = state.found(0);
            seen.r2 = state.found(1);
        }
    }
}
