package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.SnapshotEditor;
import io.clusterstate.spi.Upsert;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.Seeds;
import io.clusterstate.testing.Soak;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** Lookups of single entities in a view: each has to be that of the last snapshot, whoever writes meanwhile. */
class LookupTest {

    private static final String CLUSTER = SampleChanges.CLUSTER;
    private static final int IDS = 80;
    /** The first tasks are never removed. */
    private static final int STAYING = 8;

    private final ChangeJournal journal = new ChangeJournal(100);
    private final StoreView view = StoreView.byHand(journal, new TestHost(), InstantSource.system());

    @Test
    @Tag("soak")
    void everyLookupIsThatOfTheSnapshot() {
        Seeds.forEach(Soak.size("histories of a journal", 30, 300), random -> {
            for (int i = 0; i < 100; i++) {
                write(random);
                checkAll();
            }
        });
    }

    @Test
    @Tag("soak")
    @Promise(1)
    void noLookupIsOlderThanWhatItsReaderHasSeen() throws Exception {
        Random seeds = new Random();
        addStaying();
        AtomicBoolean isOver = new AtomicBoolean();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Random random = new Random(seeds.nextLong());
                readers.add(threads.submit(() -> readUntil(isOver, random)));
            }
            List<Future<?>> writers = new ArrayList<>();
            int writes = Soak.size("writes by each of three threads", 10_000, 300_000);
            for (int i = 0; i < 3; i++) {
                Random random = new Random(seeds.nextLong());
                Callable<Void> writer = () -> {
                    for (int j = 0; j < writes; j++) {
                        write(random);
                    }
                    return null;
                };
                writers.add(threads.submit(writer));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
            isOver.set(true);
            for (Future<Integer> reader : readers) {
                assertTrue(reader.get() > 0, "has read something");
            }
            checkAll();
        } finally {
            isOver.set(true);
            threads.shutdownNow();
        }
    }

    private int readUntil(AtomicBoolean isOver, Random random) {
        long[] seen = new long[STAYING];
        int reads = 0;
        while (!isOver.get()) {
            int id = random.nextInt(STAYING);
            String arn = arn(EntityKind.TASK, id);
            long before = view.snapshot().task(arn).map(Task::version).orElseThrow();
            long found = view.task(arn).map(Task::version).orElseThrow();
            long after = view.snapshot().task(arn).map(Task::version).orElseThrow();
            assertTrue(
                    seen[id] <= before && before <= found && found <= after,
                    () -> "in this order: " + seen[id] + ", " + before + ", " + found + ", " + after);
            seen[id] = after;
            reads++;
        }
        return reads;
    }

    private void checkAll() {
        for (int id = 0; id < IDS; id++) {
            Snapshot snapshot = journal.snapshot();
            String task = arn(EntityKind.TASK, id);
            assertSameValue(snapshot.task(task), view.task(task));
            String instance = arn(EntityKind.INSTANCE, id);
            assertSameValue(snapshot.instance(instance), view.instance(instance));
            String service = arn(EntityKind.SERVICE, id);
            assertSameValue(snapshot.service(service), view.service(service));
            String cluster = arn(EntityKind.CLUSTER, id);
            assertSameValue(snapshot.cluster(cluster), view.cluster(cluster));
            String definition = arn(EntityKind.TASK_DEFINITION, id);
            assertSameValue(snapshot.taskDefinition(definition), journal.find(EntityKind.TASK_DEFINITION, definition));
            assertEquals(Optional.empty(), view.task(instance), "another kind");
        }
    }

    private static <T> void assertSameValue(Optional<T> expected, Optional<T> found) {
        assertSame(expected.orElse(null), found.orElse(null));
    }

    private void addStaying() {
        SnapshotEditor editor = SnapshotEditor.of(journal.snapshot());
        List<Applied> applied = new ArrayList<>();
        for (int id = 0; id < STAYING; id++) {
            put(EntityKind.TASK, id, 1, editor, applied);
        }
        publish(applied, editor, journal.snapshot().revision() + 1, false);
    }

    /** Puts and removes some entities, sometimes one twice; now and then the changes are unknown, as after a cut. */
    private synchronized void write(Random random) {
        SnapshotEditor editor = SnapshotEditor.of(journal.snapshot());
        List<Applied> applied = new ArrayList<>();
        long revision = journal.snapshot().revision();
        for (int i = random.nextInt(4); i >= 0; i--) {
            revision++;
            EntityKind<?> kind = EntityKind.all().get(random.nextInt(5));
            int id = random.nextInt(IDS);
            if (id >= STAYING && random.nextInt(3) == 0) {
                remove(kind, id, revision, editor, applied);
            } else {
                put(kind, random.nextInt(id + 1), revision, editor, applied);
            }
        }
        publish(applied, editor, revision, random.nextInt(50) == 0);
    }

    private void publish(List<Applied> applied, SnapshotEditor editor, long revision, boolean isRestart) {
        if (isRestart) {
            journal.restart(editor.toSnapshot(revision), applied.size());
        } else {
            journal.publish(editor.toSnapshot(revision), applied);
        }
    }

    private static void put(EntityKind<?> kind, int id, long revision, SnapshotEditor editor, List<Applied> applied) {
        Change<?> change = upsert(kind, Integer.toString(id), revision);
        Observed<?> after = ((Upsert<?>) change).observed().at(revision);
        editor.put(after);
        applied.add(new Applied(change, Outcome.UPDATED, null, after, revision));
    }

    private static void remove(
            EntityKind<?> kind, int id, long revision, SnapshotEditor editor, List<Applied> applied) {
        Removal<?> removal = SampleChanges.missing(kind, arn(kind, id), revision, 1);
        editor.remove(removal);
        applied.add(new Applied(removal, Outcome.REMOVED, null, null, revision));
    }

    private static Change<?> upsert(EntityKind<?> kind, String id, long version) {
        if (kind == EntityKind.TASK) {
            return Entities.upsert(EntityKind.TASK, CLUSTER, Entities.task(CLUSTER, id, version));
        }
        if (kind == EntityKind.INSTANCE) {
            return Entities.upsert(EntityKind.INSTANCE, CLUSTER, Entities.instance(CLUSTER, id, version));
        }
        if (kind == EntityKind.TASK_DEFINITION) {
            return new Upsert<>(Entities.definition(Entities.definition(CLUSTER, id, 1)));
        }
        return kind == EntityKind.SERVICE
                ? Entities.upsert(EntityKind.SERVICE, CLUSTER, Entities.service(CLUSTER, id))
                : Entities.upsert(EntityKind.CLUSTER, id, Entities.cluster(id));
    }

    private static String arn(EntityKind<?> kind, int id) {
        String name = Integer.toString(id);
        if (kind == EntityKind.TASK) {
            return Entities.taskArn(CLUSTER, name);
        }
        if (kind == EntityKind.INSTANCE) {
            return Entities.instanceArn(CLUSTER, name);
        }
        if (kind == EntityKind.TASK_DEFINITION) {
            return Entities.taskDefinitionArn(CLUSTER, name, 1);
        }
        return kind == EntityKind.SERVICE ? Entities.serviceArn(CLUSTER, name) : Entities.clusterArn(name);
    }
}
