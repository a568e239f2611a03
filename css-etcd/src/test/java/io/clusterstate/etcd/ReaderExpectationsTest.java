package io.clusterstate.etcd;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.memory;
import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.EntityKind;
import io.clusterstate.Expectations;
import io.clusterstate.NotReadyException;
import io.clusterstate.Snapshot;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Upsert;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.StartTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;

/** A process that only reads from etcd starts and stops tasks, and reads its own writes. */
class ReaderExpectationsTest {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String BOX = Entities.instanceArn("prod", "box");
    private static final String WEB = Entities.taskArn("prod", "web");

    private final Scene scene = Scene.open(TestEtcd.server());
    private final Expectations mine = scene.reader().expectations();

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void aStartIsThereBeforeTheMirrorsWriteItAndCountsOnce() throws Exception {
        write(box(1, 2048));
        mine.reserve(BOX, cpu(256), memory(512)).startedBy("me/1").launched(started(task(1, "me/1")));

        assertEquals("me/1", mine.snapshot().task(WEB).orElseThrow().startedBy());
        assertEquals(1, fits(mine.snapshot(), 1792));
        assertEquals(0, fits(mine.snapshot(), 1793));
        assertEquals(0, scene.view().snapshot().tasks().count());

        write(SampleChanges.byEvent(EntityKind.TASK, task(2, "me/1")));
        Snapshot settled = mine.awaitSettled(LIMIT);
        assertEquals(1, settled.tasks().onInstance(BOX).count());
        assertEquals(1, fits(mine.snapshot(), 1792), "although the event of the instance has yet to come");
        assertEquals(0, fits(mine.snapshot(), 1793));

        write(box(2, 1792));
        assertEquals(1, fits(mine.snapshot(), 1792));
        assertEquals(0, mine.dropped());
        assertSame(mine, scene.reader().expectations());
    }

    @Test
    void aStopIsThereAtOnce() {
        write(SampleChanges.byEvent(EntityKind.TASK, task(1, "me/1")));

        mine.stopping(WEB);

        assertEquals("STOPPED", mine.snapshot().task(WEB).orElseThrow().desiredStatus());
        assertEquals(1, mine.open().size());
    }

    @Test
    void anUnknownOutcomeEndsWithTheTaskThatAMirrorWrites() throws Exception {
        write(box(1, 2048));
        mine.reserve(BOX, cpu(256), memory(512)).startedBy("me/1").unknown();
        assertEquals(0, fits(mine.snapshot(), 1793));

        write(SampleChanges.byEvent(EntityKind.TASK, task(1, "me/1")));

        assertEquals(1, mine.awaitSettled(LIMIT).tasks().startedBy("me/1").count());
        assertEquals(0, fits(mine.snapshot(), 1793));
        assertEquals(0, mine.dropped());
    }

    @Test
    void anUnknownOutcomeOfWhichNothingComesIsDroppedAfterTwoMinutes() throws Exception {
        write(box(1, 2048));
        TestTime time = new TestTime();
        try (EtcdStateReader reader = reader(time)) {
            reader.start();
            reader.view().awaitRevision(scene.writer().snapshot().revision(), LIMIT);
            Expectations own = reader.expectations();
            own.reserve(BOX, cpu(256), memory(512)).startedBy("me/1").unknown();

            time.advance(Duration.ofSeconds(119));
            assertEquals(0, fits(own.snapshot(), 1793));
            time.advance(Duration.ofSeconds(1));

            assertEquals(1, fits(own.snapshot(), 2048));
            assertEquals(List.of(), own.open());
            assertEquals(1, own.dropped());
        }
    }

    @Test
    void theyEndWithTheReader() {
        scene.reader().close();

        assertThrows(NotReadyException.class, mine::snapshot);
        assertThrows(NotReadyException.class, () -> mine.awaitSettled(Duration.ofSeconds(1)));
    }

    private EtcdStateReader reader(TestTime time) {
        return EtcdStateReader.of(
                Etcd.at(scene.server().endpoint().toString()).namespace(scene.namespace()),
                new ChangeJournal(),
                new Environment(time, time, Environment::daemon, new Random(1)),
                Scene.STALE_AFTER);
    }

    /** A mirror writes, and the reader has it. */
    private void write(Upsert<?> change) {
        scene.writer().apply(List.of(change));
        await(() ->
                scene.view().snapshot().revision() == scene.writer().snapshot().revision());
    }

    private static int fits(Snapshot snapshot, int units) {
        return snapshot.instances().withFree(cpu(units)).count();
    }

    private static Upsert<ContainerInstance> box(long version, int free) {
        return SampleChanges.byEvent(EntityKind.INSTANCE, Entities.instance("prod", "box", it -> it.version(version)
                .remainingResources(number("CPU", free), number("MEMORY", 2 * free))));
    }

    private static Resource number(String name, int value) {
        return Resource.builder().name(name).type("INTEGER").integerValue(value).build();
    }

    private static Task task(long version, String startedBy) {
        return Entities.task("prod", "web", it -> it.version(version)
                .containerInstanceArn(BOX)
                .startedBy(startedBy)
                .cpu("256")
                .memory("512"));
    }

    private static StartTaskResponse started(Task task) {
        return StartTaskResponse.builder().tasks(task).build();
    }
}
