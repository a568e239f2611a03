package io.clusterstate.spi.contract;

import static io.clusterstate.EntityKind.TASK;
import static io.clusterstate.spi.contract.SampleChanges.answer;
import static io.clusterstate.spi.contract.SampleChanges.byEvent;
import static io.clusterstate.spi.contract.SampleChanges.end;
import static io.clusterstate.spi.contract.SampleChanges.event;
import static io.clusterstate.spi.contract.SampleChanges.running;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Outcome;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** Versions never go back (promise 1), and equal versions change nothing (promise 2). */
abstract class VersionChapter extends StoreChapter {

    VersionChapter(StoreFactory factory) {
        super(factory);
    }

    @Test
    void theFirstTellingAddsTheEntity() {
        Applied applied = apply(event(3));

        assertEquals(Outcome.ADDED, applied.outcome());
        assertNull(applied.before());
        assertEquals(running(3), task().value());
    }

    @Test
    @Promise(1)
    void aHigherVersionTakesThePlaceOfALower() {
        apply(event(1));
        Observed<Task> first = task();

        Applied applied = apply(event(4));

        assertEquals(Outcome.UPDATED, applied.outcome());
        assertEquals(fieldsOf(first), fieldsOf(applied.before()));
        assertEquals(fieldsOf(task()), fieldsOf(applied.after()));
        assertEquals(4, task().version());
    }

    @Test
    @Promise(1)
    void aLowerVersionIsDropped() {
        apply(event(4));
        Snapshot before = store.snapshot();

        Applied applied = apply(event(3));

        assertEquals(Outcome.OUTDATED, applied.outcome());
        assertEquals(4, task().version());
        assertEquals(before.revision(), store.snapshot().revision());
    }

    @Test
    @Promise(2)
    void anEqualVersionChangesNothing() {
        apply(event(3));
        Snapshot before = store.snapshot();
        Task otherwise = running(3).toBuilder().startedBy("someone else").build();

        Applied applied = apply(byEvent(TASK, otherwise));

        assertEquals(Outcome.DUPLICATE, applied.outcome());
        assertEquals(running(3), task().value());
        assertEquals(before.revision(), store.snapshot().revision());
        assertEquals(before.revision(), task().revision());
    }

    @Test
    @Promise({1, 2})
    void instancesGoByTheirVersionsToo() {
        String arn = Entities.instanceArn(SampleChanges.CLUSTER, "i1");
        apply(byEvent(EntityKind.INSTANCE, Entities.instance(SampleChanges.CLUSTER, "i1", 7)));

        Applied lower = apply(byEvent(EntityKind.INSTANCE, Entities.instance(SampleChanges.CLUSTER, "i1", 6)));
        Applied equal =
                apply(byEvent(EntityKind.INSTANCE, Entities.instance(SampleChanges.CLUSTER, "i1", i -> i.version(7L)
                        .status("DRAINING"))));
        Applied higher =
                apply(byEvent(EntityKind.INSTANCE, Entities.instance(SampleChanges.CLUSTER, "i1", i -> i.version(9L)
                        .agentConnected(false))));

        assertEquals(Outcome.OUTDATED, lower.outcome());
        assertEquals(Outcome.DUPLICATE, equal.outcome());
        assertEquals(Outcome.UPDATED, higher.outcome());
        assertEquals(
                "ACTIVE", find(EntityKind.INSTANCE, arn).orElseThrow().value().status());
        assertEquals(9, find(EntityKind.INSTANCE, arn).orElseThrow().version());
    }

    @Test
    @Promise(1)
    void aStoppedTaskIsNotFollowedByARunningOne() {
        apply(end(5, 0));

        apply(event(5));
        apply(event(6));
        apply(answer(7, 10));

        assertTrue(task().hasEnded());
        assertEquals(5, task().version());
    }

    @Test
    void aTaskStopsWithinOneVersion() {
        apply(answer(5, 10));

        apply(end(5, 0));

        assertTrue(task().hasEnded());
    }

    @Test
    void aTaskOfAClusterThatIsNotKnownIsShown() {
        Task elsewhere = Entities.task("unheard-of", "t9");

        apply(Entities.upsert(TASK, "unheard-of", elsewhere));

        assertEquals(1, store.snapshot().tasks().in("unheard-of").count());
        assertEquals(0, store.snapshot().clusters().count());
    }
}
