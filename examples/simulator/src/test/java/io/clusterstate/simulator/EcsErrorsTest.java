package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.Executable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EcsErrorsTest {
    private final Simulator simulator =
            Simulator.builder().clusters(1).tasks(60).withoutSqs().build();
    private final Clients clients = new Clients(simulator);
    private EcsClient ecs;

    @BeforeAll
    void start() {
        simulator.start();
        ecs = clients.ecs();
    }

    @AfterAll
    void close() {
        clients.close();
        simulator.close();
    }

    @Test
    void anUnknownClusterIsNotFoundByAnyOperation() {
        assertThrows(ClusterNotFoundException.class, () -> ecs.listTasks(it -> it.cluster("none")));
        assertThrows(ClusterNotFoundException.class, () -> ecs.listServices(it -> it.cluster("none")));
        assertThrows(ClusterNotFoundException.class, () -> ecs.listContainerInstances(it -> it.cluster("none")));
        assertThrows(
                ClusterNotFoundException.class,
                () -> ecs.describeTasks(it -> it.cluster("none").tasks("a")));
        assertThrows(
                ClusterNotFoundException.class,
                () -> ecs.runTask(it -> it.cluster("none").taskDefinition("web")));
        var error = assertThrows(
                ClusterNotFoundException.class,
                () -> ecs.listTasks(it -> it.cluster("arn:aws:ecs:us-east-1:123456789012:cluster/none")));
        assertTrue(error.getMessage().startsWith("Cluster not found."));
        assertEquals(400, error.statusCode());
    }

    /** Sources are named in {@link Identifiers}. */
    @Test
    void anArnOfAnotherRegionOrAccountIsInvalidAndFailsTheWholeCall() {
        for (var call : callsWithArns("arn:aws:ecs:eu-west-1:123456789012:")) {
            assertEquals("Invalid Region in ARN", messageOf(call));
        }
        for (var call : callsWithArns("arn:aws-cn:ecs:cn-north-1:123456789012:")) {
            assertEquals("Invalid Region in ARN", messageOf(call));
        }
        for (var call : callsWithArns("arn:aws:ecs:us-east-1:999999999999:")) {
            assertEquals("Identifier is for 999999999999. Your accountId is 123456789012", messageOf(call));
        }
        assertEquals(
                "Invalid identifier: arn:aws:ecs", messageOf(() -> ecs.describeTasks(it -> it.tasks("arn:aws:ecs"))));
    }

    private List<Executable> callsWithArns(String place) {
        var mine = simulator.truth().tasks().get(0).taskArn();
        var cluster = place + "cluster/default";
        return List.of(
                () -> ecs.describeTasks(it -> it.tasks(mine, place + "task/default/abc")),
                () -> ecs.describeTasks(it -> it.tasks(mine, place + "task/abc")),
                () -> ecs.describeTasks(it -> it.tasks(mine).cluster(cluster)),
                () -> ecs.describeContainerInstances(
                        it -> it.containerInstances(place + "container-instance/default/abc")),
                () -> ecs.describeServices(it -> it.services(place + "service/default/abc")),
                () -> ecs.describeClusters(it -> it.clusters("default", cluster)),
                () -> ecs.listTasks(it -> it.cluster(cluster)),
                () -> ecs.listServices(it -> it.cluster(cluster)),
                () -> ecs.listContainerInstances(it -> it.cluster(cluster)));
    }

    private static String messageOf(Executable call) {
        return assertThrows(InvalidParameterException.class, call)
                .awsErrorDetails()
                .errorMessage();
    }

    @Test
    void anUnknownServiceIsNotFound() {
        assertThrows(ServiceNotFoundException.class, () -> ecs.updateService(it -> it.service("none")));
        assertThrows(ServiceNotFoundException.class, () -> ecs.listTasks(it -> it.serviceName("none")));
    }

    @Test
    void anUnknownTaskDefinitionIsAClientError() {
        assertThrows(ClientException.class, () -> ecs.runTask(it -> it.taskDefinition("none")));
        assertThrows(ClientException.class, () -> ecs.runTask(it -> it.taskDefinition("web:99")));
        assertThrows(
                ClientException.class,
                () -> ecs.createService(it -> it.serviceName("s").taskDefinition("none")));
    }

    @Test
    void parametersThatMakeNoSenseAreInvalid() {
        assertThrows(InvalidParameterException.class, () -> ecs.stopTask(it -> it.task("none")));
        assertThrows(
                InvalidParameterException.class,
                () -> ecs.runTask(it -> it.taskDefinition("batch").count(11)));
        assertThrows(
                InvalidParameterException.class,
                () -> ecs.runTask(it -> it.taskDefinition("web").launchType(LaunchType.FARGATE)));
        assertThrows(
                InvalidParameterException.class,
                () -> ecs.listTasks(it -> it.startedBy("me").family("web")));
        assertThrows(InvalidParameterException.class, () -> ecs.listTasks(it -> it.containerInstance("none")));
        assertThrows(
                InvalidParameterException.class, () -> ecs.listContainerInstances(it -> it.filter("os-type == linux")));
        assertThrows(
                InvalidParameterException.class,
                () -> ecs.describeServices(it -> it.services(Collections.nCopies(11, "s"))));
        assertThrows(
                InvalidParameterException.class,
                () -> ecs.updateContainerInstancesState(
                        it -> it.containerInstances("a").status(ContainerInstanceStatus.REGISTERING)));
        assertThrows(InvalidParameterException.class, () -> ecs.createCluster(it -> it.clusterName("no blanks")));
        assertThrows(
                InvalidParameterException.class,
                () -> ecs.updateService(
                        it -> it.service(simulator.truth().services().get(0).serviceName())
                                .desiredCount(-1)));
    }

    @Test
    void aServiceIsNotCreatedTwice() {
        var name = simulator.truth().services().get(0).serviceName();

        assertThrows(
                InvalidParameterException.class,
                () -> ecs.createService(it -> it.serviceName(name).taskDefinition("batch")));
    }

    @Test
    void anInstanceWithTasksIsNotDeregisteredWithoutForce() {
        var busy = simulator.truth().instances().stream()
                .filter(it -> it.runningTasksCount() > 0)
                .findFirst()
                .orElseThrow();

        assertThrows(
                InvalidParameterException.class,
                () -> ecs.deregisterContainerInstance(it -> it.containerInstance(busy.containerInstanceArn())));
    }

    @Test
    void anOperationThatIsNotSimulatedIsRefusedByItsName() {
        var refusal = assertThrows(
                EcsException.class,
                () -> ecs.createTaskSet(
                        it -> it.cluster("default").service("web").taskDefinition("web")));

        assertEquals("UnknownOperationException", refusal.awsErrorDetails().errorCode());
        var message = refusal.awsErrorDetails().errorMessage();
        assertTrue(message.startsWith("operation: CreateTaskSet (expected: one of [CreateCluster, "), message);
        assertTrue(message.endsWith(", UpdateService], the simulated ones)"), message);
    }

    @Test
    void whatIsNotTheProtocolIsRefusedInTheProtocol() throws Exception {
        var unknown = post("AmazonEC2ContainerServiceV20141113.DeleteEverything", "{}");
        var noJson = post("AmazonEC2ContainerServiceV20141113.ListTasks", "{");
        var empty = post("AmazonEC2ContainerServiceV20141113.ListClusters", "");

        assertEquals(400, unknown.statusCode());
        assertTrue(unknown.body().contains("\"__type\":\"UnknownOperationException\""), unknown.body());
        assertEquals(400, noJson.statusCode());
        assertTrue(noJson.body().contains("\"__type\":\"SerializationException\""), noJson.body());
        assertEquals(200, empty.statusCode());
        assertEquals(
                "application/x-amz-json-1.1",
                empty.headers().firstValue("content-type").orElseThrow());
    }

    private HttpResponse<String> post(String target, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(simulator.ecsEndpoint() + "/"))
                .header("X-Amz-Target", target)
                .header("Content-Type", "application/x-amz-json-1.1")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
