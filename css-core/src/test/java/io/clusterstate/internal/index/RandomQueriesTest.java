package io.clusterstate.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Query;
import io.clusterstate.testing.Seeds;
import io.clusterstate.testing.Soak;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Compares random queries to random snapshots with a walk over all entities. */
class RandomQueriesTest {

    @Test
    @Tag("soak")
    void questionsAboutTasksFindWhatAWalkFinds() {
        Seeds.forEach(
                Soak.size("worlds of random queries", 10, 25),
                random -> ask(random, EntityKind.TASK, IndexedSnapshot::tasks, Steps.ofTasks()));
    }

    @Test
    @Tag("soak")
    void questionsAboutInstancesFindWhatAWalkFinds() {
        Seeds.forEach(
                Soak.size("worlds of random queries", 10, 25),
                random -> ask(random, EntityKind.INSTANCE, IndexedSnapshot::instances, Steps.ofInstances()));
    }

    @Test
    @Tag("soak")
    void questionsAboutServicesFindWhatAWalkFinds() {
        Seeds.forEach(
                Soak.size("worlds of random queries", 10, 25),
                random -> ask(random, EntityKind.SERVICE, IndexedSnapshot::services, Steps.ofServices()));
    }

    @Test
    @Tag("soak")
    void questionsAboutClustersFindWhatAWalkFinds() {
        Seeds.forEach(
                Soak.size("worlds of random queries", 10, 25),
                random -> ask(random, EntityKind.CLUSTER, IndexedSnapshot::clusters, Steps.ofClusters()));
    }

    @Test
    @Tag("soak")
    void questionsAboutDefinitionsFindWhatAWalkFinds() {
        Seeds.forEach(
                Soak.size("worlds of random queries", 10, 25),
                random -> ask(random, EntityKind.TASK_DEFINITION, IndexedSnapshot::definitions, Steps.ofDefinitions()));
    }

    @Test
    @Tag("soak")
    void laterEditsDoNotChangeTheAnswersOfASnapshot() {
        Seeds.forEach(Soak.size("worlds of random queries", 10, 25), random -> {
            RandomWorld world = new RandomWorld(random).edit(300);
            IndexedSnapshot before = world.snapshot();
            List<Observed<?>> rows = new ArrayList<>(world.rows(EntityKind.TASK));

            world.edit(300);

            assertEquals(new HashSet<>(rows), before.tasks().observed().collect(Collectors.toSet()));
            world.clear();
            assertEquals(rows.size(), before.tasks().count());
            assertEquals(0, world.snapshot().tasks().count());
        });
    }

    private static <T, Q extends Query<T, Q>> void ask(
            Random random, EntityKind<T> kind, Function<IndexedSnapshot, Q> question, List<Step<T, Q>> steps) {
        RandomWorld world = new RandomWorld(random).edit(500);
        List<Step<T, Q>> clusters = Steps.clusters();
        for (Step<T, Q> step : steps) {
            check(world, kind, question, List.of(step));
            check(world, kind, question, List.of(step, any(clusters, random)));
        }
        for (int i = 0; i < 200; i++) {
            List<Step<T, Q>> chosen = new ArrayList<>();
            for (int left = random.nextInt(4); left > 0; left--) {
                chosen.add(any(steps, random));
            }
            if (random.nextBoolean()) {
                chosen.add(random.nextInt(chosen.size() + 1), any(clusters, random));
            }
            check(world, kind, question, chosen);
        }
    }

    private static <T, Q extends Query<T, Q>> void check(
            RandomWorld world, EntityKind<T> kind, Function<IndexedSnapshot, Q> question, List<Step<T, Q>> steps) {
        Q query = question.apply(world.snapshot());
        Set<Observed<T>> expected = new HashSet<>(world.rows(kind));
        for (Step<T, Q> step : steps) {
            query = step.ask().apply(query);
            expected.removeIf(step.meaning().negate());
        }

        List<Observed<T>> found = query.observed().toList();
        List<T> values = found.stream().map(Observed::value).toList();
        assertEquals(expected, new HashSet<>(found), steps::toString);
        assertEquals(expected.size(), found.size(), steps::toString);
        assertEquals(expected.size(), query.count(), steps::toString);
        assertEquals(values, query.list(), steps::toString);
        assertEquals(values, query.stream().toList(), steps::toString);
        assertEquals(values.stream().findFirst(), query.first(), steps::toString);
        assertEquals(clustersOf(expected), query.clusterArns(), steps::toString);
    }

    private static <T> Set<String> clustersOf(Set<Observed<T>> entities) {
        return entities.stream()
                .filter(each -> each.kind() != EntityKind.TASK_DEFINITION)
                .map(Observed::clusterArn)
                .collect(Collectors.toSet());
    }

    private static <E> E any(List<E> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }
}
