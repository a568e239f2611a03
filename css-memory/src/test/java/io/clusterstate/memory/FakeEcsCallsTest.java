package io.clusterstate.memory;

import static io.clusterstate.memory.FakeArns.instanceArn;
import static io.clusterstate.memory.FakeArns.taskArn;
import static io.clusterstate.memory.FakeInstance.instance;
import static io.clusterstate.memory.FakeService.service;
import static io.clusterstate.memory.FakeTask.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** The answers of a fake ECS to its client: lists, descriptions, errors, and the faults that a test plans. */
@SuppressWarnings("unchecked") // arrays of the SDK's varargs
class FakeEcsCallsTest {

    private static final RunTaskRequest RUN =
            RunTaskRequest.builder().taskDefinition("web").clientToken("once").build();

    private final FakeClusterState fake = new FakeClusterState();
    private final FakeEcs ecs = fake.ecs();
    private final EcsClient client = ecs.client();

    @BeforeEach
    void setUp() {
        fake.put(instance("box"));
        ecs.define("web", 256, 512);
    }

    @Test
    void tasksAreListedByFilters() {
        fake.put(instance("other"));
        fake.put(service("shop"));
        fake.put(task("a").family("web").on("box").with(each -> each.startedBy("me")));
        fake.put(task("b").family("app").on("other").ofService("shop"));
        fake.put(task("c").family("web").stopped());
        fake.put(task("d").in("prod"));

        assertEquals("a b", listed(ListTasksRequest.builder()));
        assertEquals("a", listed(ListTasksRequest.builder().family("web")));
        assertEquals("a", listed(ListTasksRequest.builder().startedBy("me")));
        assertEquals("a", listed(ListTasksRequest.builder().containerInstance("box")));
        assertEquals("b", listed(ListTasksRequest.builder().serviceName("shop")));
        assertEquals("c", listed(ListTasksRequest.builder().desiredStatus("STOPPED")));
        assertEquals("", listed(ListTasksRequest.builder().desiredStatus("PENDING")));
        assertEquals("d", listed(ListTasksRequest.builder().cluster("prod")));
        assertEquals("", listed(ListTasksRequest.builder().launchType("FARGATE")));
        refused(
                "startedBy must be the only filter.",
                () -> client.listTasks(request -> request.startedBy("me").family("web")));
        refused(
                "The referenced container instance was not found.",
                () -> client.listTasks(request -> request.containerInstance("gone")));
        assertThrows(ServiceNotFoundException.class, () -> client.listTasks(request -> request.serviceName("gone")));
    }

    @Test
    void listsComeInPages() {
        for (int i = 0; i < 5; i++) {
            fake.put(task("t" + i));
            fake.put(service("s" + i));
        }

        assertEquals(
                List.of("t0", "t1", "t2", "t3", "t4"),
                client.listTasksPaginator(request -> request.maxResults(2)).taskArns().stream()
                        .map(FakeEcsCallsTest::id)
                        .toList());
        assertEquals(
                3,
                client.listTasksPaginator(request -> request.maxResults(2)).stream()
                        .count());
        assertEquals(5, client.listServicesPaginator().serviceArns().stream().count());
        assertEquals(1, client.listContainerInstances().containerInstanceArns().size());
        assertEquals(
                List.of(FakeArns.clusterArn("default")), client.listClusters().clusterArns());
        String token = client.listTasks(request -> request.maxResults(2)).nextToken();
        fake.remove(taskArn("t1"));
        assertEquals(
                taskArn("t2"),
                client.listTasks(request -> request.nextToken(token)).taskArns().get(0));
        refused("Invalid token x.", () -> client.listTasks(request -> request.nextToken("x")));
        refused("maxResults: 101 (expected: 1 to 100)", () -> client.listTasks(request -> request.maxResults(101)));
    }

    @Test
    void whatIsDescribedIsFoundOrMissing() {
        Task put = fake.put(task("a").with(each -> each.tags(tag -> tag.key("k").value("v"))));

        var answer = client.describeTasks(request -> request.tasks("a", taskArn("b")));

        assertEquals(List.of(), answer.tasks().get(0).tags());
        assertEquals("b MISSING", reasons(answer.failures()));
        assertEquals(
                List.of(put),
                client.describeTasks(request -> request.tasks("a").includeWithStrings("TAGS"))
                        .tasks());
        assertEquals(
                "gone MISSING",
                reasons(client.describeServices(request -> request.services("gone"))
                        .failures()));
        assertEquals(
                "gone MISSING",
                reasons(client.describeClusters(request -> request.clusters("gone"))
                        .failures()));
        refused("Tasks cannot be empty.", () -> client.describeTasks(request -> request.tasks(List.of())));
        refused(
                "Tasks cannot be more than 100.",
                () -> client.describeTasks(request -> request.tasks(Collections.nCopies(101, "a"))));
        refused(
                "Services cannot be more than 10.",
                () -> client.describeServices(request -> request.services(Collections.nCopies(11, "a"))));
        refused(
                "Invalid identifier: Identifier is for cluster prod. Your cluster is default",
                () -> client.describeTasks(request -> request.tasks(taskArn("prod", "a"))));
    }

    @Test
    void aClusterIsCounted() {
        fake.put(service("shop"));
        ecs.run(client.runTask(RUN).tasks().get(0).taskArn());

        var cluster = client.describeClusters().clusters().get(0);

        assertEquals(
                "1 1 0 1",
                cluster.registeredContainerInstancesCount() + " " + cluster.runningTasksCount() + " "
                        + cluster.pendingTasksCount() + " " + cluster.activeServicesCount());
    }

    @Test
    void anUnknownClusterOrDefinitionIsRefusedAsByEcs() {
        EcsException noCluster = assertThrows(
                ClusterNotFoundException.class, () -> client.listTasks(request -> request.cluster("gone")));
        assertEquals("Cluster not found.", noCluster.awsErrorDetails().errorMessage());
        assertEquals("ClusterNotFoundException", noCluster.awsErrorDetails().errorCode());
        assertEquals(400, noCluster.statusCode());
        EcsException noDefinition =
                assertThrows(ClientException.class, () -> client.runTask(request -> request.taskDefinition("gone")));
        assertEquals("TaskDefinition not found.", noDefinition.awsErrorDetails().errorMessage());
        fake.put(task("t").in("prod"));
        refused(
                "No Container Instances were found in your cluster.",
                () -> client.runTask(request -> request.cluster("prod").taskDefinition("web")));
        refused(
                "count: 11 (expected: 1 to 10)",
                () -> client.runTask(request -> request.taskDefinition("web").count(11)));
        refused(
                "Container instances cannot be more than 10.",
                () -> client.startTask(
                        request -> request.taskDefinition("web").containerInstances(Collections.nCopies(11, "box"))));
        refused("The referenced task was not found.", () -> client.stopTask(request -> request.task("gone")));
    }

    @Test
    void definitionsHaveRevisions() {
        var second = client.registerTaskDefinition(definition -> definition
                        .family("web")
                        .taskRoleArn("role")
                        .tags(tag -> tag.key("k").value("v"))
                        .containerDefinitions(container -> container.name("web").memory(64)))
                .taskDefinition();

        assertEquals(FakeArns.taskDefinitionArn("web", 2), second.taskDefinitionArn());
        assertEquals("2 ACTIVE role", second.revision() + " " + second.statusAsString() + " " + second.taskRoleArn());
        for (String name : List.of("web", "web:2", second.taskDefinitionArn())) {
            assertEquals(
                    second,
                    client.describeTaskDefinition(request -> request.taskDefinition(name))
                            .taskDefinition());
        }
        assertEquals(
                1,
                client.describeTaskDefinition(request -> request.taskDefinition("web:1"))
                        .taskDefinition()
                        .revision());
        assertThrows(
                ClientException.class, () -> client.describeTaskDefinition(request -> request.taskDefinition("web:3")));
        assertThrows(
                ClientException.class, () -> client.registerTaskDefinition(definition -> definition.family("no way")));
    }

    @Test
    void aDefinitionThatTheTestPutsIsInEcs() {
        var put = fake.put(TaskDefinition.builder()
                .taskDefinitionArn(FakeArns.taskDefinitionArn("app", 7))
                .family("app")
                .revision(7)
                .build());

        assertEquals(
                put,
                client.describeTaskDefinition(request -> request.taskDefinition("app"))
                        .taskDefinition());
        assertEquals(8, ecs.define("app", 1, 1).revision());
        assertEquals(
                List.of(FakeArns.clusterArn("default")), client.listClusters().clusterArns());
    }

    @Test
    void aDefinitionWithoutARevisionIsNotPut() {
        String arn = FakeArns.taskDefinitionArn("app", 7).replace(":7", "");

        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> fake.put(TaskDefinition.builder().taskDefinitionArn(arn).build()));

        assertEquals(
                "taskDefinitionArn: " + arn + " (expected: an ARN that ends in FAMILY:REVISION)", refused.getMessage());
        assertEquals(0, fake.view().snapshot().definitions().count());
    }

    @Test
    void anInstanceIsDrained() {
        var answer = client.updateContainerInstancesState(
                request -> request.containerInstances("box", "gone").status("DRAINING"));

        assertEquals("gone MISSING", reasons(answer.failures()));
        assertEquals(2, answer.containerInstances().get(0).version());
        assertEquals(
                "DRAINING",
                fake.view().instance(instanceArn("box")).orElseThrow().status());
        assertEquals(
                0,
                client.listContainerInstances(request -> request.status("ACTIVE"))
                        .containerInstanceArns()
                        .size());
        assertEquals("box INACTIVE", reasons(client.runTask(RUN).failures()));
        refused(
                "Container instance status should be one of [ACTIVE,DRAINING].",
                () -> client.updateContainerInstancesState(
                        request -> request.containerInstances("box").status("GONE")));
        assertThrows(
                UnsupportedOperationException.class,
                () -> client.listContainerInstances(request -> request.filter("task:group == web")));
    }

    @Test
    void aServiceKeepsWhatIsWantedOfIt() {
        client.createService(
                request -> request.serviceName("shop").taskDefinition("web").desiredCount(2));
        client.updateService(request -> request.service("shop").desiredCount(5));

        assertEquals(
                5,
                client.describeServices(request -> request.services("shop"))
                        .services()
                        .get(0)
                        .desiredCount());
        assertEquals(5, fake.view().snapshot().services().list().get(0).desiredCount());
        refused(
                "Creation of service was not idempotent.",
                () -> client.createService(
                        request -> request.serviceName("shop").taskDefinition("web")));
        fake.put(service("old").with(each -> each.status("INACTIVE")));
        assertThrows(ServiceNotActiveException.class, () -> client.updateService(request -> request.service("old")));
        assertThrows(ServiceNotFoundException.class, () -> client.updateService(request -> request.service("gone")));
    }

    @Test
    void aClientTokenStartsATaskOnce() {
        RunTaskResponse first = client.runTask(RUN);
        ecs.run(first.tasks().get(0).taskArn());

        assertEquals(first, client.runTask(RUN));
        assertEquals(1, ecs.tasks().size());
        ConflictException conflict =
                assertThrows(ConflictException.class, () -> client.runTask(RUN.copy(request -> request.count(2))));
        assertEquals(List.of(first.tasks().get(0).taskArn()), conflict.resourceIds());
        fake.put(instance("box").in("prod"));
        assertEquals(
                1,
                client.runTask(RUN.copy(request -> request.cluster("prod")))
                        .tasks()
                        .size());
        assertEquals(2, ecs.tasks().size(), "a token counts within its cluster");

        fake.advance(Duration.ofHours(24).plusNanos(1));
        assertNotEquals(first, client.runTask(RUN));
        refused(
                "clientToken:   (expected: up to 64 ASCII characters in the range of 33-126)",
                () -> client.runTask(RUN.copy(request -> request.clientToken(" "))));
    }

    @Test
    void aRefusedCallLeavesItsTokenFree() {
        ecs.refuseNext("RunTask", "RESOURCE:MEMORY");

        assertEquals("box RESOURCE:MEMORY", reasons(client.runTask(RUN).failures()));
        assertEquals(1, client.runTask(RUN).tasks().size());
    }

    @Test
    void aLostAnswerHidesAnEffectAndALostCallHasNone() {
        ecs.loseCall("RunTask");
        ecs.loseAnswerOf("RunTask");

        SdkClientException lostCall = assertThrows(SdkClientException.class, () -> client.runTask(RUN));
        assertEquals(List.of(), ecs.tasks());
        SdkClientException lostAnswer = assertThrows(SdkClientException.class, () -> client.runTask(RUN));

        assertEquals(lostCall.getMessage(), lostAnswer.getMessage(), "nobody can know");
        assertEquals(lostCall.getClass(), lostAnswer.getClass());
        assertEquals(1, ecs.tasks().size());
        assertEquals(1, fake.view().snapshot().tasks().count(), "the event comes all the same");
        assertEquals(ecs.tasks(), client.runTask(RUN).tasks(), "the token gives the answer");
        assertEquals(Map.of("RunTask", 3), ecs.calls());
        assertEquals(List.of(RUN, RUN, RUN), ecs.requests(RunTaskRequest.class));
    }

    @Test
    void faultsApplyToOneCallEach() {
        RuntimeException planned = EcsException.builder().message("planned").build();
        ecs.failNext("StartTask", planned);
        ecs.refuseNext("StartTask", "RESOURCE:CPU");
        ecs.refuseNext("DescribeTasks", "ACCESS");
        ecs.refuseNext("DescribeClusters", "ACCESS");
        ecs.refuseNext("UpdateContainerInstancesState", "ACCESS");
        Executable start =
                () -> client.startTask(request -> request.taskDefinition("web").containerInstances("box"));

        assertSame(planned, assertThrows(EcsException.class, start));
        assertEquals(
                "box RESOURCE:CPU",
                reasons(client.startTask(
                                request -> request.taskDefinition("web").containerInstances("box"))
                        .failures()));
        assertEquals(
                1,
                client.startTask(request -> request.taskDefinition("web").containerInstances("box"))
                        .tasks()
                        .size());
        assertEquals(
                "a ACCESS",
                reasons(client.describeTasks(request -> request.tasks("a")).failures()));
        assertEquals(
                "a MISSING",
                reasons(client.describeTasks(request -> request.tasks("a")).failures()));
        assertEquals("default ACCESS", reasons(client.describeClusters().failures()));
        assertEquals(
                "box ACCESS",
                reasons(client.updateContainerInstancesState(
                                request -> request.containerInstances("box").status("DRAINING"))
                        .failures()));
        assertEquals(
                "ACTIVE", fake.view().instance(instanceArn("box")).orElseThrow().status());
    }

    @Test
    void aFaultOfAnUnknownOperationIsRefused() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> ecs.loseCall("RunTasks"));

        assertTrue(
                refused.getMessage().startsWith("operation: RunTasks (expected: one of [CreateService, "),
                refused.getMessage());
    }

    @Test
    void anOperationThatTheFakeLacksIsNamed() {
        for (Executable call : List.<Executable>of(
                () -> client.deleteService(request -> request.service("shop")),
                () -> client.listAttributesPaginator(request -> request.targetType("container-instance")).stream()
                        .toList(),
                client::waiter,
                client::serviceClientConfiguration)) {
            UnsupportedOperationException refused = assertThrows(UnsupportedOperationException.class, call);
            assertTrue(refused.getMessage().matches("operation: \\w+ \\(expected: one of \\[CreateService, .*]\\)"));
        }
        assertThrows(
                UnsupportedOperationException.class, () -> client.tagResource(request -> request.resourceArn("x")));
        assertEquals("ecs", client.serviceName());
        assertEquals("client of a fake ECS", client.toString());
        assertEquals(client.hashCode(), client.hashCode());
        assertNotEquals(client, new FakeClusterState().ecs().client());
        client.close();
        assertEquals(1, client.listClusters().clusterArns().size());
    }

    private String listed(ListTasksRequest.Builder request) {
        return String.join(
                " ",
                client.listTasks(request.build()).taskArns().stream()
                        .map(FakeEcsCallsTest::id)
                        .toList());
    }

    private static void refused(String message, Executable call) {
        EcsException refused = assertThrows(InvalidParameterException.class, call);
        assertEquals(message, refused.awsErrorDetails().errorMessage());
    }

    private static String reasons(List<Failure> failures) {
        return String.join(
                " ",
                failures.stream()
                        .map(each -> id(each.arn()) + " " + each.reason())
                        .toList());
    }

    private static String id(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }
}
