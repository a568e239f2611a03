package io.clusterstate.internal.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.testing.SimulatorFixture;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

/** The simulator's events have exactly the fields that ECS's events are known to have. */
class SimulatedEventsTest {

    private static final Map<String, Map<?, ?>> TASKS = EventEvidence.details(EntityKind.TASK);
    private static final Map<String, Map<?, ?>> INSTANCES = EventEvidence.details(EntityKind.INSTANCE);

    private static final List<Map<?, ?>> SIMULATED_TASKS = new ArrayList<>();
    private static final List<Map<?, ?>> SIMULATED_INSTANCES = new ArrayList<>();

    /** Lets much happen, and takes what came into the queue. */
    @BeforeAll
    static void live() {
        TestTime time = new TestTime();
        try (SimulatorFixture world = new SimulatorFixture(
                Simulator.builder().seed(7).clock(time).clusters(2).tasks(60))) {
            for (int i = 0; i < 100; i++) {
                world.simulator().step();
                time.advance(Duration.ofMillis(100));
            }
            for (int i = 0; i < 60; i++) {
                time.advance(Duration.ofSeconds(1));
                world.simulator().tick();
            }
            world.simulator().settle(Duration.ofSeconds(20));
            receiveAll(world);
        }
    }

    @Test
    void muchHasHappened() {
        assertTrue(SIMULATED_TASKS.size() > 50, "events of tasks: " + SIMULATED_TASKS.size());
        assertTrue(SIMULATED_INSTANCES.size() > 20, "events of instances: " + SIMULATED_INSTANCES.size());
        assertTrue(SIMULATED_TASKS.stream().anyMatch(detail -> "STOPPED".equals(detail.get("lastStatus"))));
        assertTrue(SIMULATED_INSTANCES.stream().anyMatch(detail -> detail.containsKey("registeredAt")));
    }

    /** An attribute, say, is one type, whether an instance has it or a task. */
    @Test
    void everyFieldOfASimulatedEventIsInSomeEventOfEcs() {
        Map<String, Set<String>> ofEcs = EventEvidence.names(EntityKind.TASK, TASKS.values());
        add(ofEcs, EventEvidence.names(EntityKind.INSTANCE, INSTANCES.values()));
        Map<String, Set<String>> simulated = EventEvidence.names(EntityKind.TASK, SIMULATED_TASKS);
        add(simulated, EventEvidence.names(EntityKind.INSTANCE, SIMULATED_INSTANCES));

        simulated.forEach((type, names) -> {
            Set<String> others = new TreeSet<>(names);
            others.removeAll(ofEcs.getOrDefault(type, Set.of()));
            assertEquals(Set.of(), others, type);
        });
    }

    @Test
    void everyFieldThatEachEventOfEcsHasIsInEverySimulatedOne() {
        assertHaveAllOf(EntityKind.TASK, TASKS.values(), SIMULATED_TASKS);
        assertHaveAllOf(EntityKind.INSTANCE, INSTANCES.values(), SIMULATED_INSTANCES);
    }

    private static void assertHaveAllOf(
            EntityKind<?> kind, Collection<Map<?, ?>> ofEcs, Collection<Map<?, ?>> simulated) {
        Map<String, Set<String>> expected = EventEvidence.namesOfAll(kind, ofEcs);
        EventEvidence.namesOfAll(kind, simulated).forEach((type, names) -> {
            Set<String> lacking = new TreeSet<>(expected.get(type));
            lacking.removeAll(names);
            assertEquals(Set.of(), lacking, type);
        });
    }

    private static void add(Map<String, Set<String>> all, Map<String, Set<String>> more) {
        more.forEach((type, names) ->
                all.computeIfAbsent(type, unknown -> new TreeSet<>()).addAll(names));
    }

    private static void receiveAll(SimulatorFixture world) {
        world.comeAgainWithin(600);
        for (List<Message> batch = receive(world); !batch.isEmpty(); batch = receive(world)) {
            batch.forEach(message -> keep(message.body()));
        }
    }

    private static List<Message> receive(SimulatorFixture world) {
        return world.sqs()
                .receiveMessage(request ->
                        request.queueUrl(world.simulator().queueUrl()).maxNumberOfMessages(10))
                .messages();
    }

    private static void keep(String body) {
        if (ParsedBodies.read(body) instanceof ParsedBody.StateChange change) {
            boolean isOfTask = change.upsert().kind() == EntityKind.TASK;
            (isOfTask ? SIMULATED_TASKS : SIMULATED_INSTANCES).add(EventEvidence.detailOf(body));
        }
    }
}
