package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.simulator.Fault;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.junit.SimulatedEcs;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

@SimulatedEcs(tasks = 0, faults = Fault.DUPLICATES)
class FailedStartsTest {

    @Test
    void eachFailedTaskIsReportedOnce(Simulator simulator, EcsClient ecs, SqsClient sqs) throws IOException {
        String reason = "CannotPullContainerError: not found";
        String api = ecs.describeTaskDefinition(it -> it.taskDefinition("api")).taskDefinition().taskDefinitionArn();
        simulator.faults().failStarts(api, reason);
        ecs.runTask(it -> it.taskDefinition("api").launchType("FARGATE").count(10));

        simulator.advance(Duration.ofMinutes(1)); // no sleep: the tasks fail, and the queue has their events

        assertEquals(Collections.nCopies(10, reason), new FailedStarts(sqs, simulator.queueUrl()).poll());
    }
}
