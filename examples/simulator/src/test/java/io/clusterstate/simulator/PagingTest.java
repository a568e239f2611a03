package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.Task;

class PagingTest {
    private final Simulator simulator = Simulator.builder()
            .clusters(1)
            .tasks(0)
            .instancesPerCluster(101)
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
    void noTasksAreOneEmptyPage() {
        var page = ecs.listTasks();

        assertTrue(page.taskArns().isEmpty());
        assertNull(page.nextToken());
    }

    @Test
    void aHundredTasksAreOnePageAndOneMoreIsAnother() {
        run(100);
        var whole = ecs.listTasks();
        run(1);
        var first = ecs.listTasks();
        var second = ecs.listTasks(it -> it.nextToken(first.nextToken()));

        assertEquals(100, whole.taskArns().size());
        assertNull(whole.nextToken());
        assertEquals(whole.taskArns(), first.taskArns());
        assertEquals(1, second.taskArns().size());
        assertNull(second.nextToken());
    }

    @Test
    void aTokenStaysGoodWhenTheTaskBeforeItIsGone() {
        var arns = run(20);
        var first = ecs.listTasks(it -> it.maxResults(10));
        assertTrue(simulator.vanishTask(arns.get(9)));

        var second = ecs.listTasks(it -> it.maxResults(10).nextToken(first.nextToken()));

        assertEquals(arns.subList(10, 20), second.taskArns());
    }

    @Test
    void pagesOfEverySizeShowEveryTaskOnce() {
        var arns = run(30);

        for (int size : List.of(1, 7, 29, 30, 31)) {
            var seen = new ArrayList<String>();
            ecs.listTasksPaginator(it -> it.maxResults(size)).taskArns().forEach(seen::add);
            assertEquals(arns, seen);
        }
    }

    @Test
    void filteredPagesAreWholePages() {
        run(15);
        ecs.runTask(
                it -> it.taskDefinition("api").launchType(LaunchType.FARGATE).count(10));
        run(15);
        ecs.runTask(
                it -> it.taskDefinition("api").launchType(LaunchType.FARGATE).count(1));

        var first = ecs.listTasks(it -> it.family("api").maxResults(10));
        var second = ecs.listTasks(it -> it.family("api").maxResults(10).nextToken(first.nextToken()));

        assertEquals(10, first.taskArns().size());
        assertEquals(1, second.taskArns().size());
        assertNull(second.nextToken());
    }

    @Test
    void servicesComeByTen() {
        for (int i = 0; i < 11; i++) {
            var name = "service-" + i;
            ecs.createService(it -> it.serviceName(name)
                    .taskDefinition("api")
                    .launchType(LaunchType.FARGATE)
                    .desiredCount(0));
        }

        var first = ecs.listServices();
        var second = ecs.listServices(it -> it.nextToken(first.nextToken()));
        var all = ecs.listServices(it -> it.maxResults(100));

        assertEquals(10, first.serviceArns().size());
        assertEquals(1, second.serviceArns().size());
        assertNull(second.nextToken());
        assertEquals(11, all.serviceArns().size());
    }

    @Test
    void instancesAndClustersComeByAHundred() {
        for (int i = 0; i < 100; i++) {
            var name = "more-" + i;
            ecs.createCluster(it -> it.clusterName(name));
        }

        var instances = ecs.listContainerInstances();
        var clusters = ecs.listClusters();

        assertEquals(100, instances.containerInstanceArns().size());
        assertNotNull(instances.nextToken());
        assertEquals(100, clusters.clusterArns().size());
        assertEquals(
                1,
                ecs.listClusters(it -> it.nextToken(clusters.nextToken()))
                        .clusterArns()
                        .size());
        var seen = new HashSet<String>();
        ecs.listContainerInstancesPaginator(it -> it.cluster("default"))
                .containerInstanceArns()
                .forEach(seen::add);
        assertEquals(101, seen.size());
    }

    @Test
    void pageSizesAndTokensOutOfRangeAreRefused() {
        assertThrows(InvalidParameterException.class, () -> ecs.listTasks(it -> it.maxResults(0)));
        assertThrows(InvalidParameterException.class, () -> ecs.listTasks(it -> it.maxResults(101)));
        assertThrows(InvalidParameterException.class, () -> ecs.listTasks(it -> it.nextToken("no token")));
        assertThrows(InvalidParameterException.class, () -> ecs.listTasks(it -> it.nextToken("bm8gdG9rZW4=")));
    }

    @Test
    void moreThanAHundredTasksAreNotDescribedAtOnce() {
        var arns = run(101);

        assertEquals(
                100,
                ecs.describeTasks(it -> it.tasks(arns.subList(0, 100))).tasks().size());
        assertThrows(InvalidParameterException.class, () -> ecs.describeTasks(it -> it.tasks(arns)));
        assertThrows(InvalidParameterException.class, () -> ecs.describeTasks(it -> it.tasks(List.of())));
    }

    private List<String> run(int count) {
        var arns = new ArrayList<String>();
        for (int left = count; left > 0; left -= 10) {
            int some = Math.min(10, left);
            var answer = ecs.runTask(it ->
                    it.taskDefinition("batch").launchType(LaunchType.FARGATE).count(some));
            answer.tasks().stream().map(Task::taskArn).forEach(arns::add);
        }
        return arns;
    }
}
