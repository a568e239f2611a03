package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.testing.Promise;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/** Events of another account or Region, or of another day, on the whole way from the queue. */
class ForeignEventsTest {

    private static final String CLUSTER = "default";

    @ParameterizedTest
    @CsvSource({"aws,eu-west-1,123456789012", "aws,us-east-1,999999999999", "aws-cn,us-east-1,123456789012"})
    void eventsOfOthersArePassedOverAndCounted(String partition, String region, String account) throws Exception {
        for (Clusters choice : new Clusters[] {Clusters.all(), Clusters.named(CLUSTER)}) {
            try (MirroredEcs ecs =
                    MirroredEcs.of(one(), builder -> builder.clusters(choice)).ready()) {
                String other = "arn:%s:ecs:%s:%s:".formatted(partition, region, account);
                int before = ecs.snapshot().tasks().in(CLUSTER).count();
                Map<String, Long> calls = ecs.simulator().calls();

                ecs.world().send(task(other + "cluster/default", other + "task/default/0123456789abcdef", "", 3));

                await(() -> ecs.mirror().status().deliveries().get(DeliveryOutcome.FOREIGN) == 1);
                await(() -> ecs.world().messagesLeft() == 0);
                assertEquals(before, ecs.snapshot().tasks().in(CLUSTER).count());
                assertEquals(calls, ecs.simulator().calls());
                assertTrue(ecs.reconcile(CLUSTER).isComplete());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"\"replay-name\":\"r1\"", "\"time\":\"2026-11-20T00:00:00Z\"", "\"id\":\"a\""})
    @Promise({3, 6})
    void anEventOfThePastAboutSomethingUnknownIsAskedAboutAndNotShown(String envelope) throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(one()).ready()) {
            ecs.time().advance(Duration.ofMinutes(1));
            Task any = ecs.anyTask(CLUSTER);
            String gone = any.taskArn() + "00";
            String updatedAt = envelope.contains("\"id\"") ? ",\"updatedAt\":\"2026-11-20T00:00:00.123Z\"" : "";

            ecs.world().send(task(any.clusterArn(), gone, updatedAt, 3).replaceFirst("\\{", "{" + envelope + ","));

            await(() -> {
                ecs.time().advance(Duration.ofMillis(100));
                return ecs.mirror().status().deliveries().get(DeliveryOutcome.DESCRIBED) == 1;
            });
            assertTrue(ecs.view().task(gone).isEmpty());
            assertEquals(0, ecs.mirror().status().deliveries().get(DeliveryOutcome.DEFERRED), "believed at once");
            await(() -> ecs.world().messagesLeft() == 0);
        }
    }

    @Test
    void aServiceThatAnEventPutsIntoAClusterByNameStaysInItsOwn() throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(one()).ready()) {
            Service service = ecs.snapshot().services().in(CLUSTER).first().orElseThrow();

            ecs.world()
                    .send(
                            """
                            {"source":"aws.ecs","detail-type":"ECS Service Action","resources":["%s"],
                             "detail":{"eventType":"INFO","eventName":"SERVICE_STEADY_STATE","clusterArn":"default"}}
                            """
                                    .formatted(service.serviceArn()));

            await(() -> {
                ecs.time().advance(Duration.ofMillis(100));
                return ecs.mirror().status().deliveries().get(DeliveryOutcome.DESCRIBED) == 1;
            });
            assertEquals(
                    service.clusterArn(),
                    ecs.snapshot()
                            .observed(EntityKind.SERVICE, service.serviceArn())
                            .orElseThrow()
                            .clusterArn());
        }
    }

    private static io.clusterstate.simulator.SimulatorBuilder one() {
        return Simulator.builder().seed(9).clusters(1).tasks(60);
    }

    private static String task(String clusterArn, String taskArn, String more, int version) {
        return """
                {"source":"aws.ecs","detail-type":"ECS Task State Change","detail":{"clusterArn":"%s","taskArn":"%s",
                 "lastStatus":"RUNNING","desiredStatus":"RUNNING","version":%d%s}}
                """
                .formatted(clusterArn, taskArn, version, more);
    }
}
