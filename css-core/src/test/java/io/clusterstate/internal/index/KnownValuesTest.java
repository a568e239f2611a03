package io.clusterstate.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.EntityKind;
import io.clusterstate.Snapshot;
import io.clusterstate.TaskStatus;
import io.clusterstate.testing.Entities;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.Task;

/** Misspelt values of closed sets fail; values that a later ECS introduces are found by a test. */
class KnownValuesTest {

    private static final Snapshot EMPTY = IndexedSnapshot.EMPTY;

    @Test
    void aLowerCaseValueIsRefusedWithTheRightOne() {
        assertEquals("status: running (expected: RUNNING, in ECS's spelling)", refusal(all -> all.tasks()
                .status("running")));
        assertEquals("launchType: Fargate (expected: FARGATE, in ECS's spelling)", refusal(all -> all.services()
                .launchType("Fargate")));
    }

    @Test
    void aMisspeltValueIsRefusedWithAllThatAreKnown() {
        assertEquals(
                "status: RUNING (expected: one of PROVISIONING, PENDING, ACTIVATING, RUNNING, DEACTIVATING, STOPPING,"
                        + " DEPROVISIONING, STOPPED, DELETED; where(…) finds values of a later ECS)",
                refusal(all -> all.tasks().status("RUNING")));
        assertEquals(
                "desiredStatus: STOPPING (expected: one of RUNNING, PENDING, STOPPED; where(…) finds values of a later"
                        + " ECS)",
                refusal(all -> all.tasks().desiredStatus("STOPPING")));
        refusal(all -> all.tasks().launchType("EC"));
        refusal(all -> all.tasks().launchType(LaunchType.UNKNOWN_TO_SDK_VERSION));
        refusal(all -> all.instances().status("DRAINED"));
        refusal(all -> all.services().status("RUNNING"));
        refusal(all -> all.clusters().status(""));
        refusal(all -> all.definitions().status("DELETED"));
    }

    @Test
    void aStatusOfALaterEcsIsLiveAndIsFoundByATest() {
        Task frozen = Entities.task("prod", "1", changes -> changes.lastStatus("FROZEN"));
        Task bare = Entities.task("prod", "2", changes -> changes.lastStatus(null));
        Snapshot snapshot = IndexedSnapshot.EMPTY
                .with(Entities.observed(EntityKind.TASK, "prod", frozen))
                .with(Entities.observed(EntityKind.TASK, "prod", bare));

        assertEquals(2, snapshot.tasks().live().count());
        assertEquals(2, snapshot.tasks().live().in("prod").list().size());
        assertEquals(0, snapshot.tasks().ended().count());
        assertEquals(0, snapshot.tasks().atLeast(TaskStatus.PROVISIONING).count());
        assertEquals(
                Optional.of(frozen),
                snapshot.tasks()
                        .where(task -> "FROZEN".equals(task.lastStatus()))
                        .first());
        assertEquals(Optional.empty(), TaskStatus.of(frozen));
        assertEquals(Optional.empty(), TaskStatus.of(bare));
    }

    @ParameterizedTest
    @EnumSource
    void aStatusEndsATaskWhereTheKindOfTasksSaysSo(TaskStatus status) {
        Task task = Entities.task("prod", "1", changes -> changes.lastStatus(status.name()));

        assertEquals(EntityKind.TASK.hasEnded(task), status.isEnd());
        assertEquals(Optional.of(status), TaskStatus.of(task));
    }

    private static String refusal(Function<Snapshot, ?> query) {
        return assertThrows(IllegalArgumentException.class, () -> query.apply(EMPTY))
                .getMessage();
    }
}
