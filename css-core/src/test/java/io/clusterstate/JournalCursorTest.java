package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.SnapshotEditor;
import io.clusterstate.spi.Upsert;
import io.clusterstate.testing.Entities;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** The place of a subscriber that resumes after a revision. */
class JournalCursorTest {

    private final Watched watched = Watched.byHand();

    @AfterEach
    void close() {
        watched.close();
    }

    /** As a view of an etcd that was restored, and that has reached the revision of the snapshot by other writes. */
    @Test
    void aLaterBatchIsToldWhateverTheStoreNumbersItsChanges() throws Exception {
        watched.put("a", 1);
        List<String> told = new ArrayList<>();
        watched.view.subscribe(
                ChangeListener.builder()
                        .tasks(tasks -> tasks.onEach((change, batch) -> told.add(change.arn())))
                        .build(),
                1);
        Observed<Task> added = Entities.observed(EntityKind.TASK, "prod", Entities.task("prod", "b", 1))
                .at(1);

        watched.store
                .journal()
                .publish(
                        SnapshotEditor.of(watched.view.snapshot()).put(added).toSnapshot(2),
                        List.of(new Applied(new Upsert<>(added), Outcome.ADDED, null, added, 1)));
        watched.tell();

        assertEquals(List.of(added.arn()), told);
    }
}
