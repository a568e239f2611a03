package io.clusterstate.spi.contract;

import static io.clusterstate.EntityKind.TASK;
import static io.clusterstate.spi.contract.SampleChanges.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.Upsert;
import io.clusterstate.testing.Promise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** Concurrent writers lose nothing, and readers see only whole batches. */
abstract class ConcurrencyChapter extends StoreChapter {

    private static final int WRITERS = 4;
    private static final int ENTITIES = 6;
    private static final int VERSIONS = 60;
    /** How many revisions readers see, which on a busy machine takes many more batches. */
    private static final int LOOKS = 1_000;

    private static final int MOST_BATCHES = 200_000;

    ConcurrencyChapter(StoreFactory factory) {
        super(factory);
    }

    @Test
    @Promise({1, 12})
    void writersOfTheSameEntitiesLoseNothing() throws Exception {
        List<Callable<Integer>> writers = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            List<Upsert<Task>> changes = new ArrayList<>();
            IntStream.rangeClosed(1, VERSIONS).forEach(version -> changes.addAll(versionOfAll(version)));
            Collections.shuffle(changes, new Random(writer));
            writers.add(() -> effects(changes));
        }

        int effects = Together.run(writers).stream().mapToInt(Integer::intValue).sum();

        assertEquals(ENTITIES, store.snapshot().tasks().count());
        assertTrue(store.snapshot().tasks().observed().allMatch(task -> task.version() == VERSIONS));
        assertTrue(effects <= ENTITIES * VERSIONS, () -> "effects: " + effects);
    }

    @Test
    void writersOfDifferentEntitiesLoseNothing() throws Exception {
        List<Callable<Integer>> writers = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            String id = "writer" + writer + "-";
            List<Upsert<Task>> changes =
                    IntStream.range(0, 200).mapToObj(i -> event(id + i, 1)).toList();
            writers.add(() -> effects(changes));
        }

        Together.run(writers);

        assertEquals(WRITERS * 200, store.snapshot().tasks().count());
    }

    @Test
    @Promise(2)
    void ofWritersThatTellTheSameJustOneHasAnEffect() throws Exception {
        List<Upsert<Task>> changes =
                IntStream.range(0, 300).mapToObj(i -> event("same" + i, 1)).toList();

        List<Integer> effects = Together.run(Collections.nCopies(WRITERS, () -> effects(changes)));

        assertEquals(
                changes.size(), effects.stream().mapToInt(Integer::intValue).sum());
        assertEquals(changes.size(), store.snapshot().tasks().count());
    }

    @Test
    @Promise({1, 7})
    void aReaderSeesWholeBatchesOnlyAndNothingGoBack() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        AtomicInteger writing = new AtomicInteger(1);
        store.apply(versionOfAll(1));

        Callable<Integer> writer = () -> {
            try {
                for (int version = 2; looks.get() < LOOKS && version < MOST_BATCHES; version++) {
                    store.apply(versionOfAll(version));
                }
                return 0;
            } finally {
                writing.set(0);
            }
        };
        Callable<Integer> reader = () -> {
            try {
                Snapshot last = store.snapshot();
                while (writing.get() > 0) {
                    long found = versionFound();
                    Snapshot next = assertFollows(last, store.snapshot());
                    assertTrue(versionOf(last) <= found && found <= versionOf(next), "version found: " + found);
                    looks.addAndGet(next.revision() == last.revision() ? 0 : 1);
                    last = next;
                }
                return 0;
            } finally {
                looks.set(LOOKS); // a reader that fails holds nobody up
            }
        };

        Together.run(List.of(writer, reader, reader));
        assertTrue(looks.get() >= LOOKS, () -> "revisions seen: " + looks);
    }

    /** The version of a task that never goes away, by the lookup that a view uses. */
    private long versionFound() {
        return store.journal()
                .find(TASK, event("shared0", 1).arn())
                .orElseThrow()
                .version();
    }

    private static long versionOf(Snapshot snapshot) {
        return snapshot.observed(TASK, event("shared0", 1).arn()).orElseThrow().version();
    }

    private static Snapshot assertFollows(Snapshot last, Snapshot next) {
        List<Observed<Task>> tasks = next.tasks().observed().toList();
        List<Long> versions = tasks.stream().map(Observed::version).distinct().toList();
        assertEquals(ENTITIES, tasks.size());
        assertEquals(1, versions.size(), () -> "half a batch: " + tasks);
        assertTrue(last.revision() <= next.revision(), () -> "revision " + next.revision() + " after " + last);
        assertTrue(last.tasks().observed().allMatch(task -> task.version() <= versions.get(0)));
        return next;
    }

    /** Applies changes one by one and counts those that had an effect. */
    private int effects(List<Upsert<Task>> changes) {
        int effects = 0;
        for (Upsert<Task> change : changes) {
            Applied applied = store.apply(List.of(change)).get(0);
            boolean isKnown = find(TASK, change.arn())
                    .filter(task -> task.version() >= change.observed().version())
                    .isPresent();
            assertTrue(isKnown, () -> change + ": not seen on return, but " + applied);
            effects += applied.outcome() == Outcome.ADDED || applied.outcome() == Outcome.UPDATED ? 1 : 0;
        }
        return effects;
    }

    private static List<Upsert<Task>> versionOfAll(int version) {
        return IntStream.range(0, ENTITIES)
                .mapToObj(i -> event("shared" + i, version))
                .toList();
    }
}
