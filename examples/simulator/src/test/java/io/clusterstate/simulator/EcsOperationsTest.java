package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClusterField;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceField;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceField;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskField;

class EcsOperationsTest {
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
    void describedWithTagsEverythingIsExactlyTheTruth() {
        SimulatedTime.steps(simulator, clock, 60);
        var truth = simulator.truth();

        assertEquals(
                truth.clusters(),
                ecs.describeClusters(it -> it.clusters(arnsOfClusters()).include(ClusterField.TAGS))
                        .clusters());
        assertEquals(truth.tasks(), describeAllTasks());
        assertEquals(truth.instances(), describeAllInstances(truth));
        assertEquals(truth.services(), describeAllServices());
    }

    @Test
    void withoutIncludeTagsAreLeftOut() {
        var task = ecs.runTask(it -> it.taskDefinition("batch")
                        .launchType(LaunchType.FARGATE)
                        .tags(Tag.builder().key("owner").value("me").build()))
                .tasks()
                .get(0);

        var plain = ecs.describeTasks(it -> it.tasks(task.taskArn())).tasks().get(0);
        var tagged = ecs.describeTasks(it -> it.tasks(task.taskArn()).include(TaskField.TAGS))
                .tasks()
                .get(0);

        assertTrue(plain.tags().isEmpty());
        assertEquals("me", tagged.tags().get(0).value());
    }

    @Test
    void whatIsUnknownIsMissing() {
        assertEquals(
                List.of("MISSING", "MISSING"),
                ecs
                        .describeTasks(it -> it.tasks(
                                "0123456789abcdef0123456789abcdef",
                                "arn:aws:ecs:us-east-1:123456789012:task/default/00000000000000000000000000000000"))
                        .failures()
                        .stream()
                        .map(it -> it.reason())
                        .toList());
        assertEquals(
                "arn:aws:ecs:us-east-1:123456789012:task/default/abc",
                ecs.describeTasks(it -> it.tasks("abc")).failures().get(0).arn());
        assertEquals(
                "MISSING",
                ecs.describeContainerInstances(it -> it.containerInstances("abc"))
                        .failures()
                        .get(0)
                        .reason());
        assertEquals(
                "MISSING",
                ecs.describeServices(it -> it.services("abc")).failures().get(0).reason());
        assertEquals(
                "MISSING",
                ecs.describeClusters(it -> it.clusters("abc")).failures().get(0).reason());
    }

    @Test
    void aTaskOfAnotherClusterIsMissingHereIfItsArnDoesNotNameThatCluster() {
        var elsewhere = anyTaskOf("sim-2", "[^/]*/[^/]*");

        var answer = ecs.describeTasks(it -> it.cluster("default").tasks(elsewhere));

        assertTrue(answer.tasks().isEmpty());
        assertEquals(elsewhere, answer.failures().get(0).arn());
        assertEquals("MISSING", answer.failures().get(0).reason());
    }

    /** Sources are named in {@link Identifiers}. */
    @Test
    void anArnThatNamesAnotherClusterFailsTheWholeCall() {
        var mine = anyTaskOf("default", ".*");
        var elsewhere = anyTaskOf("sim-2", "[^/]*/sim-2/[^/]*");

        var error =
                assertThrows(InvalidParameterException.class, () -> ecs.describeTasks(it -> it.tasks(mine, elsewhere)));

        assertEquals(
                "Invalid identifier: Identifier is for cluster sim-2. Your cluster is default",
                error.awsErrorDetails().errorMessage());
        assertThrows(
                InvalidParameterException.class,
                () -> ecs.describeContainerInstances(
                        it -> it.containerInstances(elsewhere.replace(":task/", ":container-instance/"))));
        assertThrows(
                InvalidParameterException.class,
                () -> ecs.describeServices(it -> it.services(elsewhere.replace(":task/", ":service/"))));
    }

    /** AWS answers with the whole ARN of the cluster, also for a name, and for no name at all. */
    @Test
    void aClusterThatIsNotThereIsNamedByItsWholeArn() {
        var home = "arn:aws:ecs:us-east-1:123456789012:cluster/";
        simulator.vanishCluster(home + "default");

        for (var call : List.of(List.<String>of(), List.of("default"), List.of(home + "default"))) {
            var answer = ecs.describeClusters(it -> it.clusters(call));
            assertEquals(
                    List.of(Failure.builder()
                            .arn(home + "default")
                            .reason("MISSING")
                            .build()),
                    answer.failures());
            assertTrue(answer.clusters().isEmpty());
        }
    }

    private String anyTaskOf(String cluster, String form) {
        return ecs.listTasks(it -> it.cluster(cluster)).taskArns().stream()
                .filter(it -> it.matches(form))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void clustersAndTasksAreFoundByNameIdAndArn() {
        var arn = ecs.listClusters().clusterArns().get(1);
        var task = ecs.listTasks(it -> it.cluster(arn)).taskArns().get(0);
        var id = task.substring(task.lastIndexOf('/') + 1);

        assertEquals(
                ecs.listTasks(it -> it.cluster("sim-2")).taskArns(),
                ecs.listTasks(it -> it.cluster(arn)).taskArns());
        assertEquals(
                task,
                ecs.describeTasks(it -> it.cluster(arn).tasks(id))
                        .tasks()
                        .get(0)
                        .taskArn());
        assertEquals("default", ecs.describeClusters().clusters().get(0).clusterName());
    }

    @Test
    void listTasksFilters() {
        var service = serviceOf(LaunchType.EC2);
        var tasks = ecs.listTasks(it -> it.serviceName(service.serviceName())).taskArns();
        var one = describe(tasks).get(0);
        var family = service.taskDefinition().replaceFirst(".*/(.*):.*", "$1");

        assertEquals(service.runningCount(), tasks.size());
        assertEquals(tasks, ecs.listTasks(it -> it.family(family)).taskArns());
        assertEquals(tasks, ecs.listTasks(it -> it.startedBy(one.startedBy())).taskArns());
        assertEquals(
                tasks,
                ecs.listTasks(it -> it.serviceName(service.serviceArn()).family(family))
                        .taskArns());
        var here = ecs.listTasks(it -> it.containerInstance(one.containerInstanceArn()))
                .taskArns();
        assertTrue(here.contains(one.taskArn()));
        assertTrue(
                describe(here).stream().allMatch(it -> it.containerInstanceArn().equals(one.containerInstanceArn())));
        var fargate = ecs.listTasks(it -> it.launchType(LaunchType.FARGATE)).taskArns();
        assertTrue(describe(fargate).stream().allMatch(it -> it.launchType() == LaunchType.FARGATE));
    }

    @Test
    void callsAreCounted() {
        ecs.listClusters();
        ecs.listClusters();
        ecs.listTasks();

        assertEquals(2, simulator.calls().get("ListClusters"));
        assertEquals(1, simulator.calls().get("ListTasks"));
    }

    private Service serviceOf(LaunchType launchType) {
        return describeAllServices().stream()
                .filter(it -> it.clusterArn().endsWith("/default"))
                .filter(it -> it.launchType() == launchType && it.runningCount() > 1)
                .findFirst()
                .orElseThrow();
    }

    private List<Task> describe(List<String> arns) {
        return ecs.describeTasks(it -> it.tasks(arns)).tasks();
    }

    private List<String> arnsOfClusters() {
        return ecs.listClusters().clusterArns();
    }

    /** All tasks in the order in which they were started, whether they run or are over. */
    private List<Task> describeAllTasks() {
        var all = new ArrayList<Task>();
        for (var cluster : simulator.truth().clusters()) {
            var arns = simulator.truth().tasks().stream()
                    .filter(it -> it.clusterArn().equals(cluster.clusterArn()))
                    .map(Task::taskArn)
                    .toList();
            for (int from = 0; from < arns.size(); from += 100) {
                var page = arns.subList(from, Math.min(from + 100, arns.size()));
                all.addAll(ecs.describeTasks(it ->
                                it.cluster(cluster.clusterArn()).tasks(page).include(TaskField.TAGS))
                        .tasks());
            }
        }
        return all;
    }

    private List<ContainerInstance> describeAllInstances(Truth truth) {
        var all = new ArrayList<ContainerInstance>();
        for (var cluster : truth.clusters()) {
            var arns = truth.instances().stream()
                    .map(ContainerInstance::containerInstanceArn)
                    .filter(it -> truth.clusterArnOf().get(it).equals(cluster.clusterArn()))
                    .toList();
            all.addAll(ecs.describeContainerInstances(it -> it.cluster(cluster.clusterArn())
                            .containerInstances(arns)
                            .include(ContainerInstanceField.TAGS))
                    .containerInstances());
        }
        return all;
    }

    private List<Service> describeAllServices() {
        var all = new ArrayList<Service>();
        for (var cluster : arnsOfClusters()) {
            for (var page : ecs.listServicesPaginator(it -> it.cluster(cluster))) {
                all.addAll(ecs.describeServices(it ->
                                it.cluster(cluster).services(page.serviceArns()).include(ServiceField.TAGS))
                        .services());
            }
        }
        return all;
    }
}
