package io.clusterstate;

import static io.clusterstate.Places.EU;
import static io.clusterstate.Places.OTHER;
import static io.clusterstate.Places.US;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.spi.Upsert;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** Lookups, snapshots and freshness over several views. */
class CompositeViewTest {

    private final Places places = Places.live();
    private final CompositeView view = places.view;

    @AfterEach
    void close() {
        places.close();
    }

    @Test
    void anArnIsAnsweredByTheMemberThatHasIt() {
        for (String place : List.of(EU, US, OTHER)) {
            String arn = places.put(place, "a");
            assertEquals(Optional.of(arn), view.task(arn).map(Task::taskArn));
            assertEquals(Optional.of(arn), view.task(arn).map(Task::taskArn), "by the known home");
            assertEquals(Optional.of(arn), view.snapshot().task(arn).map(Task::taskArn));
            assertEquals(1, places.at(place).view.snapshot().tasks().count());
        }
        assertEquals(Optional.empty(), view.task(Places.arn(US, "nowhere")));
    }

    @Test
    void aHomeThatTwoShardsShareFindsBoth() {
        String first = Entities.taskArn("one", "a");
        String second = Entities.taskArn("two", "b");
        places.eu.put(Entities.task("one", "a"));
        places.us.put(Entities.task("two", "b"));

        for (int i = 0; i < 3; i++) {
            assertEquals(first, view.task(first).orElseThrow().taskArn());
            assertEquals(second, view.task(second).orElseThrow().taskArn());
        }
        places.other.put(Entities.task("three", "c"));
        assertTrue(view.task(Entities.taskArn("three", "c")).isPresent(), "in a member that is new to the home");
    }

    @Test
    void everyKindIsFoundByArnAndByName() {
        String cluster = Places.CLUSTERS.get(US);
        places.us.apply(
                Entities.upsert(EntityKind.CLUSTER, cluster, Entities.cluster(cluster)),
                Entities.upsert(EntityKind.SERVICE, cluster, Entities.service(cluster, "web")),
                Entities.upsert(EntityKind.INSTANCE, cluster, Entities.instance(cluster, "box")));

        assertTrue(view.cluster(cluster).isPresent());
        assertTrue(view.cluster("prod").isPresent());
        assertTrue(view.service(Entities.serviceArn(cluster, "web")).isPresent());
        assertTrue(view.service("prod/web").isPresent());
        assertTrue(view.instance(Entities.instanceArn(cluster, "box")).isPresent());
        assertTrue(view.instance("box").isPresent());
        assertTrue(view.snapshot().knows(cluster));
        assertFalse(view.snapshot().knows("elsewhere"));
    }

    @Test
    void anIdInSeveralMembersIsRefusedByNames() {
        places.put(EU, "a");
        assertEquals(Places.arn(EU, "a"), view.task("a").orElseThrow().taskArn());
        places.put(OTHER, "a");

        String message = assertThrows(IllegalArgumentException.class, () -> view.task("a"))
                .getMessage();

        assertTrue(message.contains(Places.arn(EU, "a")) && message.contains(Places.arn(OTHER, "a")), message);
    }

    @Test
    @Promise(7)
    void aSnapshotIsOfOneMomentOfEachMember() {
        places.put(EU, "a");
        places.put(US, "b");
        CompositeSnapshot before = view.snapshot();
        places.put(US, "c");

        assertEquals(2, before.tasks().count());
        assertEquals(Map.of(EU, 1L, US, 1L, OTHER, 0L), before.revisions());
        assertEquals(List.of(EU, US, OTHER), List.copyOf(before.members().keySet()));
        assertEquals(1, before.members().get(US).tasks().count());
        assertEquals(3, view.snapshot().tasks().count());
        assertEquals(Set.of(), before.missing());
    }

    @Test
    void oneRevisionOverAllIsRefusedInWords() {
        CompositeSnapshot now = view.snapshot();
        ChangeListener listener = ChangeListener.builder().onBatch(batch -> {}).build();

        assertRefused("revisions()", now::revision);
        assertRefused("members()", () -> now.since(now));
        assertRefused("members()", () -> view.snapshotAt(1));
        assertRefused("awaitRevisions", () -> view.awaitRevision(1, Duration.ZERO));
        assertRefused("a revision for each member", () -> view.subscribe(listener, 1));
        assertRefused("revisions()", () -> view.read(ReadPolicy.any().atLeastRevision(1)));
    }

    private static void assertRefused(String instead, org.junit.jupiter.api.function.Executable call) {
        String message = assertThrows(UnsupportedOperationException.class, call).getMessage();
        assertTrue(message.contains("expected") && message.contains(instead), message);
    }

    @Test
    void aRemovedEntityIsRememberedUntilItIsBackAnywhere() {
        places.eu.put("a", 1);
        places.eu.remove("a");
        String arn = Entities.taskArn("prod", "a");
        assertTrue(view.snapshot().removed(arn).isPresent());

        places.us.put("a", 2);

        assertEquals(Optional.empty(), view.snapshot().removed(arn));
        assertEquals(Optional.empty(), view.snapshot().removed(Places.arn(US, "never")));
    }

    /** As a cluster that moved between two shards. */
    @Test
    void ofTwoRemovalsTheLaterOneIsRemembered() {
        String arn = Entities.taskArn("prod", "a");
        for (Watched each : List.of(places.eu, places.us, places.other)) {
            each.put("a", 1);
        }
        places.eu.apply(SampleChanges.missing(EntityKind.TASK, arn, 1, 10));
        places.us.apply(SampleChanges.missing(EntityKind.TASK, arn, 1, 30));
        places.other.apply(SampleChanges.missing(EntityKind.TASK, arn, 1, 20));

        Removed<?> last = view.snapshot().removed(arn).orElseThrow();

        assertEquals(Entities.NOW.plusSeconds(30), last.at());
    }

    @Test
    @Promise(6)
    void freshnessIsTheLeastOfTheMembers() {
        Instant early = Instant.parse("2026-03-01T11:00:00Z");
        places.eu.host.freshUpTo(early.plusSeconds(60));
        places.us.host.freshUpTo(early);
        assertEquals(Optional.empty(), view.freshness().freshUpTo());
        assertThrows(StaleViewException.class, () -> view.read(ReadPolicy.any().atMostStale(Duration.ofDays(1))));

        places.other.host.freshUpTo(early.plusSeconds(120));

        assertEquals(Optional.of(early), view.freshness().freshUpTo());
        assertEquals(Optional.of(early), view.snapshot().freshness().freshUpTo());
        assertTrue(view.read(ReadPolicy.any().atMostStale(Duration.ofHours(1))).isMet());
        assertThrows(StaleViewException.class, () -> view.read(ReadPolicy.any().atMostStale(Duration.ofMinutes(59))));
    }

    @Test
    @Promise(6)
    void theLatestClockOfTheMembersJudges() {
        Instant moment = Instant.parse("2026-03-01T11:00:00Z");
        ClusterStateView slow = at(moment.plusSeconds(600), moment);
        ClusterStateView fast = at(moment.plusSeconds(1_800), moment);
        for (Map<String, ClusterStateView> members :
                List.of(Map.of("a", slow, "b", fast), Map.of("a", fast, "b", slow))) {
            CompositeView both = CompositeView.of(members);
            assertThrows(
                    StaleViewException.class, () -> both.read(ReadPolicy.any().atMostStale(Duration.ofSeconds(1_799))));
            assertTrue(both.read(ReadPolicy.any().atMostStale(Duration.ofMinutes(30)))
                    .isMet());
        }
    }

    /** A view that ECS has confirmed up to a moment, by a clock of its own. */
    private static ClusterStateView at(Instant now, Instant freshUpTo) {
        TestHost host = new TestHost();
        host.freshUpTo(freshUpTo);
        return StoreView.byHand(new ReferenceStore().journal(), host, InstantSource.fixed(now));
    }

    @Test
    void theMembersOfACompositeAreMembersUnderBothNames() {
        CompositeView inner = CompositeView.of(Map.of("a", places.eu.view)).readyWhen("a");
        CompositeView outer = CompositeView.of(Map.of("x", inner, "y", places.us.view));
        String arn = places.put(EU, "t");

        assertEquals(Set.of("x/a", "y"), outer.members().keySet());
        assertEquals(Set.of("x/a", "y"), outer.snapshot().members().keySet());
        assertTrue(outer.task(arn).isPresent());
    }

    /** The inner view needs one of its two members, and so does the outer one. */
    @Test
    void aMemberThatTheInnerViewDoesNotNeedTheOuterOneDoesNotNeedEither() {
        Map<String, ClusterStateView> both = new LinkedHashMap<>();
        both.put("a", places.eu.view);
        both.put("b", places.other.view);
        CompositeView outer =
                CompositeView.of(Map.of("x", CompositeView.of(both).readyWhen("a"), "y", places.us.view));

        places.other.host.ready(false);
        assertTrue(outer.isReady());
        assertEquals(Set.of("x/b"), outer.snapshot().missing());
        places.us.host.ready(false);
        assertFalse(outer.isReady());
    }

    /** Two shards may know a definition at different moments. */
    @Test
    void theDefinitionOfATaskIsThatOfItsMember() {
        String cluster = Places.CLUSTERS.get(US);
        TaskDefinition active = Entities.definition(cluster, "web", 7);
        TaskDefinition inactive = active.toBuilder().status("INACTIVE").build();
        places.eu.apply(new Upsert<>(Entities.definition(inactive)));
        Task task = Entities.task(cluster, "a", change -> change.taskDefinitionArn(active.taskDefinitionArn()));
        assertEquals(Optional.of(inactive), view.snapshot().definition(task), "of a task that no member has");

        places.us.put(task);
        assertEquals(Optional.empty(), view.snapshot().definition(task), "not yet in the member of the task");
        places.us.apply(new Upsert<>(Entities.definition(active)));

        assertEquals(Optional.of(active), view.snapshot().definition(task));
        assertEquals(Optional.empty(), view.snapshot().definition(Task.builder().build()));
    }

    @Test
    void theTextNamesTheMembers() {
        assertEquals("composite view of [eu-west-1, us-east-1, other-account]", view.toString());
        places.us.host.ready(false);
        CompositeSnapshot now = view.readyWhen(EU).snapshot();
        assertTrue(now.toString().startsWith("snapshots of 2 members: {eu-west-1="), now::toString);
        assertTrue(now.toString().endsWith(", without [us-east-1]"), now::toString);
        assertTrue(now.tasks().toString().endsWith(" of 2 members"), now.tasks()::toString);
    }

    @Test
    void aMistakeInTheMembersIsNamed() {
        assertMessage("at least one", () -> CompositeView.of(Map.of()));
        assertMessage("blank", () -> CompositeView.of(Map.of(" ", places.eu.view)));
        assertMessage("another view", () -> CompositeView.of(Map.of("a", places.eu.view, "b", places.eu.view)));
        assertMessage("member x/a: twice", () -> CompositeView.of(sameNames()));
        assertMessage("not a wrapper", () -> CompositeView.of(Map.of("a", wrapper())));
        assertMessage("nobody", () -> view.readyWhen("nobody"));
        assertMessage("at least one of", () -> view.readyWhen());
        assertMessage("[nobody]", () -> view.awaitRevisions(Map.of("nobody", 1L), Duration.ZERO));
    }

    private Map<String, ClusterStateView> sameNames() {
        Map<String, ClusterStateView> views = new LinkedHashMap<>();
        views.put("x/a", places.eu.view);
        views.put("x", CompositeView.of(Map.of("a", places.us.view)));
        return views;
    }

    private static void assertMessage(String part, org.junit.jupiter.api.function.Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(part), message);
    }

    private static ClusterStateView wrapper() {
        return (ClusterStateView) Proxy.newProxyInstance(
                CompositeViewTest.class.getClassLoader(),
                new Class<?>[] {ClusterStateView.class},
                (self, method, arguments) -> "a wrapper");
    }

    @Test
    void aClusterInTwoMembersIsNamed() {
        String cluster = Places.CLUSTERS.get(EU);
        places.eu.apply(Entities.upsert(EntityKind.CLUSTER, cluster, Entities.cluster(cluster)));
        assertEquals(Map.of(), view.snapshot().overlaps());
        places.us.apply(Entities.upsert(EntityKind.CLUSTER, cluster, Entities.cluster(cluster)));

        assertEquals(Map.of(cluster, Set.of(EU, US)), view.snapshot().overlaps());
        assertTrue(view.cluster("prod").isPresent(), "one cluster, although two members have it");
    }

    @Test
    void hundredsOfHomesAreFound() {
        for (int account = 0; account < 300; account++) {
            String cluster = "arn:aws:ecs:eu-west-1:" + (100_000_000_000L + account) + ":cluster/prod";
            Watched owner = account % 2 == 0 ? places.eu : places.us;
            owner.put(Entities.task(cluster, "t"));
            String arn = Entities.taskArn(cluster, "t");
            assertTrue(view.task(arn).isPresent(), arn);
            assertTrue(view.task(arn).isPresent(), arn);
        }
    }
}
