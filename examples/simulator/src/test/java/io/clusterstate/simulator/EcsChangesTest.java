package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;

class EcsChangesTest {
    private final TurnableClock clock = new TurnableClock();
    private final Simulator simulator = Simulator.builder()
            .seed(7)
            .clock(clock)
            .clusters(2)
            .tasks(120)
            .shortArnShare(0.2)
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
    void aTaskToldToStopIsListedOnlyAsStopped() {
        var task = ecs.listTasks().taskArns().get(0);

        var stopped = ecs.stopTask(it -> it.task(task).reason("enough")).task();

        assertEquals("RUNNING", stopped.lastStatus().replace("DEACTIVATING", "RUNNING"));
        assertEquals("STOPPED", stopped.desiredStatus());
        assertEquals("UserInitiated", stopped.stopCodeAsString());
        assertEquals("enough", stopped.stoppedReason());
        assertFalse(ecs.listTasks().taskArns().contains(task));
        assertEquals(
                List.of(task),
                ecs.listTasks(it -> it.desiredStatus(DesiredStatus.STOPPED)).taskArns());
        assertTrue(ecs.listTasks(it -> it.desiredStatus(DesiredStatus.PENDING))
                .taskArns()
                .isEmpty());
    }

    @Test
    void aFargateTaskClimbsItsLadder() {
        var arn = ecs.runTask(it ->
                        it.taskDefinition("api").launchType(LaunchType.FARGATE).startedBy("test"))
                .tasks()
                .get(0)
                .taskArn();
        SimulatedTime.comeToRest(simulator, clock);

        var task = describe(List.of(arn)).get(0);

        assertEquals("RUNNING", task.lastStatus());
        assertEquals(3, task.version());
        assertEquals("family:api", task.group());
        assertEquals("ATTACHED", task.attachments().get(0).status());
        assertEquals(2, task.containers().size());
        assertEquals(List.of(arn), ecs.listTasks(it -> it.startedBy("test")).taskArns());
    }

    @Test
    void startTaskTakesRoomOnItsInstanceAndStopTaskGivesItBack() {
        var before = registered("i-0123456789abcdef0");

        var task = ecs.startTask(it -> it.taskDefinition("web").containerInstances(before.containerInstanceArn()))
                .tasks()
                .get(0);
        var during = describeInstance(before);
        SimulatedTime.comeToRest(simulator, clock);
        var bound = describe(List.of(task.taskArn())).get(0);
        ecs.stopTask(it -> it.task(task.taskArn()));
        SimulatedTime.comeToRest(simulator, clock);
        var after = describeInstance(before);

        assertEquals(2048 - 256, number(during, "CPU"));
        assertEquals(1, during.pendingTasksCount());
        assertEquals("tcp", bound.containers().get(0).networkBindings().get(0).protocolAsString());
        assertEquals(before.remainingResources(), after.remainingResources());
        assertEquals(0, after.runningTasksCount());
        assertTrue(after.version() > during.version());
    }

    @Test
    void runTaskWithoutRoomSaysWhy() {
        ecs.createCluster(it -> it.clusterName("tiny"));
        ecs.registerContainerInstance(it -> it.cluster("tiny"));

        var answer =
                ecs.runTask(it -> it.cluster("tiny").taskDefinition("trainer").launchType(LaunchType.EC2));

        assertTrue(answer.tasks().isEmpty());
        assertEquals("RESOURCE:MEMORY", answer.failures().get(0).reason());
    }

    @Test
    void aDrainedInstanceIsLeftByItsServicesAndCanBeDeregistered() {
        var service = serviceOnInstances();
        registered("i-0aaaaaaaaaaaaaaa1");
        var host = describe(ecs.listTasks(it -> it.serviceName(service.serviceName()))
                        .taskArns())
                .get(0)
                .containerInstanceArn();

        var draining = ecs.updateContainerInstancesState(
                        it -> it.containerInstances(host).status(ContainerInstanceStatus.DRAINING))
                .containerInstances()
                .get(0);
        var listed = ecs.listContainerInstances(it -> it.status(ContainerInstanceStatus.DRAINING));
        SimulatedTime.comeToRest(simulator, clock);
        var gone = ecs.deregisterContainerInstance(
                        it -> it.containerInstance(host).force(true))
                .containerInstance();

        assertEquals("DRAINING", draining.status());
        assertEquals(List.of(host), listed.containerInstanceArns());
        assertEquals("INACTIVE", gone.status());
        assertFalse(ecs.listContainerInstances().containerInstanceArns().contains(host));
        assertEquals("INACTIVE", describeInstance(gone).status());
        assertTrue(ecs.listTasks(it -> it.containerInstance(host)).taskArns().isEmpty());
    }

    @Test
    void whatEndedIsForgottenAfterAnHour() {
        var task = ecs.listTasks().taskArns().get(0);
        var host = registered("i-0bbbbbbbbbbbbbbb2");
        ecs.stopTask(it -> it.task(task));
        SimulatedTime.comeToRest(simulator, clock);
        ecs.deregisterContainerInstance(
                it -> it.containerInstance(host.containerInstanceArn()).force(true));

        clock.turn(Duration.ofMinutes(58));
        var describable = describe(List.of(task));
        clock.turn(Duration.ofMinutes(3));

        assertEquals(1, describable.size());
        assertTrue(describe(List.of(task)).isEmpty());
        assertTrue(ecs.listTasks(it -> it.desiredStatus(DesiredStatus.STOPPED))
                .taskArns()
                .isEmpty());
        assertFalse(ecs.describeContainerInstances(it -> it.containerInstances(host.containerInstanceArn()))
                .failures()
                .isEmpty());
    }

    @Test
    void aServiceIsCreatedScaledAndDeployed() {
        var created = ecs.createService(it -> it.serviceName("mine")
                        .taskDefinition("api")
                        .launchType(LaunchType.FARGATE)
                        .desiredCount(2)
                        .propagateTags(PropagateTags.SERVICE)
                        .tags(Tag.builder().key("owner").value("me").build()))
                .service();
        SimulatedTime.comeToRest(simulator, clock);
        var steady = service("mine");
        ecs.updateService(it -> it.service("mine").desiredCount(3).forceNewDeployment(true));
        var rolling = service("mine");
        SimulatedTime.comeToRest(simulator, clock);
        var rolled = service("mine");

        assertEquals(2, created.desiredCount());
        assertEquals(2, steady.runningCount());
        assertEquals("COMPLETED", steady.deployments().get(0).rolloutStateAsString());
        assertEquals(
                List.of("PRIMARY", "ACTIVE"),
                rolling.deployments().stream().map(it -> it.status()).toList());
        assertEquals(3, rolled.runningCount());
        assertEquals(1, rolled.deployments().size());
        assertNotEquals(
                steady.deployments().get(0).id(), rolled.deployments().get(0).id());
        var task = ecs.listTasks(it -> it.serviceName("mine")).taskArns().get(0);
        assertEquals("service:mine", describe(List.of(task)).get(0).group());
    }

    @Test
    void aClusterIsCreatedOnce() {
        var first = ecs.createCluster(it -> it.clusterName("new")).cluster();
        var second = ecs.createCluster(it -> it.clusterName("new")).cluster();

        assertEquals(first, second);
        assertEquals(3, ecs.listClusters().clusterArns().size());
    }

    private Service serviceOnInstances() {
        return ecs.listServicesPaginator(it -> {}).serviceArns().stream()
                .map(this::service)
                .filter(it -> it.launchType() == LaunchType.EC2 && it.runningCount() > 1)
                .findFirst()
                .orElseThrow();
    }

    private Service service(String name) {
        return ecs.describeServices(it -> it.services(name)).services().get(0);
    }

    private ContainerInstance registered(String instanceId) {
        return ecs.registerContainerInstance(
                        it -> it.instanceIdentityDocument("{\"instanceId\":\"" + instanceId + "\"}"))
                .containerInstance();
    }

    private ContainerInstance describeInstance(ContainerInstance instance) {
        return ecs.describeContainerInstances(it -> it.containerInstances(instance.containerInstanceArn()))
                .containerInstances()
                .get(0);
    }

    private static int number(ContainerInstance instance, String resource) {
        return instance.remainingResources().stream()
                .filter(it -> it.name().equals(resource))
                .findFirst()
                .orElseThrow()
                .integerValue();
    }

    private List<Task> describe(List<String> arns) {
        return ecs.describeTasks(it -> it.tasks(arns)).tasks();
    }
}
