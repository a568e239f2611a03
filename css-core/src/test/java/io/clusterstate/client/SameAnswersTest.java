package io.clusterstate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.mirror.MirroredEcs;
import io.clusterstate.mirror.TaskDefinitions;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.testing.Await;
import io.clusterstate.testing.Seeds;
import io.clusterstate.testing.Soak;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.EcsRequest;

/** The same requests to the simulated ECS and to a client over a view of it, in moments at which nothing changes. */
@Tag("soak")
class SameAnswersTest {

    private static final int IN_A_WORLD = 250;
    private static final int IN_A_MOMENT = 50;
    /** Long enough for ECS's rate limits. */
    private static final Duration BETWEEN_REQUESTS = Duration.ofMillis(200);

    private static final Set<String> OPERATIONS = Set.of(
            "ListTasks",
            "DescribeTasks",
            "ListContainerInstances",
            "DescribeContainerInstances",
            "ListServices",
            "DescribeServices",
            "ListClusters",
            "DescribeClusters",
            "DescribeTaskDefinition");

    /** The operations that ECS answers where services have short ARNs, as in some of the worlds. */
    private static final Set<String> NOT_BESIDE_SHORT_ARNS = Set.of("ListServices", "DescribeClusters");

    private static final int MANY = 10;

    @Test
    void theViewAnswersAsEcsDoes() {
        int worlds = Soak.size("requests", IN_A_WORLD, 2_500) / IN_A_WORLD;
        Map<String, Long> local = new TreeMap<>();
        Seeds.forEach(worlds, random -> {
            try {
                compareInAWorld(random).local().forEach((operation, count) -> local.merge(operation, count, Long::sum));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        System.out.println("answered by the view: " + local);
        Set<String> lacking = new TreeSet<>(OPERATIONS);
        lacking.removeAll(local.keySet());
        if (worlds < MANY) {
            lacking.removeAll(NOT_BESIDE_SHORT_ARNS);
        }
        assertEquals(Set.of(), lacking);
    }

    private static AnswerCounts compareInAWorld(Random random) throws Exception {
        var simulator = Simulator.builder()
                .seed(random.nextLong())
                .clusters(3)
                .tasks(400)
                .shortArnShare(Math.max(0, random.nextInt(5) - 2) / 4.0);
        if (random.nextBoolean()) {
            simulator.capacityProviders("spot");
        }
        try (MirroredEcs mirrored = MirroredEcs.of(
                        simulator,
                        builder -> builder.taskDefinitions(
                                TaskDefinitions.referenced().withEnvironment()))
                .ready()) {
            ViewEcsClient client = ViewEcsClient.over(
                            mirrored.view(), mirrored.world().ecs())
                    .allClusters()
                    .taskDefinitions()
                    .clock(mirrored.time())
                    .build();
            for (int moment = 0; moment < IN_A_WORLD / IN_A_MOMENT; moment++) {
                change(mirrored, random);
                compare(mirrored, client, random);
            }
            assertTrue(client.counts().totalLocal() > IN_A_WORLD / 2, () -> "" + client.counts());
            return client.counts();
        }
    }

    /** Changes the world, and waits until the view has all of it. */
    private static void change(MirroredEcs mirrored, Random random) throws Exception {
        for (int i = random.nextInt(60); i >= 0; i--) {
            mirrored.simulator().step();
        }
        mirrored.simulator().settle(MirroredEcs.LIMIT);
        awaitOnMovingTime(mirrored, () -> mirrored.world().messagesLeft() == 0);
        mirrored.time().advance(MirroredEcs.A_WHILE);
        mirrored.reconcileAll();
        awaitOnMovingTime(mirrored, () -> mirrored.snapshot().tasks().live().stream()
                .allMatch(each -> mirrored.snapshot().definition(each).isPresent()));
    }

    /** Waits for work of the mirror, whose calls have a rate. */
    private static void awaitOnMovingTime(MirroredEcs mirrored, BooleanSupplier condition) {
        Await.await(() -> {
            mirrored.time().advance(BETWEEN_REQUESTS);
            return condition.getAsBoolean();
        });
    }

    private static void compare(MirroredEcs mirrored, ViewEcsClient client, Random random) throws Exception {
        RandomRequests requests =
                new RandomRequests(random, mirrored.simulator().truth());
        for (int i = 0; i < IN_A_MOMENT; i++) {
            EcsRequest request = requests.next();
            mirrored.time().advance(BETWEEN_REQUESTS);
            Map<String, Object> direct = Asked.answer(mirrored.world().ecs(), request);
            AnswerCounts before = client.counts();
            Map<String, Object> answer = Asked.answer(client, request);
            assertEquals(
                    Set.of(),
                    Asked.difference(direct, answer),
                    () -> request + " answered by " + source(before, client.counts()));
        }
    }

    private static String source(AnswerCounts before, AnswerCounts after) {
        return before.totalLocal() < after.totalLocal() ? "the view" : "ECS";
    }
}
