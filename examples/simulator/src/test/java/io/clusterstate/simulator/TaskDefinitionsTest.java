package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.SortOrder;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

class TaskDefinitionsTest {
    private static final String HOME = "arn:aws:ecs:us-east-1:123456789012:";

    private final TurnableClock clock = new TurnableClock();
    private final Simulator simulator = Simulator.builder()
            .seed(5)
            .clock(clock)
            .clusters(1)
            .tasks(60)
            .withoutSqs()
            .build();
    private final Clients clients = new Clients(simulator);
    private EcsClient ecs;

    @BeforeEach
    void start() {
        simulator.start();
        ecs = clients.ecs();
    }

    @AfterEach
    void close() {
        clients.close();
        simulator.close();
    }

    @Test
    void theDefinitionOfEveryTaskAgreesWithTheTask() {
        SimulatedTime.steps(simulator, clock, 60);

        for (var task : simulator.truth().tasks()) {
            var definition = describe(task.taskDefinitionArn());
            assertEquals(task.taskDefinitionArn(), definition.taskDefinitionArn());
            assertEquals(task.cpu(), definition.cpu());
            assertEquals(task.memory(), definition.memory());
            assertEquals(
                    task.containers().stream().map(it -> it.image()).toList(),
                    definition.containerDefinitions().stream()
                            .map(ContainerDefinition::image)
                            .toList());
            assertEquals(task.attachments().isEmpty(), definition.networkMode() != NetworkMode.AWSVPC);
            assertEquals(
                    List.of(),
                    Requirements.lacking(definition.requiresAttributes(), InstanceType.M5_LARGE.attributes("a")));
        }
    }

    @Test
    void aDefinitionThatNobodyRegisteredIsWhole() {
        var web = describe("web");
        var container = web.containerDefinitions().get(0);

        assertEquals(HOME + "task-definition/web:1", web.taskDefinitionArn());
        assertEquals(TaskDefinitionStatus.ACTIVE, web.status());
        assertEquals(NetworkMode.BRIDGE, web.networkMode());
        assertEquals(List.of(Compatibility.EXTERNAL, Compatibility.EC2), web.compatibilities());
        assertTrue(web.registeredAt().isBefore(clock.instant().minus(Duration.ofDays(30))));
        assertEquals("http", container.portMappings().get(0).name());
        assertEquals(80, container.portMappings().get(0).containerPort());
        assertEquals(0, container.portMappings().get(0).hostPort());
        assertEquals("token-of-web", container.environment().get(1).value());
        assertTrue(container.secrets().get(0).valueFrom().startsWith("arn:aws:secretsmanager:"));
        assertEquals(128, container.memory());
        assertEquals(
                8080,
                describe("api:1")
                        .containerDefinitions()
                        .get(0)
                        .portMappings()
                        .get(0)
                        .hostPort());
        assertEquals(
                "1",
                describe("trainer")
                        .containerDefinitions()
                        .get(0)
                        .resourceRequirements()
                        .get(0)
                        .value());
        assertFalse(web.requiresAttributes().isEmpty());
    }

    @Test
    void definitionsAreListedByFamilyAndNumberInPages() {
        for (int i = 0; i < 11; i++) {
            register("zeta");
        }
        var all = new ArrayList<String>();
        for (var page : ecs.listTaskDefinitionsPaginator(it -> it.maxResults(4))) {
            assertTrue(page.taskDefinitionArns().size() <= 4);
            all.addAll(page.taskDefinitionArns());
        }
        var newest = ecs.listTaskDefinitions(
                        it -> it.familyPrefix("zeta").sort(SortOrder.DESC).maxResults(2))
                .taskDefinitionArns();

        assertEquals(HOME + "task-definition/api:1", all.get(0));
        assertEquals(HOME + "task-definition/zeta:11", all.get(all.size() - 1));
        assertEquals(HOME + "task-definition/zeta:9", all.get(all.size() - 3));
        assertEquals(all.size(), all.stream().distinct().count());
        assertEquals(List.of(HOME + "task-definition/zeta:11", HOME + "task-definition/zeta:10"), newest);
        assertTrue(ecs.listTaskDefinitions(it -> it.familyPrefix("zet"))
                .taskDefinitionArns()
                .isEmpty());
    }

    @Test
    void aRegisteredDefinitionComesBackWithWhatEcsFillsIn() {
        var registered = ecs.registerTaskDefinition(it -> it.family("mine")
                        .networkMode(NetworkMode.AWSVPC)
                        .cpu("256")
                        .memory("512")
                        .requiresCompatibilities(Compatibility.FARGATE)
                        .containerDefinitions(container("app", 80))
                        .tags(Tag.builder().key("owner").value("me").build()))
                .taskDefinition();
        var described =
                ecs.describeTaskDefinition(it -> it.taskDefinition("mine:1").include(TaskDefinitionField.TAGS));

        assertEquals(registered, described.taskDefinition());
        assertEquals("me", described.tags().get(0).value());
        assertEquals(clock.instant(), registered.registeredAt());
        assertEquals(List.of(Compatibility.EC2, Compatibility.FARGATE), registered.compatibilities());
        var container = registered.containerDefinitions().get(0);
        assertTrue(container.essential());
        assertEquals(80, container.portMappings().get(0).hostPort());
        assertEquals("tcp", container.portMappings().get(0).protocolAsString());
        assertTrue(registered.requiresAttributes().stream()
                .anyMatch(it -> it.name().equals("ecs.capability.task-eni")));
        var task = ecs.runTask(it -> it.taskDefinition("mine").launchType(LaunchType.FARGATE))
                .tasks()
                .get(0);
        assertEquals("256", task.cpu());
        assertEquals("app", task.containers().get(0).name());
    }

    @Test
    void anInactiveDefinitionIsDescribedAndStartsNothing() {
        register("mine");
        register("mine");
        var host = ecs.registerContainerInstance(it -> {}).containerInstance();
        ecs.createService(it -> it.serviceName("mine").taskDefinition("mine:2").desiredCount(1));

        var gone =
                ecs.deregisterTaskDefinition(it -> it.taskDefinition("mine:2")).taskDefinition();
        clock.turn(Duration.ofMinutes(1));

        assertEquals(TaskDefinitionStatus.INACTIVE, gone.status());
        assertNotNull(gone.deregisteredAt());
        assertEquals(gone, describe("mine:2"));
        assertEquals(1, describe("mine").revision());
        assertEquals(
                List.of(gone.taskDefinitionArn()),
                ecs.listTaskDefinitions(it -> it.status(TaskDefinitionStatus.INACTIVE))
                        .taskDefinitionArns());
        for (var call : List.<Executable>of(
                () -> ecs.runTask(it -> it.taskDefinition("mine:2")),
                () -> ecs.startTask(it -> it.taskDefinition("mine:2").containerInstances(host.containerInstanceArn())),
                () -> ecs.createService(it -> it.serviceName("other").taskDefinition("mine:2")),
                () -> ecs.updateService(it -> it.service("mine").taskDefinition("mine:2")))) {
            assertEquals("TaskDefinition is inactive", messageOf(ClientException.class, call));
        }
        ecs.updateService(it -> it.service("mine").desiredCount(2));
        assertEquals(
                2,
                ecs.listTasks(it -> it.serviceName("mine")).taskArns().size(),
                "a service goes on with the definition that it has");
        assertEquals(3, register("mine").revision());
    }

    @Test
    void whatNobodyRegisteredIsAClientError() {
        assertEquals("Unable to describe task definition.", messageOf(ClientException.class, () -> describe("none")));
        assertEquals("Unable to describe task definition.", messageOf(ClientException.class, () -> describe("web:9")));
        assertThrows(ClientException.class, () -> ecs.deregisterTaskDefinition(it -> it.taskDefinition("none:1")));
        assertThrows(
                InvalidParameterException.class, () -> ecs.deregisterTaskDefinition(it -> it.taskDefinition("web")));
        assertThrows(
                ClientException.class,
                () -> ecs.registerTaskDefinition(it -> it.family("no blanks").containerDefinitions(container("a", 1))));
        assertThrows(ClientException.class, () -> ecs.registerTaskDefinition(it -> it.family("empty")));
        assertThrows(
                ClientException.class,
                () -> ecs.registerTaskDefinition(it -> it.family("mine")
                        .containerDefinitions(ContainerDefinition.builder()
                                .name("app")
                                .image("app")
                                .build())));
        assertThrows(
                ClientException.class,
                () -> ecs.registerTaskDefinition(it -> it.family("mine")
                        .requiresCompatibilities(Compatibility.FARGATE)
                        .containerDefinitions(container("app", 80))));
        assertThrows(InvalidParameterException.class, () -> ecs.listTaskDefinitions(it -> it.nextToken("nonsense")));
    }

    @Test
    void aRegisteredDefinitionTakesWhatItsContainersReserve() {
        ecs.createCluster(it -> it.clusterName("tiny"));
        var host = ecs.registerContainerInstance(it -> it.cluster("tiny")).containerInstance();
        ecs.registerTaskDefinition(it -> it.family("pair")
                .containerDefinitions(
                        ContainerDefinition.builder()
                                .name("hard")
                                .image("a")
                                .cpu(100)
                                .memory(300)
                                .portMappings(mapping(80, 8000), mapping(81, 0))
                                .build(),
                        ContainerDefinition.builder()
                                .name("soft")
                                .image("b")
                                .cpu(20)
                                .memory(900)
                                .memoryReservation(200)
                                .build()));

        var task = ecs.runTask(it -> it.cluster("tiny").taskDefinition("pair"))
                .tasks()
                .get(0);
        SimulatedTime.comeToRest(simulator, clock);
        var running = ecs.describeTasks(it -> it.cluster("tiny").tasks(task.taskArn()))
                .tasks()
                .get(0);
        var second = ecs.runTask(it -> it.cluster("tiny").taskDefinition("pair"));

        var left = only(host);
        assertEquals(2048 - 120, Resources.numberOf(left.remainingResources(), "CPU"));
        assertEquals(7680 - 500, Resources.numberOf(left.remainingResources(), "MEMORY"));
        assertTrue(Resources.setOf(left.remainingResources(), "PORTS").contains("8000"));
        assertEquals("120", task.cpu());
        var bindings = running.containers().get(0).networkBindings();
        assertEquals(
                List.of(80, 81), bindings.stream().map(it -> it.containerPort()).toList());
        assertEquals(8000, bindings.get(0).hostPort());
        assertTrue(bindings.get(1).hostPort() >= 32_768);
        assertEquals("200", running.containers().get(1).memoryReservation());
        assertEquals("RESOURCE:PORTS", second.failures().get(0).reason());
    }

    @Test
    void failuresAboutADefinitionArePlannedAsForOtherEntities() {
        simulator.faults().failAbout(HOME + "task-definition/web:1", "ServerException");

        assertThrows(EcsException.class, () -> describe("web"));
        assertEquals("api", describe("api").family());
        simulator.faults().forgive(HOME + "task-definition/web:1");
        assertEquals("web", describe("web").family());
    }

    @Test
    void definitionReadsHaveABucketOfTheirOwn() {
        simulator.faults().use(Fault.parse("throttling"));
        for (int i = 0; i < 50; i++) {
            describe("web");
        }

        assertThrows(EcsException.class, () -> describe("web"));
        clock.turn(Duration.ofSeconds(1));
        assertEquals("web", describe("web").family());
        assertEquals(Long.valueOf(1), simulator.throttled().get("DescribeTaskDefinition"));
    }

    @Test
    void aNumberOfDefinitionsIsDividedAmongTheTasks() {
        for (int clusters = 1; clusters <= 3; clusters++) {
            try (var many = Simulator.builder()
                    .clusters(clusters)
                    .tasks(1_003)
                    .definitions(50)
                    .withoutSqs()
                    .build()) {
                var truth = many.truth();
                assertEquals(1_003, truth.tasks().size());
                assertEquals(
                        50,
                        truth.tasks().stream()
                                .map(Task::taskDefinitionArn)
                                .distinct()
                                .count());
                assertTrue(truth.tasks().stream()
                        .map(Task::launchType)
                        .collect(Collectors.toSet())
                        .containsAll(List.of(LaunchType.EC2, LaunchType.FARGATE)));
                assertTrue(truth.tasks().stream().anyMatch(it -> it.group().startsWith("family:")));
            }
        }
    }

    private ContainerInstance only(ContainerInstance host) {
        return ecs.describeContainerInstances(it -> it.cluster("tiny").containerInstances(host.containerInstanceArn()))
                .containerInstances()
                .get(0);
    }

    private TaskDefinition register(String family) {
        return ecs.registerTaskDefinition(it -> it.family(family).containerDefinitions(container("app", 80)))
                .taskDefinition();
    }

    private TaskDefinition describe(String reference) {
        return ecs.describeTaskDefinition(it -> it.taskDefinition(reference)).taskDefinition();
    }

    private static ContainerDefinition container(String name, int port) {
        return ContainerDefinition.builder()
                .name(name)
                .image("repository/" + name + ":1")
                .memory(64)
                .portMappings(PortMapping.builder().containerPort(port).build())
                .build();
    }

    private static PortMapping mapping(int port, int hostPort) {
        return PortMapping.builder().containerPort(port).hostPort(hostPort).build();
    }

    private static String messageOf(Class<? extends EcsException> type, Executable call) {
        return assertThrows(type, call).awsErrorDetails().errorMessage();
    }
}
