package io.clusterstate.spi.contract;

import static io.clusterstate.EntityKind.CLUSTER;
import static io.clusterstate.EntityKind.TASK;
import static io.clusterstate.spi.contract.SampleChanges.byApi;
import static io.clusterstate.spi.contract.SampleChanges.byEvent;
import static io.clusterstate.spi.contract.SampleChanges.end;
import static io.clusterstate.spi.contract.SampleChanges.event;
import static io.clusterstate.spi.contract.SampleChanges.gone;
import static io.clusterstate.spi.contract.SampleChanges.received;
import static io.clusterstate.spi.contract.SampleChanges.stopped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.Removal;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** Ended entities and tombstones are kept for their retention, and then dropped. */
abstract class RetentionChapter extends StoreChapter {

    private static final int MANY = 10_000;
    private static final Duration ALMOST = KEEP_ENDED.minus(TOLERANCE);
    private static final Duration OVER = KEEP_ENDED.plus(TOLERANCE);

    RetentionChapter(StoreFactory factory) {
        super(factory);
    }

    @Test
    void aStoppedTaskIsKeptForItsRetention() {
        apply(end(3, 0));
        clock.turn(ALMOST);

        assertEquals(List.of(), store.expire());
        assertTrue(task().hasEnded());
    }

    @Test
    void aStoppedTaskIsRemovedWhenItsRetentionIsOver() {
        apply(end(3, 0));
        Observed<Task> before = task();
        clock.turn(OVER);

        List<Applied> expired = store.expire();

        assertEquals(List.of(Outcome.REMOVED), outcomes(expired));
        Applied removal = expired.get(0);
        assertEquals(Removal.Reason.RETENTION, ((Removal<?>) removal.change()).reason());
        assertEquals(fieldsOf(before), fieldsOf(removal.before()));
        assertNull(removal.after());
        assertFalse(isTaskShown());
        assertTrue(store.snapshot().revision() > before.revision());
        assertEquals(List.of(), store.expire());
    }

    @Test
    void retentionBeginsWhenTheTaskStoppedAndNotWhenThatWasTold() {
        clock.turn(ALMOST);
        apply(received(end(3, 0), ALMOST.toSeconds()));
        clock.turn(TOLERANCE.multipliedBy(2));

        assertEquals(List.of(Outcome.REMOVED), outcomes(store.expire()));
    }

    @Test
    void nothingVanishesBetweenTwoCallsOfExpire() {
        apply(end(3, 0));
        clock.turn(Duration.ofDays(30));

        assertEquals(Outcome.DUPLICATE, apply(end(3, 0)).outcome());
        assertTrue(isTaskShown());
    }

    @Test
    void whatHasNotEndedIsKeptForEver() {
        apply(event(3));
        apply(byEvent(EntityKind.INSTANCE, Entities.instance(SampleChanges.CLUSTER, "i1")));
        apply(SampleChanges.service("ACTIVE", 0));
        apply(byApi(CLUSTER, Entities.cluster(SampleChanges.CLUSTER), 0));
        long revision = store.snapshot().revision();

        for (int year = 0; year < 10; year++) {
            clock.turn(Duration.ofDays(365));
            assertEquals(List.of(), store.expire());
        }

        assertEquals(revision, store.snapshot().revision());
        assertTrue(isTaskShown());
    }

    @Test
    void inactiveInstancesServicesAndClustersAreRemovedAnHourAfterTheyWereObserved() {
        apply(byEvent(EntityKind.INSTANCE, Entities.instance(SampleChanges.CLUSTER, "i1", i -> i.status("INACTIVE"))));
        apply(SampleChanges.service("INACTIVE", 0));
        apply(byApi(CLUSTER, Entities.cluster(SampleChanges.CLUSTER, c -> c.status("INACTIVE")), 0));
        clock.turn(ALMOST);
        assertEquals(List.of(), store.expire());

        clock.turn(TOLERANCE.multipliedBy(2));

        assertEquals(3, store.expire().size());
        assertEquals(0, store.snapshot().instances().count());
        assertEquals(0, store.snapshot().services().count());
        assertEquals(0, store.snapshot().clusters().count());
    }

    @Test
    void whatStoppedLongAgoIsNotTakenIn() {
        clock.turn(OVER);

        Applied applied = apply(received(end(3, 0), OVER.toSeconds()));

        assertEquals(Outcome.EXPIRED, applied.outcome());
        assertNull(applied.after());
        assertFalse(isTaskShown());
        assertEquals(Outcome.OUTDATED, apply(event(2)).outcome());
    }

    @Test
    void aRunningTaskThatStoppedLongAgoIsShownAsStoppedUntilItIsRemoved() {
        apply(event(2));
        clock.turn(OVER);

        assertEquals(Outcome.UPDATED, apply(end(3, 0)).outcome());
        assertEquals(List.of(), store.snapshot().tasks().status("RUNNING").list());

        clock.turn(TOLERANCE);
        assertEquals(List.of(Outcome.REMOVED), outcomes(store.expire()));
    }

    @Test
    @Promise(3)
    void manyEndsOfOneMomentAreAllRemovedAndRemembered() {
        List<Change<?>> ends = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            ends.add(byEvent(TASK, stopped(Entities.task(SampleChanges.CLUSTER, "many" + i), 0)));
        }
        store.apply(ends);
        clock.turn(OVER);

        List<Applied> removals = store.expire();

        assertEquals(
                MANY,
                removals.stream().map(each -> each.change().arn()).distinct().count());
        assertEquals(MANY, removals.size());
        assertEquals(0, store.snapshot().tasks().count());
        assertTrue(store.apply(ends).stream().allMatch(each -> each.outcome() == Outcome.EXPIRED));
        assertEquals(List.of(), store.expire());
    }

    @Test
    @Promise(3)
    void whatExpiredIsNotRevived() {
        apply(end(3, 0));
        expire();

        assertEquals(Outcome.OUTDATED, apply(event(2)).outcome());
        assertEquals(Outcome.EXPIRED, apply(end(3, 0)).outcome());
        assertEquals(Outcome.EXPIRED, apply(byApi(TASK, stopped(3, 0), 9_999)).outcome());
        assertFalse(isTaskShown());
    }

    @Test
    void anEndThatExpiredIsNotShownAgainHoweverOftenItIsTold() {
        apply(byEvent(EntityKind.INSTANCE, Entities.instance(SampleChanges.CLUSTER, "i1", i -> i.status("INACTIVE"))));
        apply(SampleChanges.service("INACTIVE", 0));
        expire();

        Applied instance = apply(byApi(
                EntityKind.INSTANCE,
                Entities.instance(SampleChanges.CLUSTER, "i1", i -> i.status("INACTIVE")),
                OVER.toSeconds()));
        Applied service = apply(SampleChanges.service("INACTIVE", OVER.toSeconds()));

        assertEquals(List.of(Outcome.EXPIRED, Outcome.EXPIRED), outcomes(List.of(instance, service)));
    }

    @Test
    void aServiceThatWasMadeAgainWhileItsOldEndWasKeptIsShownEvenIfToldLate() {
        apply(SampleChanges.service("INACTIVE", 0));
        expire();

        Applied applied = apply(SampleChanges.service("ACTIVE", 60));

        assertEquals(Outcome.ADDED, applied.outcome());
    }

    @Test
    void aServiceThatWasMadeAgainIsKeptForEver() {
        apply(SampleChanges.service("INACTIVE", 0));
        apply(SampleChanges.service("ACTIVE", 60));
        clock.turn(OVER);

        assertEquals(List.of(), store.expire());
        assertEquals(1, store.snapshot().services().status("ACTIVE").count());
    }

    @Test
    @Promise(3)
    void aTombstoneHoldsForItsTime() {
        apply(gone(3, 0));
        turnInSteps(KEEP_TOMBSTONES.minus(TOLERANCE));

        assertEquals(Outcome.OUTDATED, apply(event(3)).outcome());
    }

    @Test
    void aTombstoneIsForgottenAfterItsTime() {
        apply(gone(3, 0));
        turnInSteps(KEEP_TOMBSTONES.plus(TOLERANCE));

        assertEquals(Outcome.ADDED, apply(event(3)).outcome());
    }

    @Test
    @Promise(3)
    void theTombstoneOfWhatExpiredHoldsForItsTimeToo() {
        apply(end(3, 0));
        expire();
        turnInSteps(KEEP_TOMBSTONES.minus(TOLERANCE));

        assertEquals(Outcome.OUTDATED, apply(event(2)).outcome());
    }

    private void expire() {
        clock.turn(OVER);
        assertFalse(store.expire().isEmpty());
    }

    /** Advances the clock and calls {@code expire} from time to time, as the mirror does. */
    private void turnInSteps(Duration duration) {
        Instant end = clock.instant().plus(duration);
        while (clock.instant().isBefore(end)) {
            Instant next = clock.instant().plus(Duration.ofMinutes(7));
            clock.set(next.isBefore(end) ? next : end);
            store.expire();
        }
    }
}
