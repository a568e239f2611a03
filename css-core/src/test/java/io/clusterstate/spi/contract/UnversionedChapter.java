package io.clusterstate.spi.contract;

import static io.clusterstate.EntityKind.CLUSTER;
import static io.clusterstate.EntityKind.SERVICE;
import static io.clusterstate.EntityKind.TASK_DEFINITION;
import static io.clusterstate.spi.contract.SampleChanges.byApi;
import static io.clusterstate.spi.contract.SampleChanges.missing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.Snapshot;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.Upsert;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * Services, clusters and task definitions have no versions and may return under their ARN: the value that was requested
 * last stands.
 */
abstract class UnversionedChapter extends StoreChapter {

    private static final String WEB = Entities.serviceArn(SampleChanges.CLUSTER, "web");
    private static final String PROD = Entities.clusterArn(SampleChanges.CLUSTER);

    UnversionedChapter(StoreFactory factory) {
        super(factory);
    }

    @Test
    void aLaterAnswerStands() {
        assertEquals(Outcome.ADDED, apply(service(1, 10)).outcome());
        assertEquals(Outcome.UPDATED, apply(service(2, 20)).outcome());
        assertEquals(2, web().value().desiredCount());
        assertEquals(0, web().version());
    }

    @Test
    @Promise(12)
    void anEarlierAnswerThatComesLateChangesNothing() {
        apply(service(2, 20));
        long revision = store.snapshot().revision();

        assertTrue(!apply(service(1, 10)).outcome().hasEffect());
        assertEquals(2, web().value().desiredCount());
        assertEquals(revision, store.snapshot().revision());
    }

    @Test
    @Promise(2)
    void anAnswerThatSaysTheSameTellsNobody() {
        apply(service(2, 20));
        long revision = store.snapshot().revision();

        assertEquals(Outcome.DUPLICATE, apply(service(2, 30)).outcome());
        assertEquals(revision, store.snapshot().revision());
    }

    @Test
    void aServiceMayBeMadeAgainUnderItsArn() {
        apply(service(1, 10));
        apply(missing(SERVICE, WEB, 0, 20));

        assertEquals(Outcome.ADDED, apply(service(5, 30)).outcome());
        assertEquals(5, web().value().desiredCount());
    }

    @Test
    void aDefinitionIsFoundByItsArnAndByItsTask() {
        TaskDefinition web = Entities.definition(SampleChanges.CLUSTER, "web", 7);
        Task task = Entities.task(
                SampleChanges.CLUSTER, "t1", changes -> changes.taskDefinitionArn(web.taskDefinitionArn()));
        assertTrue(store.snapshot().definition(task).isEmpty(), "not yet");

        apply(new Upsert<>(Entities.definition(web)));

        assertEquals(web, store.snapshot().definition(task).orElseThrow());
        assertEquals(
                List.of(web),
                store.snapshot().definitions().family("web").status("ACTIVE").list());
        assertEquals(
                Observed.NO_CLUSTER,
                store.snapshot()
                        .observed(TASK_DEFINITION, web.taskDefinitionArn())
                        .orElseThrow()
                        .clusterArn());
    }

    @Test
    void anInactiveDefinitionHasNotEnded() {
        TaskDefinition old = Entities.definition(SampleChanges.CLUSTER, "web", 7).toBuilder()
                .status("INACTIVE")
                .build();
        apply(new Upsert<>(Entities.definition(old)));
        clock.turn(KEEP_ENDED.plus(TOLERANCE));

        assertEquals(List.of(), store.expire());
        assertEquals(1, store.snapshot().definitions().count());
    }

    @Test
    void anInactiveServiceMayBeMadeAgain() {
        apply(SampleChanges.service("INACTIVE", 10));

        assertEquals(Outcome.UPDATED, apply(service(5, 20)).outcome());
        assertEquals("ACTIVE", web().value().status());
    }

    @Test
    @Promise({3, 12})
    void anAnswerFromBeforeTheProofDoesNotReviveAService() {
        apply(missing(SERVICE, WEB, 0, 20));

        assertEquals(Outcome.OUTDATED, apply(service(1, 10)).outcome());
        assertEquals(Outcome.OUTDATED, apply(service(1, 20)).outcome());
        assertEquals(0, store.snapshot().services().count());
    }

    @Test
    @Promise({8, 12})
    void aProofFromBeforeTheAnswerDoesNotRemoveAService() {
        apply(service(1, 10));

        assertEquals(Outcome.OUTDATED, apply(missing(SERVICE, WEB, 0, 9)).outcome());
        assertEquals(Outcome.REMOVED, apply(missing(SERVICE, WEB, 0, 10)).outcome());
    }

    @Test
    @Promise(12)
    void aServiceThatWasMadeAgainAndDeletedAgainIsInactiveWhateverComesFirst() {
        Upsert<Service> inactive = SampleChanges.service("INACTIVE", 30);

        apply(missing(SERVICE, WEB, 0, 10));
        apply(inactive);
        apply(service(1, 20));

        assertEquals("INACTIVE", web().value().status());
    }

    @Test
    void aClusterMayBeMadeAgainUnderItsArn() {
        apply(byApi(CLUSTER, Entities.cluster(SampleChanges.CLUSTER), 10));
        apply(missing(CLUSTER, PROD, 0, 20));
        assertEquals(0, store.snapshot().clusters().count());

        apply(byApi(CLUSTER, Entities.cluster(SampleChanges.CLUSTER), 30));

        assertEquals(1, store.snapshot().clusters().count());
    }

    @Test
    void clustersOfOneNameInTwoRegionsAreTwo() {
        String elsewhere = PROD.replace("eu-west-1", "us-east-1");
        for (String cluster : List.of(PROD, elsewhere)) {
            store.apply(List.of(
                    Upsert.of(CLUSTER, cluster, Entities.cluster(cluster), Origin.LOAD, Entities.NOW),
                    Upsert.of(SERVICE, cluster, Entities.service(cluster, "web"), Origin.LOAD, Entities.NOW)));
        }
        apply(missing(CLUSTER, PROD, 0, 10));
        Snapshot now = store.snapshot();

        assertNotEquals(PROD, elsewhere);
        assertEquals(
                List.of(elsewhere), now.clusters().observed().map(Observed::arn).toList());
        assertEquals(2, now.services().in(SampleChanges.CLUSTER).count());
        assertEquals(1, now.services().in(elsewhere).count());
        assertEquals(1, now.services().in(PROD).count());
    }

    private Observed<Service> web() {
        return find(SERVICE, WEB).orElseThrow();
    }

    private static Upsert<Service> service(int desiredCount, long asked) {
        return byApi(SERVICE, Entities.service(SampleChanges.CLUSTER, "web", s -> s.desiredCount(desiredCount)), asked);
    }
}
