package io.clusterstate.etcd;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.RevisionOutOfRangeException;
import io.clusterstate.Snapshot;
import io.clusterstate.archive.EndedTask;
import io.clusterstate.archive.FileArchive;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Entities;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ecs.model.Task;

/** A process that only reads from etcd looks back: by an archive of its own, and by earlier snapshots. */
class ReaderArchiveTest {

    private static final String WEB = Entities.taskArn("prod", "web");

    private final Scene scene = Scene.open(TestEtcd.server());

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void anEndIsRecordedOnceAlthoughTheReaderWasCutOff(@TempDir Path directory) throws Exception {
        try (FileArchive archive = FileArchive.open(directory).follow(scene.view())) {
            write(task(1, "RUNNING"));
            scene.proxy().refuse(true);
            write(task(2, "STOPPED"));
            scene.proxy().refuse(false);

            await(() -> archive.status().tasks() == 1);
            EndedTask ended = archive.tasks().family("web").last(10).get(0);
            assertEquals(WEB, ended.taskArn());
            assertEquals("no more memory", ended.stoppedReason());
            assertTrue(archive.why(WEB).stream().anyMatch(step -> "no more memory".equals(step.reason())));
        }
        try (FileArchive archive = FileArchive.open(directory).follow(scene.view())) {
            write(task(3, "STOPPED"));
            assertEquals(1, archive.status().tasks());
        }
    }

    @Test
    void anEarlierSnapshotIsThatOfItsRevision() {
        write(task(1, "RUNNING"));
        scene.awaitEqual();
        Snapshot before = scene.view().snapshot();
        write(task(2, "STOPPED"));
        scene.awaitEqual();
        Snapshot now = scene.view().snapshot();

        assertEquals("RUNNING", statusIn(scene.view().snapshotAt(before.revision())));
        assertEquals(
                before.revision(), scene.view().snapshotAt(now.revision() - 1).revision());
        assertEquals("STOPPED", statusIn(scene.view().snapshotAt(now.revision())));
        assertThrows(RevisionOutOfRangeException.class, () -> scene.view().snapshotAt(now.revision() + 1));
    }

    private static String statusIn(Snapshot snapshot) {
        return snapshot.task(WEB).orElseThrow().lastStatus();
    }

    private void write(Task task) {
        scene.writer().apply(List.of(SampleChanges.byEvent(EntityKind.TASK, task)));
    }

    private static Task task(long version, String status) {
        return Entities.task("prod", "web", it -> it.version(version)
                .lastStatus(status)
                .desiredStatus(status)
                .stoppedReason(status.equals("STOPPED") ? "no more memory" : null)
                .stoppedAt(status.equals("STOPPED") ? Instant.now() : null));
    }
}
