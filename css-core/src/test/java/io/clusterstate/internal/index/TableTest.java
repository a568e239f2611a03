package io.clusterstate.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Seeds;
import io.clusterstate.testing.Soak;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

class TableTest {

    private static final List<String> TABLES = List.of("tasks", "instances", "services", "clusters", "definitions");

    private static final Map<String, EntityKind<?>> KINDS = Map.of(
            "tasks", EntityKind.TASK,
            "instances", EntityKind.INSTANCE,
            "services", EntityKind.SERVICE,
            "clusters", EntityKind.CLUSTER,
            "definitions", EntityKind.TASK_DEFINITION);

    @Test
    @Tag("soak")
    void theIndexesAreThoseOfATableThatNeverHeldAnythingElse() {
        Seeds.forEach(Soak.size("histories of a table", 40, 100), random -> {
            RandomWorld world = new RandomWorld(random);
            for (int i = 0; i < 5; i++) {
                world.edit(150);

                IndexedSnapshot fresh = freshCopyOf(world);
                for (String table : TABLES) {
                    assertEquals(indexesOf(fresh, table), indexesOf(world.snapshot(), table), table);
                }
            }
        });
    }

    @Test
    @Tag("soak")
    void aTableThatIsMadeAtOnceIsTheSameAsOneThatGrew() {
        Seeds.forEach(Soak.size("histories of a table", 40, 100), random -> {
            RandomWorld world = new RandomWorld(random).edit(random.nextInt(2_000));
            List<Observed<?>> all = new ArrayList<>();
            EntityKind.all().forEach(kind -> all.addAll(world.rows(kind)));
            int some = random.nextInt(all.size() + 1);

            IndexedSnapshot atOnce = IndexedSnapshot.EMPTY.withAll(all);
            IndexedSnapshot inParts =
                    IndexedSnapshot.EMPTY.withAll(all.subList(0, some)).withAll(all);

            for (String table : TABLES) {
                assertEquals(indexesOf(world.snapshot(), table), indexesOf(atOnce, table), table);
                assertEquals(indexesOf(world.snapshot(), table), indexesOf(inParts, table), table);
            }
            all.forEach(each ->
                    assertSame(each, atOnce.observed(each.kind(), each.arn()).orElseThrow()));
            assertEquals(world.snapshot().toString(), atOnce.toString());
        });
    }

    @Test
    @Tag("soak")
    void nothingIsLeftInTheIndexesOfWhatIsGone() {
        Seeds.forEach(Soak.size("histories of a table", 40, 100), random -> {
            RandomWorld world = new RandomWorld(random).edit(400);

            world.clear();

            for (String table : TABLES) {
                assertEquals(Map.of(), indexesOf(world.snapshot(), table), table);
            }
        });
    }

    @Test
    void aChangeThatTouchesNoKeySharesTheIndexes() {
        Observed<Task> before = Entities.observed(EntityKind.TASK, "prod", Entities.task("prod", "1"));
        Observed<Task> after =
                Entities.observed(EntityKind.TASK, "prod", Entities.task("prod", "1", changes -> changes.version(2L)
                        .healthStatus("HEALTHY")));

        Table<Task> one = Table.empty(IndexedTaskQuery.FIELDS).with(before);
        Table<Task> other = one.with(after);

        assertSame(after, other.get(after.arn()));
        assertSame(before, one.get(after.arn()));
        assertSame(
                Fields.read(one, "indexes", PersistentMap.class), Fields.read(other, "indexes", PersistentMap.class));
    }

    @Test
    void removingWhatIsNotThereGivesTheSameTable() {
        Table<Task> table = Table.empty(IndexedTaskQuery.FIELDS);

        assertSame(table, table.without(Entities.taskArn("prod", "1")));
    }

    private static IndexedSnapshot freshCopyOf(RandomWorld world) {
        IndexedSnapshot fresh = IndexedSnapshot.EMPTY;
        for (String table : TABLES) {
            for (Observed<?> row : world.rows(KINDS.get(table))) {
                fresh = fresh.with(row);
            }
        }
        return fresh;
    }

    /** The content of a table's indexes: the ARNs by key. */
    private static Map<Object, Set<String>> indexesOf(IndexedSnapshot snapshot, String table) {
        Map<Object, Set<String>> indexes = new HashMap<>();
        PersistentMap<?, ?> stored =
                Fields.read(Fields.read(snapshot, table, Table.class), "indexes", PersistentMap.class);
        stored.forEach((key, arns) -> {
            Set<String> under = new HashSet<>();
            ((PersistentSet<?>) arns).iterator().forEachRemaining(arn -> under.add((String) arn));
            indexes.put(key, under);
        });
        return indexes;
    }
}
