package io.clusterstate;

import static io.clusterstate.testing.InstanceParts.attribute;
import static io.clusterstate.testing.InstanceParts.number;
import static io.clusterstate.testing.InstanceParts.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.Truth;
import io.clusterstate.spi.SnapshotEditor;
import io.clusterstate.testing.Seeds;
import io.clusterstate.testing.SimulatorFixture;
import io.clusterstate.testing.Soak;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PlacementConstraint;
import software.amazon.awssdk.services.ecs.model.PlacementStrategy;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * Random clusters and launches: the simulated ECS, which places tasks by code of its own, takes one of the instances
 * that the placement ranks best, and refuses a task that fits nowhere.
 */
@SuppressWarnings("unchecked") // arrays of the SDK's varargs
class PlacementOnSimulatorTest {

    private static final int LAUNCHES = 8;
    private static final List<String> EXPRESSIONS = List.of(
            "attribute:rack == r1",
            "attribute:rack != r1",
            "attribute:rack !exists or attribute:rack in [r2, r3]",
            "attribute:ecs.availability-zone =~ us-east-1[ab]",
            "not(task:group == g1)",
            "task:group == g1",
            "task:group =~ 'family:.*' or runningTasksCount < 2",
            "agentConnected == true and attribute:ecs.os-type == linux");

    private int placed;
    private int refused;
    private int tied;

    @Test
    @Tag("soak")
    void theSimulatorTakesTheBestInstance() {
        int worlds = Soak.size("random clusters", 60, 250);
        try (EcsWorld world = new EcsWorld()) {
            Seeds.forEach(worlds, random -> compare(world, random));
        }
        System.out.printf("placed %d, of these with a choice %d; refused %d%n", placed, tied, refused);
        assertTrue(placed > worlds && refused > worlds / 4 && tied > worlds / 4, "the launches differ");
    }

    private void compare(EcsWorld world, Random random) {
        world.begin(random);
        for (int i = 0; i < LAUNCHES; i++) {
            TaskDefinition definition = pick(random, world.definitions);
            RunTaskRequest.Builder request = RunTaskRequest.builder()
                    .cluster(world.cluster)
                    .taskDefinition(definition.taskDefinitionArn())
                    .count(1);
            Snapshot before = world.snapshot();
            Placement placement = randomPlacement(before.placement(definition).in(world.cluster), random, request);
            compare(before, placement, world.ecs.runTask(request.build()), world);
        }
    }

    private void compare(Snapshot before, Placement placement, RunTaskResponse answer, EcsWorld world) {
        List<String> best = bestOf(before, placement);
        int instances = before.instances().in(world.cluster).count();
        assertEquals(instances, placement.fits().size() + placement.explain().size(), "each fits or is explained");
        if (answer.tasks().isEmpty()) {
            refused++;
            assertEquals(List.of(), best, () -> "ECS refused: " + answer.failures());
        } else {
            placed++;
            tied += best.size() < placement.fits().size() ? 1 : 0;
            String taken = answer.tasks().get(0).containerInstanceArn();
            assertTrue(
                    best.contains(taken), () -> taken + " (best: " + best + ", others: " + placement.explain() + ")");
        }
    }

    /** The instances that the strategies rank as high as the first. */
    private static List<String> bestOf(Snapshot before, Placement placement) {
        PlacementOrder order = placement.order();
        List<PlacementOrder.Place> places = placement.fits().stream()
                .map(each -> order.place(before.observed(EntityKind.INSTANCE, each.containerInstanceArn())
                        .orElseThrow()))
                .toList();
        return places.stream()
                .filter(each -> each.isLike(places.get(0)))
                .map(each -> each.instance().arn())
                .toList();
    }

    /** Draws a placement, and the request that means the same. */
    private static Placement randomPlacement(Placement any, Random random, RunTaskRequest.Builder request) {
        Placement placement = any;
        List<PlacementConstraint> constraints = new ArrayList<>();
        if (random.nextBoolean()) {
            String group = pick(random, List.of("g1", "g2"));
            request.group(group);
            placement = placement.group(group);
        }
        if (random.nextInt(3) == 0) {
            constraints.add(constraint("distinctInstance", null));
            placement = placement.distinctInstance();
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            String expression = pick(random, EXPRESSIONS);
            constraints.add(constraint("memberOf", expression));
            placement = placement.memberOf(expression);
        }
        request.placementConstraints(constraints);
        return randomStrategies(placement, random, request);
    }

    private static Placement randomStrategies(Placement any, Random random, RunTaskRequest.Builder request) {
        Placement placement = any;
        List<PlacementStrategy> strategies = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    String resource = pick(random, List.of("cpu", "memory"));
                    strategies.add(strategy("binpack", resource));
                    placement = placement.binpack(resource);
                }
                case 2 -> {
                    strategies.add(strategy("random", null));
                    i = 0; // nothing decides after it, and each of those before it may be taken
                }
                default -> {
                    String field = pick(
                            random, List.of("instanceId", "host", "attribute:ecs.availability-zone", "attribute:rack"));
                    strategies.add(strategy("spread", field));
                    placement = placement.spread(field);
                }
            }
        }
        request.placementStrategy(strategies);
        return placement;
    }

    private static PlacementConstraint constraint(String type, String expression) {
        return PlacementConstraint.builder().type(type).expression(expression).build();
    }

    private static PlacementStrategy strategy(String type, String field) {
        return PlacementStrategy.builder().type(type).field(field).build();
    }

    private static <E> E pick(Random random, List<E> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** A simulator, in which each random cluster is a new one. */
    private static final class EcsWorld implements AutoCloseable {

        private final Simulator simulator =
                Simulator.builder().clusters(1).tasks(0).withoutSqs().build();
        private final EcsClient ecs;
        private final List<TaskDefinition> definitions = new ArrayList<>();
        private int clusters;
        private String cluster = "";

        EcsWorld() {
            simulator.start();
            ecs = SimulatorFixture.at(simulator.ecsEndpoint(), EcsClient.builder())
                    .httpClientBuilder(Apache5HttpClient.builder())
                    .build();
            define("small", 128, 256, request -> {});
            define("wide", 512, 256, request -> {});
            define("tall", 128, 1024, request -> {});
            define("bound", 128, 128, request -> request.networkMode(NetworkMode.HOST));
            define(
                    "racked",
                    64,
                    64,
                    request -> request.placementConstraints(
                            constraint -> constraint.type("memberOf").expression("attribute:rack =~ r[12]")));
        }

        private void define(
                String family, int cpu, int memory, Consumer<RegisterTaskDefinitionRequest.Builder> changes) {
            RegisterTaskDefinitionRequest.Builder request = RegisterTaskDefinitionRequest.builder()
                    .family(family)
                    .containerDefinitions(container -> container
                            .name("app")
                            .image("example/app")
                            .cpu(cpu)
                            .memory(memory)
                            .portMappings(mapping -> mapping.containerPort(8080)));
            changes.accept(request);
            definitions.add(ecs.registerTaskDefinition(request.build()).taskDefinition());
        }

        /** Fills a new cluster. */
        void begin(Random random) {
            if (!cluster.isEmpty()) {
                clear();
            }
            cluster = "random-" + clusters++;
            ecs.createCluster(request -> request.clusterName(cluster));
            List<String> instances = new ArrayList<>();
            for (int i = 1 + random.nextInt(7); i > 0; i--) {
                instances.add(register(random));
            }
            for (int i = random.nextInt(12); i > 0; i--) {
                start(random, pick(random, instances));
            }
            if (random.nextBoolean()) {
                ecs.updateContainerInstancesState(request -> request.cluster(cluster)
                        .containerInstances(pick(random, instances))
                        .status(ContainerInstanceStatus.DRAINING));
            }
        }

        /** Leaves nothing of the last cluster, so that the truth stays small. */
        private void clear() {
            Truth truth = simulator.truth();
            truth.tasks().forEach(task -> simulator.vanishTask(task.taskArn()));
            truth.instances().forEach(instance -> simulator.vanishInstance(instance.containerInstanceArn()));
        }

        private String register(Random random) {
            List<Attribute> attributes = new ArrayList<>();
            if (random.nextInt(3) > 0) {
                attributes.add(attribute("rack", "r" + (1 + random.nextInt(3))));
            }
            List<Resource> resources = List.of(
                    number("CPU", 512 << random.nextInt(3)),
                    number("MEMORY", 1024 << random.nextInt(3)),
                    set("PORTS", "22"),
                    set("PORTS_UDP"));
            String zone = "us-east-1" + pick(random, List.of("a", "b", "c"));
            return ecs.registerContainerInstance(request -> request.cluster(cluster)
                            .instanceIdentityDocument("{\"availabilityZone\":\"" + zone + "\",\"instanceId\":\"i-"
                                    + random.nextInt(1_000_000) + "\"}")
                            .attributes(attributes)
                            .totalResources(resources))
                    .containerInstance()
                    .containerInstanceArn();
        }

        /** Starts a task, which stops again in one case of four. */
        private void start(Random random, String instance) {
            var started = ecs.startTask(request -> request.cluster(cluster)
                            .taskDefinition(pick(random, definitions).taskDefinitionArn())
                            .group(random.nextBoolean() ? null : pick(random, List.of("g1", "g2")))
                            .containerInstances(instance))
                    .tasks();
            if (!started.isEmpty() && random.nextInt(4) == 0) {
                ecs.stopTask(
                        request -> request.cluster(cluster).task(started.get(0).taskArn()));
            }
        }

        Snapshot snapshot() {
            Truth truth = simulator.truth();
            String arn = ecs.describeClusters(request -> request.clusters(cluster))
                    .clusters()
                    .get(0)
                    .clusterArn();
            SnapshotEditor editor = SnapshotEditor.of(SnapshotEditor.empty());
            for (ContainerInstance instance : truth.instances()) {
                if (instance.containerInstanceArn().contains("/" + cluster + "/")) {
                    editor.put(Observed.of(EntityKind.INSTANCE, arn, instance, Origin.DESCRIBE, Instant.EPOCH));
                }
            }
            truth.tasks().stream()
                    .filter(task -> task.clusterArn().equals(arn))
                    .forEach(task ->
                            editor.put(Observed.of(EntityKind.TASK, arn, task, Origin.DESCRIBE, Instant.EPOCH)));
            return editor.toSnapshot(1);
        }

        @Override
        public void close() {
            ecs.close();
            simulator.close();
        }
    }
}
