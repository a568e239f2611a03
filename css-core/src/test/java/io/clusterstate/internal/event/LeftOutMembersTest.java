package io.clusterstate.internal.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.internal.shape.Canonical;
import io.clusterstate.internal.shape.Draft;
import io.clusterstate.internal.shape.PojoShape;
import io.clusterstate.spi.Decision;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.Upsert;
import io.clusterstate.spi.VersionRule;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.RandomEntities;
import io.clusterstate.testing.Seeds;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ManagedAgent;
import software.amazon.awssdk.services.ecs.model.NetworkInterface;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * A member that an event leaves out is either unset, as payloads show, or unknown; an unknown member is never erased.
 */
class LeftOutMembersTest {

    private static final Instant ASKED = Entities.NOW.minusSeconds(60);

    /** These have API-only members within, so that they are not just what the payload says. */
    private static final Set<String> OF_PARTS = Set.of("containers", "overrides");

    static Stream<String> tasks() {
        return EventEvidence.details(EntityKind.TASK).keySet().stream();
    }

    static Stream<String> instances() {
        return EventEvidence.details(EntityKind.INSTANCE).keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void everyMemberOfATaskIsAsTheEventSaysOrAsTheApiSaid(String path) {
        Map<?, ?> detail = EventEvidence.detailOf(Payloads.body(path));
        Set<String> told = EventEvidence.names(
                        EntityKind.TASK, EventEvidence.details(EntityKind.TASK).values())
                .get("Task");

        Seeds.forEach(3, random -> assertNothingIsErased(EntityKind.TASK, path, detail.keySet(), told, random));
    }

    @ParameterizedTest
    @MethodSource("instances")
    void everyMemberOfAnInstanceIsAsTheEventSaysOrAsTheApiSaid(String path) {
        Set<String> told = EventEvidence.namesOfAll(
                        EntityKind.INSTANCE,
                        EventEvidence.details(EntityKind.INSTANCE).values())
                .get("ContainerInstance");

        Seeds.forEach(20, random -> assertNothingIsErased(EntityKind.INSTANCE, path, told, told, random));
    }

    /** The members whose loss was a fault, by name. */
    @Test
    void anInstanceKeepsItsCountsAndWhatElseNoEventCarries() {
        Observed<?> event = ParsedBodies.changeIn(Payloads.body("instance/awsdoc-2016-active-short-arn.json"));
        ContainerInstance answer = ((ContainerInstance) event.value())
                .toBuilder()
                        .version(14800L)
                        .runningTasksCount(5)
                        .pendingTasksCount(1)
                        .registeredAt(Instant.EPOCH)
                        .statusReason("because")
                        .agentUpdateStatus("UPDATED")
                        .attachments(Attachment.builder().id("eni").build())
                        .capacityProviderName("spot")
                        .tags(Tag.builder().key("k").value("v").build())
                        .build();

        Object after = afterEvent(EntityKind.INSTANCE, answer, event);

        assertEquals(answer.toBuilder().version(14801L).build(), after);
    }

    @Test
    void theApisWordOnContainersIsKeptByTheirNames() {
        Observed<?> event = ParsedBodies.changeIn(Payloads.body("task/arkime-fargate-running.json"));
        Task told = (Task) event.value();
        Container web = told.containers().get(0);
        NetworkInterface eni = web.networkInterfaces().get(0);
        ManagedAgent agent = web.managedAgents().get(0);
        Container answer = Container.builder()
                .name(web.name())
                .image("not what the event says")
                .healthStatus("HEALTHY")
                .gpuIds("gpu-1")
                .managedAgents(
                        ManagedAgent.builder().name("other").build(),
                        ManagedAgent.builder()
                                .name(agent.name())
                                .lastStartedAt(ASKED)
                                .build())
                .networkInterfaces(NetworkInterface.builder()
                        .attachmentId(eni.attachmentId())
                        .ipv6Address("::1")
                        .build())
                .build();
        Task described = told.toBuilder()
                .version(told.version() - 1)
                .containers(Container.builder().name("other").gpuIds("gpu-2").build(), answer)
                .overrides(overrides -> overrides.taskRoleArn("role"))
                .build();

        Task after = (Task) afterEvent(EntityKind.TASK, described, event);

        Container expected = web.toBuilder()
                .healthStatus("HEALTHY")
                .gpuIds("gpu-1")
                .managedAgents(agent.toBuilder().lastStartedAt(ASKED).build())
                .networkInterfaces(eni.toBuilder().ipv6Address("::1").build())
                .build();
        assertEquals(expected, after.containers().get(0));
        assertEquals(told.overrides().toBuilder().taskRoleArn("role").build(), after.overrides());
    }

    /**
     * Fails unless, after an event of a later version, each member is as the event says if it has it, unset if other
     * events have it, and otherwise as the API said before.
     */
    private static <T> void assertNothingIsErased(
            EntityKind<T> kind, String path, Set<?> inThis, Set<String> inEvents, Random random) {
        Observed<?> event = ParsedBodies.changeIn(Payloads.body(path));
        SdkPojo answer = answerBefore(kind, event, random);

        SdkPojo after = (SdkPojo) afterEvent(kind, kind.type().cast(answer), event);

        for (PojoShape.Member member : PojoShape.ofEntity(kind.type()).members()) {
            String name = member.name();
            if (!OF_PARTS.contains(name)) {
                Object fromEvent = member.get((SdkPojo) event.value());
                boolean isTold = inThis.contains(name) || inEvents.contains(name);
                assertEquals(isTold ? fromEvent : member.get(answer), member.get(after), path + ": " + name);
            }
        }
    }

    /** An answer of the API about the same entity, of the version before, with anything in every member. */
    private static SdkPojo answerBefore(EntityKind<?> kind, Observed<?> event, Random random) {
        PojoShape shape = PojoShape.ofEntity(kind.type());
        RandomEntities entities = RandomEntities.withoutEmpties(random);
        Draft draft = shape.newDraft();
        for (PojoShape.Member member : shape.members()) {
            Supplier<Object> any =
                    () -> member.get((SdkPojo) (kind == EntityKind.TASK ? entities.task() : entities.instance()));
            Object value = any.get();
            while (isUnset(value)) {
                value = any.get();
            }
            draft.set(member, value);
        }
        draft.set(shape.member(kind == EntityKind.TASK ? "taskArn" : "containerInstanceArn"), event.arn());
        draft.set(shape.member("version"), event.version() - 1);
        return (SdkPojo) canonical(kind, draft.build());
    }

    private static boolean isUnset(Object value) {
        return value == null || List.of().equals(value) || Map.of().equals(value);
    }

    private static <T> Object canonical(EntityKind<T> kind, Object value) {
        return Canonical.of(kind.type(), kind.type().cast(value));
    }

    @SuppressWarnings("unchecked") // an event of that kind
    private static <T> Object afterEvent(EntityKind<T> kind, T answer, Observed<?> event) {
        Observed<T> present = Observed.of(kind, event.clusterArn(), answer, Origin.LOAD, ASKED);
        Decision<T> decision = VersionRule.decide(present, null, new Upsert<>((Observed<T>) event), Instant.EPOCH);
        assertEquals(Outcome.UPDATED, decision.outcome());
        assertTrue(decision.present().describedAt().isPresent());
        return decision.present().value();
    }
}
