package io.clusterstate.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ManagedAgent;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Promise 12, exhaustively in small worlds. In every state that a few facts can lead to, any two of them commute, and
 * each may come twice. It follows that all orders and duplications of any length end in the same state.
 */
@Promise(12)
class VersionRuleOrderTest {

    private static final int STOPPED = 3;
    private static final Instant NOTHING_EXPIRES = Instant.EPOCH;

    @Test
    void tasksWithoutRemovalsEndTheSameInEveryField() {
        assertOrderIsIrrelevant(tellings(), NOTHING_EXPIRES, State::inFull);
    }

    @Test
    void tasksWithRemovalsEndTheSameButForTheFieldsThatOnlyTheApiTells() {
        List<Change<Task>> facts = new ArrayList<>(tellings());
        facts.addAll(removals());
        assertOrderIsIrrelevant(facts, NOTHING_EXPIRES, State::core);
    }

    @Test
    void tasksThatStoppedLongAgoEndTheSameOnceTheirRetentionIsOver() {
        List<Change<Task>> facts = new ArrayList<>(tellings());
        facts.addAll(removals());
        assertOrderIsIrrelevant(facts, SampleChanges.after(-STOPPED), State::coreOnceExpired);
    }

    @Test
    void tasksOfWhichTheApiAddsNothingToTheEventsEndTheSameWithoutRemovals() {
        List<Change<Task>> facts = new ArrayList<>();
        for (int version = 1; version <= STOPPED; version++) {
            Task task = task(version, "version " + version);
            facts.add(SampleChanges.received(SampleChanges.byEvent(EntityKind.TASK, task), 25));
            facts.add(SampleChanges.byApi(EntityKind.TASK, task, 10L * version));
            facts.add(SampleChanges.byApi(EntityKind.TASK, task, 50 - 5L * version));
        }
        assertOrderIsIrrelevant(facts, NOTHING_EXPIRES, State::valueAndWhetherDescribed);
    }

    @Test
    void instancesWithoutRemovalsEndTheSameInEveryField() {
        List<Change<ContainerInstance>> facts = new ArrayList<>();
        for (int version = 1; version <= STOPPED; version++) {
            facts.add(
                    SampleChanges.received(SampleChanges.byEvent(EntityKind.INSTANCE, instance(version, "event")), 25));
            facts.add(answer(instance(version, "asked"), 10 * version));
            facts.add(answer(instance(version, "asked"), 50 - 5 * version));
        }
        assertOrderIsIrrelevant(facts, NOTHING_EXPIRES, State::inFull);
    }

    @Test
    void servicesEndTheSame() {
        List<Change<Service>> facts = new ArrayList<>();
        for (int asked = 10; asked <= 40; asked += 10) {
            facts.add(service(asked % 20 == 0 ? "INACTIVE" : "ACTIVE", asked));
            facts.add(SampleChanges.missing(
                    EntityKind.SERVICE, Entities.serviceArn(SampleChanges.CLUSTER, "web"), 0, asked - 5));
        }
        assertOrderIsIrrelevant(facts, NOTHING_EXPIRES, State::inFull);
    }

    /** Every version by event and twice by API, no two API answers alike, the last version stopped. */
    private static List<Change<Task>> tellings() {
        List<Change<Task>> facts = new ArrayList<>();
        for (int version = 1; version <= STOPPED; version++) {
            facts.add(SampleChanges.received(SampleChanges.byEvent(EntityKind.TASK, task(version, "event")), 25));
            facts.add(answer(version, 10 * version));
            facts.add(answer(version, 50 - 5 * version));
        }
        return facts;
    }

    /** An answer in which some fields are set only early, and others only late. */
    private static Upsert<Task> answer(int version, int asked) {
        boolean early = asked < 25;
        Container web = Container.builder()
                .name("web")
                .gpuIds(early ? List.of("gpu") : null)
                .managedAgents(agent(early ? SampleChanges.after(asked) : null))
                .healthStatus(early ? "UNHEALTHY" : null)
                .build();
        Container side = Container.builder()
                .name("side")
                .healthStatus(early ? "HEALTHY" : "UNKNOWN")
                .build();
        Task told = task(version, "asked " + asked).toBuilder()
                .platformFamily(early ? "Linux" : null)
                .overrides(overrides -> overrides.taskRoleArn("asked " + asked))
                .tags(Tag.builder().key("asked").value("" + asked).build())
                .healthStatus(early ? null : "HEALTHY")
                .containers(asked > 40 ? List.of(web) : List.of(web, side))
                .build();
        return SampleChanges.byApi(EntityKind.TASK, told, asked);
    }

    private static Task task(int version, String attachment) {
        return Entities.task(SampleChanges.CLUSTER, "t1", changes -> changes.version((long) version)
                .lastStatus(version == STOPPED ? "STOPPED" : "RUNNING")
                .stoppedAt(version == STOPPED ? SampleChanges.after(-2 * STOPPED) : null)
                .overrides(overrides -> {})
                .containers(
                        Container.builder()
                                .name("web")
                                .managedAgents(agent(null))
                                .build(),
                        Container.builder().name("side").build())
                .attachments(Attachment.builder().id(attachment).build()));
    }

    private static ManagedAgent agent(Instant lastStartedAt) {
        return ManagedAgent.builder()
                .name("ExecuteCommandAgent")
                .lastStartedAt(lastStartedAt)
                .build();
    }

    /** As an event carries it; no two tellings are alike. */
    private static ContainerInstance instance(int version, String by) {
        return Entities.instance(SampleChanges.CLUSTER, "i1", changes -> changes.version((long) version)
                .versionInfo(agent -> agent.agentVersion(by)));
    }

    /** Counts are in every answer, the rest in the earlier or the later ones only. */
    private static Upsert<ContainerInstance> answer(ContainerInstance instance, int asked) {
        boolean early = asked < 25;
        ContainerInstance told = instance.toBuilder()
                .versionInfo(agent -> agent.agentVersion("asked " + asked))
                .runningTasksCount(asked)
                .statusReason(early ? "reason" : null)
                .agentUpdateStatus(early ? null : "UPDATED")
                .attachments(early ? List.of(Attachment.builder().id("eni").build()) : null)
                .build();
        return SampleChanges.byApi(EntityKind.INSTANCE, told, asked);
    }

    private static List<Removal<Task>> removals() {
        String arn = Entities.taskArn(SampleChanges.CLUSTER, "t1");
        List<Removal<Task>> facts = new ArrayList<>();
        for (int version = 1; version <= STOPPED; version++) {
            facts.add(SampleChanges.missing(EntityKind.TASK, arn, version, 15));
            facts.add(SampleChanges.missing(EntityKind.TASK, arn, version, 35 + version));
        }
        return facts;
    }

    private static Upsert<Service> service(String status, int asked) {
        return SampleChanges.byApi(
                EntityKind.SERVICE,
                Entities.service(SampleChanges.CLUSTER, "web", changes -> changes.status(status)
                        .desiredCount(asked)),
                asked);
    }

    private static <T> void assertOrderIsIrrelevant(
            List<Change<T>> facts, Instant keptSince, Function<State<T>, Object> aspect) {
        Map<Object, State<T>> seen = new HashMap<>();
        Deque<State<T>> open = new ArrayDeque<>();
        open.add(new State<>(null, null, keptSince, List.of()));
        while (!open.isEmpty()) {
            State<T> state = open.remove();
            for (Change<T> one : facts) {
                State<T> next = state.after(one);
                assertEquals(aspect.apply(next), aspect.apply(next.after(one)), () -> "twice the last of " + next);
                for (Change<T> other : facts) {
                    assertEquals(
                            aspect.apply(next.after(other)),
                            aspect.apply(state.after(other).after(one)),
                            () -> "after " + state.path() + "\n in either order: " + one + "\n and " + other);
                }
                if (seen.putIfAbsent(next.inFull(), next) == null) {
                    open.add(next);
                }
            }
        }
        assertTrue(seen.size() >= facts.size(), "states: " + seen.size());
    }

    /** The stored state of an ARN after some facts. */
    private record State<T>(Observed<T> present, Removal<T> tombstone, Instant keptSince, List<Change<T>> path) {

        State<T> after(Change<T> fact) {
            Decision<T> decision = VersionRule.decide(present, tombstone, fact, keptSince);
            List<Change<T>> longer = new ArrayList<>(path);
            longer.add(fact);
            return new State<>(decision.present(), decision.tombstone(), keptSince, longer);
        }

        Object inFull() {
            return present == null ? lasting() : List.of(core(), present.value(), present.describedAt());
        }

        Object core() {
            boolean byApi = present != null && present.origin().isApi();
            return present == null
                    ? lasting()
                    : List.of(SampleChanges.core(present), present.origin(), byApi ? present.observedAt() : "received");
        }

        Object valueAndWhetherDescribed() {
            return present == null
                    ? lasting()
                    : List.of(present.value(), present.describedAt().isPresent());
        }

        /** Ignores the time of a tombstone's proof: any later value of that version has expired too. */
        Object coreOnceExpired() {
            State<T> expired = present != null && present.hasEnded()
                    ? after(Removal.of(present, present.observedAt(), Removal.Reason.RETENTION))
                    : this;
            return expired.tombstone == null ? expired.core() : expired.tombstone.version();
        }

        private Object lasting() {
            return tombstone == null ? "nothing" : List.of(tombstone.version(), tombstone.at());
        }
    }
}
