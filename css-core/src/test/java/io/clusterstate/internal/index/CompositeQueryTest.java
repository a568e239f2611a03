package io.clusterstate.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Query;
import io.clusterstate.Snapshot;
import io.clusterstate.internal.composite.MergedSnapshot;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Seeds;
import io.clusterstate.testing.Soak;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** Compares random queries to a snapshot of several members with those to one snapshot that holds everything. */
@SuppressWarnings("unchecked") // arrays of the SDK's varargs
class CompositeQueryTest {

    private static final int MOST_MEMBERS = 5;

    @Test
    @Tag("soak")
    void tasks() {
        ask(EntityKind.TASK, Snapshot::tasks, Steps.ofTasks());
    }

    @Test
    @Tag("soak")
    void instances() {
        ask(EntityKind.INSTANCE, Snapshot::instances, Steps.ofInstances());
    }

    @Test
    @Tag("soak")
    void services() {
        ask(EntityKind.SERVICE, Snapshot::services, Steps.ofServices());
    }

    @Test
    @Tag("soak")
    void clusters() {
        ask(EntityKind.CLUSTER, Snapshot::clusters, Steps.ofClusters());
    }

    @Test
    @Tag("soak")
    void definitions() {
        ask(EntityKind.TASK_DEFINITION, Snapshot::definitions, Steps.ofDefinitions());
    }

    private static <T, Q extends Query<T, Q>> void ask(
            EntityKind<T> kind, Function<Snapshot, Q> query, List<Step<T, Q>> steps) {
        Seeds.forEach(Soak.size("worlds of random queries to members", 10, 25), random -> {
            RandomWorld world = new RandomWorld(random).edit(500);
            MergedSnapshot merged = split(world, random);
            List<Step<T, Q>> clusters = Steps.clusters();
            for (Step<T, Q> step : steps) {
                check(world, kind, query, merged, List.of(step));
            }
            for (int i = 0; i < 100; i++) {
                List<Step<T, Q>> chosen = new ArrayList<>();
                for (int left = random.nextInt(4); left > 0; left--) {
                    chosen.add(any(steps, random));
                }
                if (random.nextBoolean()) {
                    chosen.add(random.nextInt(chosen.size() + 1), any(clusters, random));
                }
                check(world, kind, query, merged, chosen);
            }
        });
    }

    private static <E> E any(List<E> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }

    private static <T, Q extends Query<T, Q>> void check(
            RandomWorld world,
            EntityKind<T> kind,
            Function<Snapshot, Q> query,
            Snapshot merged,
            List<Step<T, Q>> steps) {
        Q whole = query.apply(world.snapshot());
        Q parts = query.apply(merged);
        for (Step<T, Q> step : steps) {
            whole = step.ask().apply(whole);
            parts = step.ask().apply(parts);
        }
        List<Observed<T>> found = parts.observed().toList();
        Set<Observed<T>> expected = whole.observed().collect(Collectors.toSet());
        assertEquals(expected, new HashSet<>(found), steps::toString);
        assertEquals(expected.size(), found.size(), steps::toString);
        assertEquals(expected.size(), parts.count(), steps::toString);
        List<T> values = found.stream().map(Observed::value).toList();
        assertEquals(values, parts.list(), steps::toString);
        assertEquals(values.stream().findFirst(), parts.first(), steps::toString);
        assertEquals(whole.clusterArns(), parts.clusterArns(), steps::toString);
        for (Observed<T> row : world.rows(kind)) {
            assertEquals(whole.matches(row), parts.matches(row), steps::toString);
        }
    }

    @Test
    void theClustersOfAQueryAreEachSearchedUpToTheFirstMatch() {
        MergedSnapshot merged = split(new RandomWorld(new Random(1)).edit(500), new Random(1));
        AtomicInteger tested = new AtomicInteger();
        Set<String> clusters =
                merged.tasks().where(task -> tested.incrementAndGet() > 0).clusterArns();

        assertTrue(merged.tasks().count() > clusters.size());
        assertEquals(clusters.size(), tested.get());
    }

    /** The clusters of a world in up to five members, and each definition in one or two. */
    private static MergedSnapshot split(RandomWorld world, Random random) {
        int count = 1 + random.nextInt(MOST_MEMBERS);
        List<List<Observed<?>>> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parts.add(new ArrayList<>());
        }
        int turn = random.nextInt(count);
        for (EntityKind<?> kind : EntityKind.all()) {
            for (Observed<?> row : world.rows(kind)) {
                int member = kind == EntityKind.TASK_DEFINITION
                        ? random.nextInt(count)
                        : (RandomWorld.CLUSTERS.indexOf(row.clusterArn()) + turn) % count;
                parts.get(member).add(row);
                if (kind == EntityKind.TASK_DEFINITION && random.nextBoolean()) {
                    parts.get((member + 1) % count).add(row);
                }
            }
        }
        Map<String, Snapshot> members = new LinkedHashMap<>();
        parts.forEach(each -> members.put("m" + members.size(), IndexedSnapshot.EMPTY.withAll(each)));
        return new MergedSnapshot(members, Map.of());
    }

    @Test
    @Tag("soak")
    void lookupsByArnAndById() {
        Seeds.forEach(Soak.size("worlds of random lookups in members", 10, 25), random -> {
            RandomWorld world = new RandomWorld(random).edit(500);
            MergedSnapshot merged = split(world, random);
            EntityKind.all().forEach(kind -> world.rows(kind)
                    .forEach(row -> assertEquals(Optional.of(row), merged.observed(kind, row.arn()))));
            for (int id = 0; id < 60; id++) {
                assertSame(world.snapshot(), merged, Integer.toString(id));
                assertSame(world.snapshot(), merged, "prod/" + id);
            }
            for (String cluster : List.of("prod", "test", "elsewhere", Entities.clusterArn("test"))) {
                assertEquals(
                        answer(world.snapshot(), s -> s.cluster(cluster)), answer(merged, s -> s.cluster(cluster)));
                assertEquals(world.snapshot().knows(cluster), merged.knows(cluster));
            }
            assertThrows(IllegalArgumentException.class, () -> merged.taskDefinition("web"));
            assertThrows(IllegalArgumentException.class, () -> merged.tasks().status("running"));
        });
    }

    private static void assertSame(Snapshot whole, Snapshot merged, String id) {
        assertEquals(answer(whole, now -> now.task(id)), answer(merged, now -> now.task(id)), id);
        assertEquals(answer(whole, now -> now.instance(id)), answer(merged, now -> now.instance(id)), id);
        assertEquals(answer(whole, now -> now.service(id)), answer(merged, now -> now.service(id)), id);
    }

    /** The value, or "several". */
    private static <T> Object answer(Snapshot snapshot, Function<Snapshot, Optional<T>> lookup) {
        try {
            return lookup.apply(snapshot);
        } catch (IllegalArgumentException e) {
            return "several";
        }
    }

    @Test
    @Tag("soak")
    void placementsRankOverAllMembersAndEndpointsAreThoseOfAll() {
        TaskDefinition definition = TaskDefinition.builder()
                .family("web")
                .containerDefinitions(container -> container.name("web").cpu(1).memory(1))
                .build();
        Seeds.forEach(Soak.size("placements over members", 10, 25), random -> {
            RandomWorld world = new RandomWorld(random).edit(500);
            MergedSnapshot merged = split(world, random);
            for (Function<Snapshot, List<ContainerInstance>> placed :
                    List.<Function<Snapshot, List<ContainerInstance>>>of(
                            now -> now.placement(definition).binpack("memory").fits(),
                            now -> now.placement(definition)
                                    .spread("attribute:a")
                                    .binpack("cpu")
                                    .fits(),
                            now -> now.placement(definition)
                                    .in("prod")
                                    .random(7)
                                    .fits())) {
                assertEquals(placed.apply(world.snapshot()), placed.apply(merged));
            }
            assertEquals(
                    world.snapshot().placement(definition).explain(),
                    merged.placement(definition).explain());
            assertEquals(
                    Set.copyOf(world.snapshot().endpoints().port(80).unknown()),
                    Set.copyOf(merged.endpoints().port(80).unknown()));
        });
    }

    /** The tasks of an instance are in the member that has the instance, so that the other members cannot judge it. */
    @Test
    void anExpressionAboutTasksIsJudgedByTheMemberThatHasTheInstance() {
        String us = "arn:aws:ecs:us-east-1:123456789012:cluster/prod";
        Observed<ContainerInstance> busy = Entities.observed(EntityKind.INSTANCE, us, Entities.instance(us, "box"));
        Snapshot eu = IndexedSnapshot.EMPTY.with(
                Entities.observed(EntityKind.INSTANCE, "prod", Entities.instance("prod", "idle")));
        Snapshot owner = IndexedSnapshot.EMPTY
                .with(busy)
                .with(Entities.observed(
                        EntityKind.TASK, us, Entities.task(us, "t", task -> task.containerInstanceArn(busy.arn()))));
        Map<String, Snapshot> members = new LinkedHashMap<>();
        members.put("eu", eu);
        members.put("us", owner);
        MergedSnapshot merged = new MergedSnapshot(members, Map.of());

        var without = merged.instances().matching("not(task:group == service:web)");

        assertEquals(false, without.matches(busy));
        assertEquals(1, without.count());
    }
}
