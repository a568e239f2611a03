package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.simulator.Simulator;
import io.clusterstate.testing.Promise;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** An outage of ECS for many times a delivery's visibility timeout, while the queue and everything else works. */
class OutageOfEcsTest {

    private static final int HINTS = 20;
    /** Several times the receipts of the redrive policy, at 2 s of visibility. */
    private static final Duration OUTAGE = Duration.ofSeconds(12);

    private static final int MOST_RECEIPTS = 3;

    @Test
    @Promise(4)
    void goodHintsDoNotEndInTheDeadLetterQueue() throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(
                        Simulator.builder().seed(11).clusters(2).tasks(160))
                .ready()) {
            SqsClient sqs = ecs.world().sqs();
            String dead = sqs.createQueue(request -> request.queueName("dead")).queueUrl();
            redriveTo(ecs, dead);
            Service service = ecs.snapshot().services().in("default").first().orElseThrow();
            ecs.simulator().faults().ecsOutage(true);
            for (int i = 0; i < HINTS; i++) {
                ecs.world().send(steady(service));
            }

            long end = System.nanoTime() + OUTAGE.toNanos();
            await(() -> {
                ecs.time().advance(Duration.ofMillis(50)); // hints wait by turned time, messages by the queue server's
                return System.nanoTime() > end;
            });
            assertEquals("0", messages(sqs, dead));
            assertTrue(ecs.mirror().status().problems().toString().contains("describe"), "it is said");

            ecs.simulator().faults().ecsOutage(false);

            await(() -> {
                ecs.time().advance(Duration.ofMillis(50));
                return ecs.mirror().status().deliveries().get(DeliveryOutcome.DESCRIBED) >= HINTS;
            });
            await(() -> ecs.world().messagesLeft() == 0);
            assertEquals("0", messages(sqs, dead));
        }
    }

    private static String steady(Service service) {
        return """
                {"source":"aws.ecs","detail-type":"ECS Service Action","resources":["%s"],
                 "detail":{"eventType":"INFO","eventName":"SERVICE_STEADY_STATE","clusterArn":"%s"}}
                """
                .formatted(service.serviceArn(), service.clusterArn());
    }

    private static void redriveTo(MirroredEcs ecs, String dead) {
        SqsClient sqs = ecs.world().sqs();
        String arn = sqs.getQueueAttributes(
                        request -> request.queueUrl(dead).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
        sqs.setQueueAttributes(request -> request.queueUrl(ecs.simulator().queueUrl())
                .attributes(Map.of(
                        QueueAttributeName.REDRIVE_POLICY,
                        "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}".formatted(arn, MOST_RECEIPTS))));
    }

    private static String messages(SqsClient sqs, String queueUrl) {
        return sqs.getQueueAttributes(request ->
                        request.queueUrl(queueUrl).attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                .attributes()
                .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
    }
}
