package io.clusterstate.spi.contract;

import static io.clusterstate.EntityKind.CLUSTER;
import static io.clusterstate.EntityKind.SERVICE;
import static io.clusterstate.EntityKind.TASK;
import static io.clusterstate.spi.contract.SampleChanges.answer;
import static io.clusterstate.spi.contract.SampleChanges.byApi;
import static io.clusterstate.spi.contract.SampleChanges.byEvent;
import static io.clusterstate.spi.contract.SampleChanges.end;
import static io.clusterstate.spi.contract.SampleChanges.event;
import static io.clusterstate.spi.contract.SampleChanges.gone;
import static io.clusterstate.spi.contract.SampleChanges.missing;
import static io.clusterstate.spi.contract.SampleChanges.running;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.Outcome;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The arguments and results of {@code apply}. */
abstract class BatchChapter extends StoreChapter {

    private static final int MANY = 5_000;

    BatchChapter(StoreFactory factory) {
        super(factory);
    }

    @Test
    void theAnswersComeInTheOrderOfTheChanges() {
        List<Change<?>> changes = List.of(
                event("a", 1),
                byApi(CLUSTER, Entities.cluster(SampleChanges.CLUSTER), 0),
                missing(TASK, Entities.taskArn(SampleChanges.CLUSTER, "b"), 1, 0),
                byEvent(EntityKind.INSTANCE, Entities.instance(SampleChanges.CLUSTER, "c")),
                event("a", 1));

        List<Applied> applied = store.apply(changes);

        assertEquals(
                List.of(Outcome.ADDED, Outcome.ADDED, Outcome.DUPLICATE, Outcome.ADDED, Outcome.DUPLICATE),
                outcomes(applied));
        for (int i = 0; i < changes.size(); i++) {
            assertSame(changes.get(i), applied.get(i).change());
        }
    }

    @Test
    void severalChangesOfOneEntityCountInTheirOrder() {
        List<Applied> applied = applyAll(event(1), event(3), event(2), gone(3, 10), event(3), end(4, 0));

        assertEquals(
                List.of(
                        Outcome.ADDED,
                        Outcome.UPDATED,
                        Outcome.OUTDATED,
                        Outcome.REMOVED,
                        Outcome.OUTDATED,
                        Outcome.ADDED),
                outcomes(applied));
        Observed<?> last = null;
        for (Applied each : applied) {
            assertEquals(last == null, each.before() == null);
            if (last != null) {
                assertEquals(fieldsOf(last), fieldsOf(each.before()));
            }
            last = each.after();
        }
        assertEquals(fieldsOf(last), fieldsOf(task()));
    }

    @Test
    void whatIsAddedAndRemovedInOneBatchIsNotThere() {
        List<Applied> applied = applyAll(event(1), gone(1, 10));

        assertEquals(List.of(Outcome.ADDED, Outcome.REMOVED), outcomes(applied));
        assertFalse(isTaskShown());
        assertEquals(0, store.snapshot().tasks().in(SampleChanges.CLUSTER).count());
    }

    @Test
    void anEmptyBatchChangesNothing() {
        apply(event(1));
        long revision = store.snapshot().revision();

        assertEquals(List.of(), store.apply(List.of()));
        assertEquals(revision, store.snapshot().revision());
    }

    @Test
    @Promise({2, 12})
    void aBatchThatIsRepeatedChangesNothing() {
        List<Change<?>> changes = List.of(
                event(1),
                event(3),
                byApi(TASK, SampleChanges.described(running(3), "blue"), 10),
                event("t2", 7),
                missing(TASK, Entities.taskArn(SampleChanges.CLUSTER, "t2"), 7, 10),
                byApi(SERVICE, Entities.service(SampleChanges.CLUSTER, "web"), 10));
        store.apply(changes);
        long revision = store.snapshot().revision();
        List<Object> before = fieldsOf(task());

        List<Applied> again = store.apply(changes);

        assertTrue(again.stream().noneMatch(applied -> applied.outcome().hasEffect()), () -> "" + again);
        assertEquals(revision, store.snapshot().revision());
        assertEquals(before, fieldsOf(task()));
    }

    @Test
    void anAnswerWithoutEffectTellsWhatIsKnown() {
        apply(event(3));

        Applied outdated = apply(event(2));
        Applied unknown = apply(missing(TASK, Entities.taskArn(SampleChanges.CLUSTER, "t2"), 1, 0));

        assertEquals(fieldsOf(task()), fieldsOf(outdated.before()));
        assertEquals(fieldsOf(task()), fieldsOf(outdated.after()));
        assertNull(unknown.before());
        assertNull(unknown.after());
    }

    @Test
    void whatApplyDidIsSeenWhenItReturns() {
        for (long version = 1; version <= 50; version++) {
            apply(event(version));
            assertEquals(version, task().version());
        }
        apply(gone(50, 10));
        assertFalse(isTaskShown());
    }

    @Test
    void revisionsGrowFromBatchToBatch() {
        long last = store.snapshot().revision();
        List<Change<?>> changes = List.of(
                event(1),
                event(2),
                byApi(TASK, SampleChanges.described(running(2), "blue"), 5),
                gone(2, 10),
                answer(2, 20));

        for (Change<?> change : changes) {
            Applied applied = apply(change);

            long revision = store.snapshot().revision();
            assertTrue(revision > last, () -> applied + ": revision " + revision);
            assertTrue(applied.after() == null || applied.after().revision() == revision);
            last = revision;
        }
    }

    @Test
    void theRevisionOfASnapshotIsThatOfItsLastChange() {
        apply(event(1));
        long first = task().revision();
        List<Applied> applied = applyAll(event("t2", 1), event("t3", 1));

        assertEquals(first, task().revision());
        assertTrue(applied.get(0).after().revision() > first);
        assertTrue(applied.get(1).after().revision() >= applied.get(0).after().revision());
        assertEquals(store.snapshot().revision(), applied.get(1).after().revision());
    }

    @Test
    @Promise(8)
    void nothingIsGivenUpToSaveMemory() {
        List<Change<?>> events = new ArrayList<>();
        List<Change<?>> removals = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            events.add(event("many" + i, 1));
            removals.add(missing(TASK, Entities.taskArn(SampleChanges.CLUSTER, "many" + i), 1, 10));
        }
        store.apply(events);
        assertEquals(List.of(), store.expire());
        assertTrue(outcomes(store.apply(events)).stream().allMatch(Outcome.DUPLICATE::equals));
        assertEquals(MANY, store.snapshot().tasks().count());

        store.apply(removals);
        assertEquals(List.of(), store.expire());
        assertTrue(outcomes(store.apply(events)).stream().allMatch(Outcome.OUTDATED::equals));
        assertEquals(0, store.snapshot().tasks().count());
    }
}
