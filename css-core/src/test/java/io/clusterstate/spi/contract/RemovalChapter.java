package io.clusterstate.spi.contract;

import static io.clusterstate.EntityKind.TASK;
import static io.clusterstate.spi.contract.SampleChanges.answer;
import static io.clusterstate.spi.contract.SampleChanges.byApi;
import static io.clusterstate.spi.contract.SampleChanges.byEvent;
import static io.clusterstate.spi.contract.SampleChanges.end;
import static io.clusterstate.spi.contract.SampleChanges.event;
import static io.clusterstate.spi.contract.SampleChanges.gone;
import static io.clusterstate.spi.contract.SampleChanges.missing;
import static io.clusterstate.spi.contract.SampleChanges.received;
import static io.clusterstate.spi.contract.SampleChanges.running;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ChangeCause;
import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Removed;
import io.clusterstate.Snapshot;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.Outcome;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** A late event does not revive a removed entity (promise 3), and a wrong removal heals. */
abstract class RemovalChapter extends StoreChapter {

    RemovalChapter(StoreFactory factory) {
        super(factory);
    }

    @Test
    void aRemovalTakesTheEntityOut() {
        apply(event(3));
        apply(event("t2", 1));
        Observed<Task> before = task();

        Applied applied = apply(gone(3, 10));

        assertEquals(Outcome.REMOVED, applied.outcome());
        assertEquals(fieldsOf(before), fieldsOf(applied.before()));
        assertNull(applied.after());
        assertFalse(isTaskShown());
        assertEquals(1, store.snapshot().tasks().count());
        assertTrue(store.snapshot().revision() > before.revision());
    }

    @Test
    void aSnapshotRemembersWhatWasRemovedUntilItIsBack() {
        String arn = Entities.taskArn(SampleChanges.CLUSTER, SampleChanges.TASK_ID);
        Snapshot unseen = store.snapshot();
        apply(event(3));
        Observed<Task> before = task();
        apply(gone(3, 10));
        Snapshot without = store.snapshot();

        apply(event(4));

        assertEquals(Optional.empty(), unseen.removed(arn));
        Removed<?> removed = without.removed(arn).orElseThrow();
        assertEquals(fieldsOf(before), fieldsOf(removed.last()));
        assertEquals(ChangeCause.MISSING, removed.cause());
        assertEquals(Entities.NOW.plusSeconds(10), removed.at());
        assertEquals(Optional.empty(), store.snapshot().removed(arn));
    }

    @Test
    @Promise(3)
    void aLateEventDoesNotReviveARemovedTask() {
        apply(event(3));
        apply(gone(3, 10));
        long revision = store.snapshot().revision();

        Applied lower = apply(received(event(2), 99));
        Applied equal = apply(received(event(3), 99));
        Applied stopped = apply(received(end(3, 0), 99));

        assertEquals(Outcome.OUTDATED, lower.outcome());
        assertEquals(Outcome.OUTDATED, equal.outcome());
        assertEquals(Outcome.OUTDATED, stopped.outcome());
        assertFalse(isTaskShown());
        assertEquals(revision, store.snapshot().revision());
    }

    @Test
    @Promise(3)
    void aRemovalThatComesBeforeTheEntityKeepsItOut() {
        Applied removal = apply(gone(3, 10));
        Applied late = apply(received(event(3), 99));

        assertEquals(Outcome.DUPLICATE, removal.outcome());
        assertEquals(Outcome.OUTDATED, late.outcome());
        assertFalse(isTaskShown());
    }

    @Test
    void aHigherVersionRevives() {
        apply(gone(3, 10));

        Applied applied = apply(event(4));

        assertEquals(Outcome.ADDED, applied.outcome());
        assertNull(applied.before());
        assertEquals(4, task().version());
    }

    @Test
    @Promise(8)
    void anApiAnswerThatWasAskedForAfterTheProofRevives() {
        apply(gone(3, 10));

        assertEquals(Outcome.OUTDATED, apply(answer(3, 10)).outcome());
        assertEquals(Outcome.ADDED, apply(answer(3, 11)).outcome());
        assertEquals(3, task().version());
    }

    @Test
    @Promise(1)
    void anApiAnswerOfALowerVersionDoesNotReviveHoweverLate() {
        apply(gone(3, 10));

        assertEquals(Outcome.OUTDATED, apply(answer(2, 99)).outcome());
        assertFalse(isTaskShown());
    }

    @Test
    void aRemovalOfAnEarlierVersionRemovesNothing() {
        apply(event(4));

        Applied applied = apply(gone(3, 10));

        assertEquals(Outcome.OUTDATED, applied.outcome());
        assertEquals(fieldsOf(applied.before()), fieldsOf(applied.after()));
        assertEquals(4, task().version());
    }

    @Test
    @Promise(8)
    void aRemovalThatWasProvenBeforeTheLastAnswerRemovesNothing() {
        apply(answer(3, 11));

        assertEquals(Outcome.OUTDATED, apply(gone(3, 10)).outcome());
        assertEquals(Outcome.REMOVED, apply(gone(3, 11)).outcome());
    }

    @Test
    void aRemovalThatWasProvenBeforeAnEventCameRemovesNevertheless() {
        apply(received(event(3), 99));

        assertEquals(Outcome.REMOVED, apply(gone(3, 10)).outcome());
    }

    @Test
    @Promise(12)
    void aRemovalOfALaterVersionRemovesAnEarlierOneHoweverLateThatWasAskedFor() {
        apply(answer(2, 99));

        assertEquals(Outcome.REMOVED, apply(gone(3, 10)).outcome());
    }

    @Test
    @Promise(2)
    void aRepeatedRemovalChangesNothing() {
        apply(event(3));
        apply(gone(3, 10));
        long revision = store.snapshot().revision();

        assertEquals(Outcome.DUPLICATE, apply(gone(3, 10)).outcome());
        assertEquals(revision, store.snapshot().revision());
        assertEquals(Outcome.OUTDATED, apply(event(3)).outcome());
    }

    @Test
    @Promise(12)
    void ofTwoRemovalsOfOneVersionTheOneProvenLaterStands() {
        apply(gone(3, 10));
        apply(gone(3, 20));
        apply(gone(3, 15));

        assertEquals(Outcome.OUTDATED, apply(answer(3, 20)).outcome());
        assertEquals(Outcome.ADDED, apply(answer(3, 21)).outcome());
    }

    @Test
    @Promise(12)
    void ofTwoRemovalsTheOneOfTheHigherVersionStandsWithItsOwnProof() {
        apply(gone(5, 10));
        apply(gone(3, 99));

        assertEquals(Outcome.OUTDATED, apply(event(5)).outcome());
        assertEquals(Outcome.ADDED, apply(answer(5, 50)).outcome());
    }

    @Test
    @Promise(3)
    void instancesAreNotRevivedEither() {
        String arn = Entities.instanceArn(SampleChanges.CLUSTER, "i1");
        Change<?> event = byEvent(EntityKind.INSTANCE, Entities.instance(SampleChanges.CLUSTER, "i1", 3));
        apply(event);
        apply(missing(EntityKind.INSTANCE, arn, 3, 10));

        assertEquals(Outcome.OUTDATED, apply(event).outcome());
        assertEquals(0, store.snapshot().instances().count());
    }

    @Test
    void tagsAreForgottenWithARemoval() {
        apply(byApi(TASK, SampleChanges.described(running(3), "blue"), 5));
        apply(gone(3, 10));

        apply(event(4));

        assertEquals(running(4), task().value());
        assertTrue(task().describedAt().isEmpty());
    }
}
