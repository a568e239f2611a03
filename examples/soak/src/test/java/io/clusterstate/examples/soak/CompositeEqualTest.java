package io.clusterstate.examples.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.ChangeBatch;
import io.clusterstate.CompositeSnapshot;
import io.clusterstate.CompositeView;
import io.clusterstate.EntityKind;
import io.clusterstate.Freshness;
import io.clusterstate.Origin;
import io.clusterstate.Snapshot;
import io.clusterstate.StoreView;
import io.clusterstate.spi.Upsert;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.Entities;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** The law of a composite view, tried on snapshots and batches that break a part of it. */
class CompositeEqualTest {

    private static final String CLUSTER = Entities.clusterArn("prod");
    private static final Task TASK = Entities.task("prod", "a");

    private final Findings findings = new Findings();
    private final ReferenceStore east = new ReferenceStore();
    private final ReferenceStore west = new ReferenceStore();
    private final CompositeView composite = CompositeView.of(views());
    private final CompositeEqual law = new CompositeEqual("composite", findings, Set.of("east", "west"));

    private Map<String, StoreView> views() {
        Map<String, StoreView> views = new LinkedHashMap<>();
        views.put("east", StoreView.byHand(east.journal(), new OpenHost(), InstantSource.system()));
        views.put("west", StoreView.byHand(west.journal(), new OpenHost(), InstantSource.system()));
        return views;
    }

    @BeforeEach
    void fill() {
        put(east);
    }

    private static void put(ReferenceStore store) {
        store.apply(List.of(
                Upsert.of(EntityKind.CLUSTER, CLUSTER, Entities.cluster("prod"), Origin.RECONCILE, Instant.now()),
                Upsert.of(EntityKind.TASK, CLUSTER, TASK, Origin.EVENT, Instant.now())));
    }

    private void assertBroken() {
        assertEquals(
                1, findings.violations().size(), () -> findings.violations().toString());
        assertEquals("CompositeEqual", findings.violations().get(0).law());
    }

    @Test
    void anHonestComposite() {
        law.seen(composite.snapshot());
        law.batch(initial(composite.snapshot().members().get("east"), "east"));

        assertEquals(List.of(), findings.violations());
    }

    private ChangeBatch initial(Snapshot of, String member) {
        ChangeBatch batch = of.since(new ReferenceStore().snapshot());
        return new ChangeBatch(
                ChangeBatch.Type.INITIAL, 0, batch.snapshot(), batch.changes(), Optional.ofNullable(member));
    }

    @Test
    void aCompositeThatIsFresherThanAMember() {
        Freshness now = OpenHost.freshUpTo(Instant.now());
        law.seen(Lying.about(composite.snapshot(), "freshness", now));

        assertBroken();
    }

    @Test
    void aCompositeThatLacksTheEntitiesOfAMember() {
        law.seen(Lying.about(
                composite.snapshot(), "tasks", new ReferenceStore().snapshot().tasks()));

        assertBroken();
    }

    @Test
    void aCompositeThatFindsAnotherEntityThanItsMemberHas() {
        law.seen(Lying.about(composite.snapshot(), "observed", Optional.empty()));

        assertBroken();
    }

    @Test
    void aCompositeThatLacksAMember() {
        CompositeSnapshot whole = composite.snapshot();
        law.seen(Lying.about(whole, "members", Map.of("east", whole.members().get("east"))));

        assertBroken();
    }

    @Test
    void aClusterInTwoMembers() {
        west.apply(List.of(
                Upsert.of(EntityKind.CLUSTER, CLUSTER, Entities.cluster("prod"), Origin.RECONCILE, Instant.now())));
        law.seen(composite.snapshot());

        assertBroken();
    }

    @Test
    void aBatchThatNamesNoMember() {
        law.batch(initial(composite.snapshot().members().get("east"), null));

        assertBroken();
    }

    @Test
    void aBatchThatNamesAnotherMember() {
        law.batch(initial(composite.snapshot().members().get("east"), "north"));

        assertBroken();
    }

    @Test
    void aBatchThatLacksAChangeOfItsMember() {
        Snapshot member = composite.snapshot().members().get("east");
        law.batch(new ChangeBatch(ChangeBatch.Type.INITIAL, 0, member, List.of(), Optional.of("east")));

        assertEquals(
                List.of("RebuiltEqual"),
                findings.violations().stream().map(Findings.Violation::law).toList());
    }
}
