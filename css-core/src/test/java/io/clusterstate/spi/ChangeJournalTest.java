package io.clusterstate.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.Freshness;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.StoreLink;
import io.clusterstate.spi.ChangeJournal.Published;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ChangeJournalTest {

    private final ChangeJournal journal = new ChangeJournal(3);

    @Test
    void beginsEmpty() {
        assertEquals(0, journal.snapshot().revision());
        assertEquals(0, journal.oldest());
        assertEquals(Optional.empty(), journal.next(0));
        assertEquals(0, journal.at(0).orElseThrow().total());
    }

    @Test
    void isReadBatchByBatch() {
        publish(1, 1);
        publish(3, 2);

        Published first = journal.next(0).orElseThrow();
        Published second = journal.next(first.after().revision()).orElseThrow();

        assertEquals(1, first.after().revision());
        assertEquals(
                List.of(2L, 3L),
                second.changes().stream().map(Applied::revision).toList());
        assertEquals(3, second.total());
        assertSame(journal.last(), second);
        assertEquals(Optional.empty(), journal.next(3));
    }

    @Test
    void aRevisionInTheMiddleOfABatchStandsBeforeTheBatch() {
        publish(1, 1);
        publish(3, 2);

        assertEquals(1, journal.at(2).orElseThrow().after().revision());
        assertEquals(3, journal.next(2).orElseThrow().after().revision());
    }

    @Test
    void whatHadNoEffectIsLeftOut() {
        Applied known = new Applied(change(1), Outcome.DUPLICATE, null, null, 0);
        journal.publish(snapshot(1), List.of(known, applied(1)));

        assertEquals(1, journal.last().changes().size());
        assertEquals(1, journal.last().total());
    }

    @Test
    void givesUpTheOldestBeyondItsCapacity() {
        publish(2, 2);
        publish(3, 1);
        assertEquals(0, journal.oldest(), "three are kept");

        publish(4, 1);

        assertEquals(2, journal.oldest());
        assertEquals(Optional.empty(), journal.next(1), "what followed 1 is not all there");
        assertEquals(Optional.empty(), journal.at(1));
        assertEquals(3, journal.next(2).orElseThrow().after().revision());
    }

    @Test
    void keepsTheNewestBatchHoweverLargeItIs() {
        publish(1, 1);
        publish(100, 99);

        assertEquals(1, journal.oldest());
        assertEquals(99, journal.next(1).orElseThrow().changes().size());
    }

    @Test
    void holdsNoMoreThanItsCapacityAndTheNewestBatch() {
        for (int i = 1; i <= 1_000; i++) {
            publish(i, 1);
        }
        assertEquals(997, journal.oldest());
    }

    @Test
    void refusesWhatDoesNotGoOn() {
        publish(5, 1);

        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> publish(5, 1));

        assertEquals("after: revision 5 (expected: above 5)", refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new ChangeJournal(-1));
    }

    @Test
    void runsItsHooksOnceTheBatchIsThere() {
        List<Long> seen = new ArrayList<>();
        journal.afterEach(() -> seen.add(journal.snapshot().revision()));

        publish(1, 1);
        publish(2, 1);

        assertEquals(List.of(1L, 2L), seen);
        assertTrue(journal.next(1).isPresent());
    }

    /** Publishes some changes, the last of them at a revision. */
    private void publish(long revision, int changes) {
        List<Applied> applied = new ArrayList<>();
        for (long each = revision - changes + 1; each <= revision; each++) {
            applied.add(applied(each));
        }
        journal.publish(snapshot(revision), applied);
    }

    private static Snapshot snapshot(long revision) {
        return SnapshotEditor.of(SnapshotEditor.empty()).toSnapshot(revision);
    }

    @Test
    void aSnapshotHasTheFreshnessOfItsPublication() {
        AtomicReference<Freshness> present = new AtomicReference<>(fresh(1));
        journal.freshnessFrom(present::get);
        publish(1, 1);
        Published first = journal.last();
        present.set(fresh(2));
        journal.freshnessMoved();
        Snapshot moved = journal.snapshot();
        publish(2, 1);

        assertEquals(fresh(1), first.after().freshness());
        assertEquals(fresh(2), moved.freshness());
        assertEquals(1, moved.revision(), "a move is no change");
        assertEquals(fresh(2), journal.last().after().freshness());
        assertEquals(journal.snapshot(), journal.last().after());
        assertEquals(2, journal.last().total());
        assertEquals(
                fresh(2), journal.next(0).orElseThrow().after().freshness(), "the last batch before was stamped anew");
    }

    @Test
    void aForgottenSourceOfFreshnessIsNotAskedAgain() {
        Supplier<Freshness> first = () -> fresh(1);
        Supplier<Freshness> second = () -> fresh(2);
        journal.freshnessFrom(first);
        journal.freshnessFrom(second);

        journal.forgetFreshness(first);
        publish(1, 1);
        assertEquals(fresh(2), journal.snapshot().freshness(), "another source has taken its place");

        journal.forgetFreshness(second);
        assertEquals(fresh(2), journal.snapshot().freshness(), "what is published stays");
        publish(2, 1);
        assertEquals(Freshness.NONE, journal.snapshot().freshness());
    }

    @Test
    @Promise(6)
    void aMoveDuringAPublicationIsNotTakenBack() {
        AtomicReference<Freshness> present = new AtomicReference<>(fresh(1));
        AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
        journal.freshnessFrom(() -> {
            Freshness read = present.get();
            meanwhile.getAndSet(() -> {}).run();
            return read;
        });
        Runnable move = () -> {
            present.set(fresh(2));
            journal.freshnessMoved();
        };
        meanwhile.set(move);
        publish(1, 1);

        assertEquals(fresh(2), journal.snapshot().freshness());
    }

    @Test
    @Promise(6)
    void ofTwoMovesAtOnceTheLaterCounts() {
        AtomicReference<Freshness> present = new AtomicReference<>(fresh(1));
        AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
        journal.freshnessFrom(() -> {
            Freshness read = present.get();
            meanwhile.getAndSet(() -> {}).run();
            return read;
        });
        meanwhile.set(() -> {
            present.set(fresh(2));
            journal.freshnessMoved();
        });
        journal.freshnessMoved();

        assertEquals(fresh(2), journal.snapshot().freshness());
    }

    private static Freshness fresh(long second) {
        return new Freshness(
                Optional.of(Instant.ofEpochSecond(second)),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                StoreLink.LOCAL);
    }

    private static Applied applied(long revision) {
        Observed<?> after = change(revision).observed().at(revision);
        return new Applied(change(revision), Outcome.ADDED, null, after, revision);
    }

    private static Upsert<?> change(long version) {
        return Entities.upsert(EntityKind.TASK, "prod", Entities.task("prod", "a", version));
    }
}
