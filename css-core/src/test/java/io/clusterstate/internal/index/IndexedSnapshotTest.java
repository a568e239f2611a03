package io.clusterstate.internal.index;

import static io.clusterstate.testing.Entities.cluster;
import static io.clusterstate.testing.Entities.clusterArn;
import static io.clusterstate.testing.Entities.instance;
import static io.clusterstate.testing.Entities.instanceArn;
import static io.clusterstate.testing.Entities.observed;
import static io.clusterstate.testing.Entities.service;
import static io.clusterstate.testing.Entities.serviceArn;
import static io.clusterstate.testing.Entities.task;
import static io.clusterstate.testing.Entities.taskArn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Query;
import io.clusterstate.Requirement;
import io.clusterstate.Snapshot;
import io.clusterstate.TaskQuery;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.Task;

class IndexedSnapshotTest {

    private static final String ELSEWHERE = "arn:aws:ecs:us-east-1:123456789012:cluster/prod";

    private final Snapshot snapshot = IndexedSnapshot.EMPTY
            .with(observed(EntityKind.TASK, "prod", task("prod", "1")))
            .with(observed(EntityKind.TASK, "test", task("test", "2")))
            .with(observed(EntityKind.TASK, ELSEWHERE, task(ELSEWHERE, "3")))
            .with(observed(EntityKind.INSTANCE, "prod", instance("prod", "1")))
            .with(observed(EntityKind.SERVICE, "prod", service("prod", "web")))
            .with(observed(EntityKind.CLUSTER, "prod", cluster("prod")))
            .at(7);

    @Test
    void everyKindIsFoundByItsArnAlone() {
        assertEquals(Optional.of(task("prod", "1")), snapshot.task(taskArn("prod", "1")));
        assertEquals(Optional.of(instance("prod", "1")), snapshot.instance(instanceArn("prod", "1")));
        assertEquals(Optional.of(service("prod", "web")), snapshot.service(serviceArn("prod", "web")));
        assertEquals(Optional.of(cluster("prod")), snapshot.cluster(clusterArn("prod")));
        assertEquals(Optional.empty(), snapshot.task(instanceArn("prod", "1")));
    }

    @Test
    void anEntityIsFoundWithHowItCameToBeKnown() {
        Observed<Task> told =
                observed(EntityKind.TASK, "prod", task("prod", "1", 5)).at(3);

        Snapshot changed = ((IndexedSnapshot) snapshot).with(told).at(8);

        assertSame(told, changed.observed(EntityKind.TASK, told.arn()).orElseThrow());
        assertEquals(Optional.empty(), changed.observed(EntityKind.INSTANCE, told.arn()));
        assertEquals(8, changed.revision());
        assertEquals(7, snapshot.revision());
    }

    @Test
    void aClustersNameStandsForTheClustersOfAllRegions() {
        assertEquals(List.of("1", "3"), idsOf(snapshot.tasks().in("prod")));
        assertEquals(List.of("1"), idsOf(snapshot.tasks().in(clusterArn("prod"))));
        assertEquals(List.of("3"), idsOf(snapshot.tasks().in(ELSEWHERE)));
        assertEquals(List.of(), idsOf(snapshot.tasks().in("pro")));
    }

    @Test
    void theClustersOfAQueryAreSearchedUpToTheFirstMatchInEach() {
        IndexedSnapshot full = (IndexedSnapshot) snapshot;
        for (int i = 10; i < 110; i++) {
            full = full.with(observed(EntityKind.TASK, "prod", task("prod", String.valueOf(i))));
        }
        AtomicInteger looks = new AtomicInteger();

        Set<String> found =
                full.tasks().where(task -> looks.incrementAndGet() > 0).clusterArns();

        assertEquals(Set.of(clusterArn("prod"), clusterArn("test"), ELSEWHERE), found);
        assertEquals(3, looks.get());
    }

    @Test
    void noNameStandsForNoCluster() {
        assertEquals(0, snapshot.tasks().in("").count());
        assertEquals(0, snapshot.clusters().in("").count());
    }

    @Test
    void aNameStandsOnlyForTheClustersThatStillHaveSomething() {
        Snapshot changed = ((IndexedSnapshot) snapshot).without(EntityKind.TASK, taskArn(ELSEWHERE, "3"));

        assertEquals(List.of("1"), idsOf(changed.tasks().in("prod")));
        assertEquals(0, changed.tasks().in(ELSEWHERE).count());
    }

    @Test
    void anEntityThatMovesIsFoundOnlyInItsNewCluster() {
        IndexedSnapshot moved = ((IndexedSnapshot) snapshot).with(observed(EntityKind.TASK, "test", task("prod", "1")));

        assertEquals(List.of("3"), idsOf(moved.tasks().in("prod")));
        assertEquals(List.of("1", "2"), idsOf(moved.tasks().in("test")));
        assertEquals(List.of("1", "2"), idsOf(moved.tasks().in("test").family("web")));
    }

    @Test
    void aQueryIsAboutOneCluster() {
        TaskQuery inProd = snapshot.tasks().in("prod");

        assertEquals(2, inProd.in("prod").count());
        assertEquals(
                "in: test (expected: the only cluster, prod)",
                assertThrows(IllegalStateException.class, () -> inProd.in("test"))
                        .getMessage());
    }

    @Test
    void aQuerySaysItsStepsInTheWordsOfTheApi() {
        assertEquals("tasks", snapshot.tasks().toString());
        assertEquals(
                "tasks in prod, family web, status RUNNING",
                snapshot.tasks().family("web").in("prod").status("RUNNING").toString());
        assertEquals(
                "tasks, onInstance i, group service:web, taskDefinition web:1, where a test passes",
                snapshot.tasks()
                        .onInstance("i")
                        .ofService("web")
                        .taskDefinition("web:1")
                        .where(task -> true)
                        .toString());
        assertEquals(
                "instances, status ACTIVE, agentConnected true, attribute zone=a, free CPU 512, free tcp port 80",
                snapshot.instances()
                        .placeable()
                        .attribute("zone", "a")
                        .withFree(Requirement.cpu(512), Requirement.port(80))
                        .toString());
        assertEquals("services, named web", snapshot.services().named("web").toString());
        assertEquals(
                "clusters, status ACTIVE", snapshot.clusters().status("ACTIVE").toString());
    }

    @Test
    void aQueryCanBeKeptAndNarrowedInSeveralWays() {
        TaskQuery web = snapshot.tasks().family("web");

        assertEquals(3, web.status("RUNNING").count());
        assertEquals(0, web.status("STOPPED").count());
        assertEquals(1, web.in("test").count());
        assertEquals(3, web.count());
    }

    @Test
    void anAttributeWithoutANameIsInNoAnswer() {
        Attribute nameless = Attribute.builder().value("c5.large").build();
        Snapshot changed = IndexedSnapshot.EMPTY.with(
                observed(EntityKind.INSTANCE, "prod", instance("prod", "1", changes -> changes.attributes(nameless))));

        assertEquals(1, changed.instances().count());
        assertEquals(0, changed.instances().attribute("null", "c5.large").count());
    }

    @Test
    void aSnapshotSaysHowMuchIsInIt() {
        assertEquals("snapshot at revision 7: 3 tasks, 1 instances, 1 services, 1 clusters", snapshot.toString());
        assertEquals(0, IndexedSnapshot.EMPTY.revision());
        assertEquals(Optional.empty(), IndexedSnapshot.EMPTY.tasks().first());
    }

    private static List<String> idsOf(Query<Task, ?> query) {
        return query.list().stream()
                .map(task -> task.taskArn().substring(task.taskArn().lastIndexOf('/') + 1))
                .sorted()
                .toList();
    }
}
