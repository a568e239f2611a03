package io.clusterstate.spi.contract;

import static io.clusterstate.spi.contract.SampleChanges.end;
import static io.clusterstate.spi.contract.SampleChanges.event;
import static io.clusterstate.spi.contract.SampleChanges.gone;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.ChangeJournal.Published;
import io.clusterstate.spi.Outcome;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The changes that a store publishes. */
abstract class JournalChapter extends StoreChapter {

    private static final int HISTORIES = 20;

    JournalChapter(StoreFactory factory) {
        super(factory);
    }

    @Test
    @Promise(9)
    void theJournalsChangesMakeWhatItsSnapshotsHold() {
        Seeds.forEach(HISTORIES, random -> {
            long from = store.snapshot().revision();
            Map<String, Observed<?>> map = entitiesOf(store.snapshot());
            for (Change<?> change : History.of(random)) {
                store.apply(List.of(change));
                if (random.nextInt(10) == 0) {
                    clock.turn(KEEP_ENDED);
                    store.expire();
                }
            }
            for (Published batch : following(from)) {
                batch.changes().forEach(applied -> enter(applied, map));
                assertEquals(entitiesOf(batch.after()).keySet(), map.keySet());
            }
            Map<String, Observed<?>> now = entitiesOf(store.snapshot());
            assertEquals(now.keySet(), map.keySet());
            now.forEach((arn, entity) -> assertEquals(fieldsOf(entity), fieldsOf(map.get(arn))));
        });
    }

    /** A store may publish the effects on one entity that were applied together as one. */
    @Test
    void effectsArePublishedInOrder() {
        apply(event(1));
        long from = store.snapshot().revision();
        applyAll(event(1), event(3), event(2), event("b", 1), gone(3, 10));

        List<Applied> published = new ArrayList<>();
        following(from).forEach(batch -> published.addAll(batch.changes()));

        List<Outcome> ofFirst = outcomes(about(ARN, published));
        assertTrue(
                List.of(List.of(Outcome.UPDATED, Outcome.REMOVED), List.of(Outcome.REMOVED))
                        .contains(ofFirst),
                ofFirst::toString);
        assertEquals(List.of(Outcome.ADDED), outcomes(about(event("b", 1).arn(), published)));
        long last = from;
        for (Applied each : published) {
            assertTrue(each.revision() >= last, () -> "not in order: " + published);
            last = each.revision();
        }
        assertEquals(store.snapshot().revision(), last);
        assertEquals(published.size(), store.journal().last().total() - 1);
    }

    private static List<Applied> about(String arn, List<Applied> published) {
        return published.stream()
                .filter(each -> each.change().arn().equals(arn))
                .toList();
    }

    @Test
    void whatExpiresIsPublished() {
        apply(end(1, 0));
        long from = store.snapshot().revision();
        clock.turn(KEEP_ENDED.plus(TOLERANCE));
        store.expire();

        List<Published> batches = following(from);

        assertEquals(1, batches.size());
        assertEquals(List.of(Outcome.REMOVED), outcomes(batches.get(0).changes()));
    }

    @Test
    void whatHasNoEffectIsNotPublished() {
        apply(event(2));
        Published last = store.journal().last();

        apply(event(1));
        store.expire();

        assertSame(last, store.journal().last());
        assertFalse(store.journal().next(last.after().revision()).isPresent());
    }

    @Test
    void theJournalEndsAtTheSnapshot() {
        apply(event(1));
        assertSame(store.snapshot(), store.journal().snapshot());
        assertSame(store.journal(), store.journal());
    }

    private List<Published> following(long revision) {
        List<Published> batches = new ArrayList<>();
        Optional<Published> next = store.journal().next(revision);
        while (next.isPresent()) {
            batches.add(next.get());
            next = store.journal().next(next.get().after().revision());
        }
        return batches;
    }

    private static void enter(Applied applied, Map<String, Observed<?>> map) {
        Observed<?> after = applied.after();
        if (after == null) {
            map.remove(applied.change().arn());
        } else {
            map.put(after.arn(), after);
        }
    }

    private static Map<String, Observed<?>> entitiesOf(Snapshot snapshot) {
        Map<String, Observed<?>> entities = new HashMap<>();
        snapshot.tasks().observed().forEach(each -> entities.put(each.arn(), each));
        snapshot.instances().observed().forEach(each -> entities.put(each.arn(), each));
        snapshot.services().observed().forEach(each -> entities.put(each.arn(), each));
        snapshot.clusters().observed().forEach(each -> entities.put(each.arn(), each));
        return entities;
    }
}
