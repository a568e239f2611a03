package io.clusterstate.spi.contract;

import static io.clusterstate.EntityKind.TASK;
import static io.clusterstate.spi.contract.SampleChanges.end;
import static io.clusterstate.spi.contract.SampleChanges.event;
import static io.clusterstate.spi.contract.SampleChanges.missing;
import static io.clusterstate.spi.contract.SampleChanges.running;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.TaskQuery;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Queries to one snapshot see one moment (promise 7). */
abstract class SnapshotChapter extends StoreChapter {

    SnapshotChapter(StoreFactory factory) {
        super(factory);
    }

    @Test
    void aNewStoreShowsNothingAtRevisionZero() {
        Snapshot snapshot = store.snapshot();

        assertEquals(0, snapshot.revision());
        assertEquals(0, snapshot.tasks().count());
        assertEquals(Optional.empty(), snapshot.task(ARN));
    }

    @Test
    @Promise(7)
    void anOldSnapshotStaysAsItWas() {
        applyAll(event(1), event("t2", 1));
        Snapshot old = store.snapshot();
        TaskQuery question = old.tasks().in(SampleChanges.CLUSTER).status("RUNNING");
        List<Object> before = contents(old);

        apply(end(2, 0));
        apply(missing(TASK, Entities.taskArn(SampleChanges.CLUSTER, "t2"), 1, 10));
        apply(event("t3", 1));
        clock.turn(Duration.ofHours(2));
        store.expire();

        assertEquals(before, contents(old));
        assertEquals(2, question.count());
        assertEquals(running(1), old.task(ARN).orElseThrow());
        SnapshotInvariants.check(old);
    }

    @Test
    @Promise(7)
    void aSnapshotIsReadableAfterTheStoreIsClosed() {
        apply(event(1));
        Snapshot last = store.snapshot();

        store.close();

        assertEquals(running(1), last.task(ARN).orElseThrow());
    }

    @Test
    void closingTwiceIsClosingOnce() {
        store.close();
        store.close();
    }

    @Test
    @Promise(11)
    void nothingIsTakenInAfterClosing() {
        apply(event(1));
        store.close();

        assertThrows(RuntimeException.class, () -> apply(event(2)));
    }

    @Test
    void aQuestionFindsWhatChangedUnderItsNewKeyOnly() {
        apply(event(1));
        apply(end(2, 0));

        assertEquals(0, store.snapshot().tasks().status("RUNNING").count());
        assertEquals(1, store.snapshot().tasks().status("STOPPED").count());
    }

    private static List<Object> contents(Snapshot snapshot) {
        return List.of(
                snapshot.revision(),
                snapshot.tasks().observed().map(StoreChapter::fieldsOf).toList(),
                snapshot.tasks().observed().map(Observed::revision).toList());
    }
}
