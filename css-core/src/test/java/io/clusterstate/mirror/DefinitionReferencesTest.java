package io.clusterstate.mirror;

import static io.clusterstate.testing.Entities.NOW;
import static io.clusterstate.testing.Entities.taskDefinitionArn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.SnapshotEditor;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskSet;

class DefinitionReferencesTest {

    private static final String PROD = Entities.clusterArn("prod");

    private final DefinitionReferences references = new DefinitionReferences(this::isHeld);
    private Snapshot snapshot = SnapshotEditor.empty();

    private boolean isHeld(String arn) {
        return references.seen().taskDefinition(arn).isPresent();
    }

    @Test
    void theNewestReferenceIsNext() {
        put(task("t1", "old", NOW.minusSeconds(60)), 1);
        put(task("t2", "newest", NOW), 2);
        put(task("t3", "middle", NOW.minusSeconds(30)), 3);
        put(task("t4", "unknown", null), 4);

        assertEquals(Optional.of(arn("newest")), references.next(each -> true));
        assertEquals(
                Optional.of(arn("middle")),
                references.next(each -> !each.equals(arn("newest"))),
                "the newest that is due");
        put(task("t5", "old", NOW.plusSeconds(1)), 5);
        assertEquals(Optional.of(arn("old")), references.next(each -> true));
    }

    @Test
    void aServiceRefersToTheDefinitionsOfItsDeploymentsAndTaskSets() {
        Service service = Entities.service("prod", "web", changes -> changes.taskDefinition(arn("web"))
                .deployments(Deployment.builder().taskDefinition(arn("next")).build())
                .taskSets(TaskSet.builder().taskDefinition(arn("blue")).build()));
        put(Observed.of(EntityKind.SERVICE, PROD, service, io.clusterstate.Origin.DESCRIBE, NOW), 1);

        assertEquals(3, references.waiting());
        assertTrue(List.of("web", "next", "blue").stream().allMatch(each -> references.isWaiting(arn(each))));
    }

    @Test
    void whatHasEndedRefersToNothing() {
        put(task("t1", "web", NOW), 1);
        put(definition("web"), 2);
        assertEquals(0, references.waiting());

        put(
                Entities.observed(
                        EntityKind.TASK, "prod", Entities.task("prod", "t1", changes -> changes.lastStatus("STOPPED")
                                .taskDefinitionArn(arn("web")))),
                3);

        assertEquals(List.of(), references.unusedFor(Duration.ofNanos(8), 10, 9));
        assertEquals(List.of(arn("web")), references.unusedFor(Duration.ofNanos(7), 10, 9));
        put(task("t2", "web", NOW), 11);
        assertEquals(List.of(), references.unusedFor(Duration.ZERO, 99, 9), "used again");
    }

    @Test
    void aReferenceThatIsNoArnOfADefinitionIsPassedOver() {
        put(
                Entities.observed(
                        EntityKind.TASK,
                        "prod",
                        Entities.task("prod", "t1", changes -> changes.taskDefinitionArn("web:1"))),
                1);

        assertEquals(0, references.waiting());
    }

    /** Compares with a count from the start. */
    @Test
    void followingEqualsCountingAnew() {
        Seeds.forEach(50, random -> {
            DefinitionReferences followed =
                    new DefinitionReferences(arn -> snapshot.taskDefinition(arn).isPresent());
            snapshot = SnapshotEditor.empty();
            for (int i = 1; i <= 100; i++) {
                SnapshotEditor editor = SnapshotEditor.of(snapshot);
                for (int edits = random.nextInt(4); edits >= 0; edits--) {
                    edit(editor, random);
                }
                snapshot = editor.toSnapshot(i);
                if (random.nextInt(3) == 0) {
                    followed.follow(snapshot, i);
                    check(followed);
                }
            }
        });
    }

    private static Removal<?> removal(EntityKind<?> kind, String arn) {
        return new Removal<>(kind, arn, "", 1, NOW, Removal.Reason.RETENTION);
    }

    private static void edit(SnapshotEditor editor, Random random) {
        String family = "f" + random.nextInt(5);
        String id = "t" + random.nextInt(8);
        switch (random.nextInt(6)) {
            case 0 -> editor.put(definition(family));
            case 1 -> editor.remove(removal(EntityKind.TASK_DEFINITION, arn(family)));
            case 2 -> editor.remove(removal(EntityKind.TASK, Entities.taskArn("prod", id)));
            case 3 ->
                editor.put(Entities.observed(
                        EntityKind.TASK, "prod", Entities.task("prod", id, changes -> changes.lastStatus("STOPPED")
                                .taskDefinitionArn(arn(family)))));
            default -> editor.put(task(id, family, NOW));
        }
    }

    private void check(DefinitionReferences followed) {
        Set<String> referred = new HashSet<>();
        snapshot.tasks().stream()
                .filter(task -> !EntityKind.TASK.hasEnded(task))
                .map(Task::taskDefinitionArn)
                .forEach(referred::add);
        for (int i = 0; i < 5; i++) {
            String arn = arn("f" + i);
            boolean isHeld = snapshot.taskDefinition(arn).isPresent();
            assertEquals(referred.contains(arn) && !isHeld, followed.isWaiting(arn), arn);
            assertEquals(
                    !referred.contains(arn) && isHeld,
                    followed.unusedFor(Duration.ZERO, Long.MAX_VALUE / 2, 9).contains(arn),
                    arn);
        }
        assertFalse(followed.waiting() > 5);
    }

    private void put(Observed<?> entity, long revision) {
        snapshot = SnapshotEditor.of(snapshot).put(entity).toSnapshot(revision);
        references.follow(snapshot, revision);
    }

    private static Observed<Task> task(String id, String family, Instant createdAt) {
        return Entities.observed(
                EntityKind.TASK, "prod", Entities.task("prod", id, changes -> changes.taskDefinitionArn(arn(family))
                        .createdAt(createdAt)));
    }

    private static Observed<?> definition(String family) {
        return Entities.definition(Entities.definition("prod", family, 1));
    }

    private static String arn(String family) {
        return taskDefinitionArn("prod", family, 1);
    }
}
