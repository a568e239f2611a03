package io.clusterstate.spi.contract;

import static io.clusterstate.EntityKind.TASK;
import static io.clusterstate.spi.contract.SampleChanges.answer;
import static io.clusterstate.spi.contract.SampleChanges.byApi;
import static io.clusterstate.spi.contract.SampleChanges.byEvent;
import static io.clusterstate.spi.contract.SampleChanges.described;
import static io.clusterstate.spi.contract.SampleChanges.event;
import static io.clusterstate.spi.contract.SampleChanges.received;
import static io.clusterstate.spi.contract.SampleChanges.running;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.Snapshot;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Outcome;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import java.util.Collection;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/** API-only fields enrich what events reported, and events preserve them (promise 2). */
abstract class ApiAnswerChapter extends StoreChapter {

    ApiAnswerChapter(StoreFactory factory) {
        super(factory);
    }

    @Test
    @Promise(2)
    void anApiAnswerOfTheSameVersionEnriches() {
        apply(event(3));
        Task answer = attached(described(running(3), "blue"), "ATTACHED");

        Applied applied = apply(byApi(TASK, answer, 10));

        assertEquals(Outcome.ENRICHED, applied.outcome());
        assertEquals(answer, task().value());
        assertEquals(Optional.of(SampleChanges.after(10)), task().describedAt());
        assertTrue(task().revision() > applied.before().revision());
    }

    @Test
    @Promise(12)
    void anApiAnswerEnrichesAnEventThatCameAfterItWasAskedFor() {
        apply(received(event(3), 99));

        assertEquals(
                Outcome.ENRICHED,
                apply(byApi(TASK, described(running(3), "blue"), 10)).outcome());
        assertEquals(described(running(3), "blue"), task().value());
    }

    @Test
    @Promise(2)
    void anEventOfTheSameVersionKeepsWhatTheApiTold() {
        Task answer = attached(described(running(3), "blue"), "ATTACHED");
        apply(byApi(TASK, answer, 10));

        Applied applied = apply(byEvent(TASK, attached(running(3), "ATTACHING")));

        assertEquals(Outcome.DUPLICATE, applied.outcome());
        assertEquals(answer, task().value());
    }

    @Test
    void anEventOfAHigherVersionKeepsTagsAndHealth() {
        apply(byApi(TASK, described(withHealth(running(3), "HEALTHY"), "blue"), 10));

        Applied applied = apply(byEvent(TASK, attached(running(4), "ATTACHED")));

        assertEquals(Outcome.UPDATED, applied.outcome());
        assertEquals(attached(described(withHealth(running(4), "HEALTHY"), "blue"), "ATTACHED"), task().value());
        assertEquals(Optional.of(SampleChanges.after(10)), task().describedAt());
    }

    @Test
    @Promise(1)
    void anApiAnswerOfALowerVersionTellsTagsAndHealthOnly() {
        apply(byEvent(TASK, attached(running(4), "ATTACHED")));

        Applied applied = apply(byApi(TASK, attached(described(running(3), "blue"), "ATTACHING"), 10));

        assertEquals(Outcome.ENRICHED, applied.outcome());
        assertEquals(attached(described(running(4), "blue"), "ATTACHED"), task().value());
    }

    @Test
    void healthThatTheLastAnswerDoesNotTellAnyMoreIsForgotten() {
        apply(byApi(TASK, described(withHealth(running(3), "HEALTHY"), "blue"), 10));

        apply(answer(2, 20));

        assertEquals(running(3), task().value());
    }

    @Test
    @Promise(12)
    void ofTwoApiAnswersTheOneThatWasAskedForLaterStands() {
        apply(byApi(TASK, attached(described(running(3), "green"), "ATTACHED"), 20));

        Applied earlier = apply(byApi(TASK, attached(described(running(3), "blue"), "ATTACHING"), 10));
        assertEquals(Outcome.DUPLICATE, earlier.outcome());
        assertEquals(attached(described(running(3), "green"), "ATTACHED"), task().value());

        Applied later = apply(byApi(TASK, attached(described(running(3), "red"), "DETACHED"), 30));
        assertEquals(Outcome.ENRICHED, later.outcome());
        assertEquals(attached(described(running(3), "red"), "DETACHED"), task().value());
    }

    @Test
    @Promise(12)
    void ofTwoAnswersOfOneMomentTheHigherVersionTellsTagsAndHealth() {
        apply(byApi(TASK, described(running(3), "blue"), 10));

        apply(byApi(TASK, described(running(4), "green"), 10));

        assertEquals(described(running(4), "green"), task().value());
    }

    @Test
    @Promise(2)
    void anApiAnswerThatAddsNothingTellsNobody() {
        apply(byApi(TASK, described(running(3), "blue"), 10));
        Snapshot before = store.snapshot();

        Applied applied = apply(byApi(TASK, described(running(3), "blue"), 20));

        assertEquals(Outcome.DUPLICATE, applied.outcome());
        assertEquals(before.revision(), store.snapshot().revision());
    }

    @Test
    @Promise(2)
    void theFirstApiAnswerIsShownEvenIfItAddsNothingToAnEventAndLaterOnesAreNot() {
        apply(event(3));

        Applied first = apply(answer(3, 10));
        Snapshot described = store.snapshot();
        Applied second = apply(answer(3, 20));

        assertEquals(Outcome.ENRICHED, first.outcome());
        assertEquals(Outcome.DUPLICATE, second.outcome());
        assertEquals(Optional.of(SampleChanges.after(10)), task().describedAt());
        assertEquals(described.revision(), store.snapshot().revision());
    }

    @Test
    void instancesKeepTheirCountsHealthAndCapacityProviderToo() {
        ContainerInstance answer = Entities.instance(SampleChanges.CLUSTER, "i1", changes -> changes.version(3L)
                .capacityProviderName("spot")
                .runningTasksCount(5)
                .pendingTasksCount(1)
                .healthStatus(health -> health.overallStatus("OK")));
        apply(byApi(EntityKind.INSTANCE, answer, 10));

        apply(byEvent(EntityKind.INSTANCE, Entities.instance(SampleChanges.CLUSTER, "i1", 4)));

        assertEquals(
                answer.toBuilder().version(4L).build(),
                store.snapshot().instance(answer.containerInstanceArn()).orElseThrow());
    }

    @Test
    void aTaskWithoutContainersStaysWithoutThem() {
        Task bare =
                running(3).toBuilder().containers((Collection<Container>) null).build();
        apply(byApi(TASK, described(running(2), "blue"), 10));

        apply(byEvent(TASK, bare));

        assertEquals(described(bare, "blue"), task().value());
    }

    private static Task attached(Task task, String status) {
        Attachment eni = Attachment.builder()
                .type("ElasticNetworkInterface")
                .status(status)
                .build();
        return task.toBuilder().attachments(eni).build();
    }

    private static Task withHealth(Task task, String health) {
        return task.toBuilder()
                .containers(task.containers().get(0).toBuilder()
                        .healthStatus(health)
                        .build())
                .build();
    }
}
