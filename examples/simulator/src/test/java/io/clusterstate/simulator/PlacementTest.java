package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PlacementConstraint;
import software.amazon.awssdk.services.ecs.model.PlacementConstraintType;
import software.amazon.awssdk.services.ecs.model.PlacementStrategy;
import software.amazon.awssdk.services.ecs.model.PlacementStrategyType;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionPlacementConstraint;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionPlacementConstraintType;

class PlacementTest {
    private static final PlacementConstraint DISTINCT = PlacementConstraint.builder()
            .type(PlacementConstraintType.DISTINCT_INSTANCE)
            .build();
    private static final String HALF = "{\"availabilityZone\":\"us-east-1%s\",\"instanceId\":\"i-%d\"}";

    private final TurnableClock clock = new TurnableClock();
    private final Simulator simulator =
            Simulator.builder().clock(clock).clusters(1).tasks(0).withoutSqs().build();
    private final Clients clients = new Clients(simulator);
    private final List<String> hosts = new ArrayList<>();
    private EcsClient ecs;

    /** Four instances of equal size: two in the first zone, one in each of two others; the first has a rack. */
    @BeforeEach
    void start() {
        simulator.start();
        ecs = clients.ecs();
        for (var zone : List.of("a", "a", "b", "c")) {
            var document = HALF.formatted(zone, hosts.size());
            var attributes = hosts.isEmpty()
                    ? List.of(Attribute.builder().name("rack").value("r1").build())
                    : List.<Attribute>of();
            hosts.add(ecs.registerContainerInstance(
                            it -> it.instanceIdentityDocument(document).attributes(attributes))
                    .containerInstance()
                    .containerInstanceArn());
        }
    }

    @AfterEach
    void close() {
        clients.close();
        simulator.close();
    }

    @Test
    void memberOfAdmitsOnlyInstancesThatMatch() {
        var answer = run("worker", 4, List.of(memberOf("attribute:rack == r1")));

        assertEquals(List.of(0, 0, 0, 0), placesOf(answer));
    }

    @Test
    void whatNoInstanceSatisfiesIsRefusedInEcsWords() {
        var answer = run("worker", 1, List.of(memberOf("attribute:rack == r2")));

        assertEquals(4, answer.failures().size());
        assertEquals(
                List.of("MemberOf placement constraint unsatisfied."),
                answer.failures().stream().map(Failure::reason).distinct().toList());
        assertEquals(hosts, answer.failures().stream().map(Failure::arn).toList());
    }

    @Test
    void distinctInstanceHoldsWithinAGroupAndForTasksThatShallRun() {
        var first = run("worker", 5, List.of(DISTINCT));
        var other = ecs.runTask(it -> it.taskDefinition("web").placementConstraints(DISTINCT));
        ecs.stopTask(it -> it.task(first.tasks().get(2).taskArn()));
        var again = run("worker", 1, List.of(DISTINCT));

        assertEquals(List.of(0, 1, 2, 3), placesOf(first).stream().sorted().toList());
        assertEquals(
                "DistinctInstance placement constraint unsatisfied.",
                first.failures().get(0).reason());
        assertEquals(1, other.tasks().size());
        assertEquals(
                first.tasks().get(2).containerInstanceArn(),
                again.tasks().get(0).containerInstanceArn());
    }

    @Test
    void binpackTakesTheInstanceWithTheLeastLeft() {
        ecs.startTask(it -> it.taskDefinition("web").containerInstances(hosts.get(2)));

        var packed = run("worker", 4, List.of(), strategy(PlacementStrategyType.BINPACK, "memory"));

        assertEquals(List.of(2, 2, 2, 0), placesOf(packed), "512 of 2048 CPU units a task, 256 are taken");
    }

    @Test
    void binpackByCpuAndByMemoryDiffer() {
        register("thin", 1024, 64);
        register("fat", 64, 1024);
        ecs.startTask(it -> it.taskDefinition("thin").containerInstances(hosts.get(1)));
        ecs.startTask(it -> it.taskDefinition("fat").containerInstances(hosts.get(3)));

        var byCpu = run("web", 1, List.of(), strategy(PlacementStrategyType.BINPACK, "CPU"));
        var byMemory = run("web", 1, List.of(), strategy(PlacementStrategyType.BINPACK, "memory"));

        assertEquals(List.of(1), placesOf(byCpu));
        assertEquals(List.of(3), placesOf(byMemory));
    }

    @Test
    void spreadCountsTheTasksOfTheGroupAndNoOthers() {
        ecs.startTask(it -> it.taskDefinition("worker").group("g").containerInstances(hosts.get(0), hosts.get(2)));
        ecs.startTask(it -> it.taskDefinition("web").containerInstances(hosts.get(3)));

        var spread = ecs.runTask(it -> it.taskDefinition("web")
                .group("g")
                .count(2)
                .placementStrategy(strategy(PlacementStrategyType.SPREAD, "instanceId")));

        assertEquals(List.of(1, 3), placesOf(spread));
    }

    @Test
    void spreadByZoneThenByHost() {
        var spread = run(
                "web",
                8,
                List.of(),
                strategy(PlacementStrategyType.SPREAD, "attribute:ecs.availability-zone"),
                strategy(PlacementStrategyType.SPREAD, "host"));

        var counts =
                placesOf(spread).stream().collect(Collectors.groupingBy(it -> it, TreeMap::new, Collectors.counting()));
        assertEquals(List.of(2L, 1L, 3L, 2L), List.copyOf(counts.values()), spread.toString());
    }

    @Test
    void spreadByZoneThenPacked() {
        var spread = run(
                "web",
                6,
                List.of(),
                strategy(PlacementStrategyType.SPREAD, "attribute:ecs.availability-zone"),
                strategy(PlacementStrategyType.BINPACK, "memory"));

        assertEquals(
                List.of(0, 0, 2, 2, 3, 3), placesOf(spread).stream().sorted().toList());
    }

    @Test
    void randomReachesEveryInstance() {
        var places = new ArrayList<Integer>();
        for (int i = 0; i < 3; i++) {
            places.addAll(placesOf(run("resolver", 10, List.of(), strategy(PlacementStrategyType.RANDOM, null))));
        }

        assertEquals(4, places.stream().distinct().count());
        assertTrue(!places.equals(places.stream().sorted().toList()));
    }

    @Test
    void theConstraintsAndAttributesOfADefinitionHoldToo() {
        ecs.registerTaskDefinition(it -> it.family("racked")
                .containerDefinitions(container(16, 16))
                .placementConstraints(TaskDefinitionPlacementConstraint.builder()
                        .type(TaskDefinitionPlacementConstraintType.MEMBER_OF)
                        .expression("attribute:rack exists")
                        .build()));
        ecs.registerTaskDefinition(it -> it.family("odd")
                .networkMode(NetworkMode.BRIDGE)
                .containerDefinitions(container(16, 16).toBuilder()
                        .logConfiguration(logs -> logs.logDriver("splunk"))
                        .build()));

        assertEquals(List.of(0, 0), placesOf(run("racked", 2, List.of())));
        var odd = run("odd", 1, List.of());
        assertEquals("ATTRIBUTE", odd.failures().get(0).reason());
    }

    @Test
    void aServicePlacesByItsRulesAlsoAfterAnUpdate() {
        var service = ecs.createService(it -> it.serviceName("mine")
                        .taskDefinition("web")
                        .desiredCount(3)
                        .placementConstraints(DISTINCT)
                        .placementStrategy(strategy(PlacementStrategyType.BINPACK, "memory")))
                .service();
        var first = placesOf(tasksOf("mine"));
        ecs.updateService(it -> it.service("mine")
                .desiredCount(5)
                .placementConstraints(memberOf("attribute:ecs.availability-zone == us-east-1b")));
        var second = placesOf(tasksOf("mine"));

        assertEquals(List.of(DISTINCT), service.placementConstraints());
        assertEquals(1, service.placementStrategy().size());
        assertEquals(List.of(0, 1, 2), first);
        assertEquals(List.of(0, 1, 2, 2, 2), second);
    }

    @Test
    void aServiceThatNoInstanceSuitsSaysSo() {
        ecs.createService(it ->
                it.serviceName("mine").taskDefinition("web").placementConstraints(memberOf("attribute:rack == r2")));

        var event = ecs.describeServices(it -> it.services("mine"))
                .services()
                .get(0)
                .events()
                .get(0)
                .message();

        assertTrue(event.contains("MemberOf placement constraint unsatisfied."), event);
    }

    @Test
    void rulesThatMakeNoSenseAreRefused() {
        var mistaken = DISTINCT.toBuilder().expression("attribute:rack exists").build();
        var error = assertThrows(InvalidParameterException.class, () -> run("web", 1, List.of(mistaken)));
        assertEquals(
                "distinctInstance expression should not be specified.",
                error.awsErrorDetails().errorMessage());
        assertThrows(InvalidParameterException.class, () -> run("web", 1, List.of(memberOf("rack == r1"))));
        assertThrows(
                InvalidParameterException.class,
                () -> run("web", 1, List.of(), strategy(PlacementStrategyType.BINPACK, "disk")));
        assertThrows(
                InvalidParameterException.class,
                () -> run("web", 1, List.of(), strategy(PlacementStrategyType.SPREAD, "rack")));
        assertThrows(
                InvalidParameterException.class,
                () -> ecs.runTask(it ->
                        it.taskDefinition("api").launchType(LaunchType.FARGATE).placementConstraints(DISTINCT)));
        assertThrows(
                ClientException.class,
                () -> ecs.registerTaskDefinition(it -> it.family("mine")
                        .containerDefinitions(container(16, 16))
                        .placementConstraints(TaskDefinitionPlacementConstraint.builder()
                                .type("distinctInstance")
                                .build())));
    }

    private RunTaskResponse run(
            String family, int count, List<PlacementConstraint> constraints, PlacementStrategy... strategies) {
        return ecs.runTask(it -> it.taskDefinition(family)
                .count(count)
                .placementConstraints(constraints)
                .placementStrategy(strategies));
    }

    private List<Integer> placesOf(RunTaskResponse answer) {
        return placesOf(answer.tasks());
    }

    private List<Integer> placesOf(List<Task> tasks) {
        return tasks.stream()
                .map(it -> hosts.indexOf(it.containerInstanceArn()))
                .toList();
    }

    private List<Task> tasksOf(String service) {
        var arns = ecs.listTasks(it -> it.serviceName(service)).taskArns();
        return ecs.describeTasks(it -> it.tasks(arns)).tasks();
    }

    private void register(String family, int cpu, int memory) {
        ecs.registerTaskDefinition(it -> it.family(family).containerDefinitions(container(cpu, memory)));
    }

    private static ContainerDefinition container(int cpu, int memory) {
        return ContainerDefinition.builder()
                .name("app")
                .image("app")
                .cpu(cpu)
                .memory(memory)
                .build();
    }

    private static PlacementConstraint memberOf(String expression) {
        return PlacementConstraint.builder()
                .type(PlacementConstraintType.MEMBER_OF)
                .expression(expression)
                .build();
    }

    private static PlacementStrategy strategy(PlacementStrategyType type, String field) {
        return PlacementStrategy.builder().type(type).field(field).build();
    }
}
