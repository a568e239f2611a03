package io.clusterstate.internal.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The entity and the cluster of an event that lacks them in the usual place. */
class ArnsInEventsTest {

    private static final String TASK = "arn:aws:ecs:eu-west-1:123456789012:task/prod/1";
    private static final String INSTANCE = "arn:aws:ecs:eu-west-1:123456789012:container-instance/prod/1";
    private static final String CLUSTER = "arn:aws:ecs:eu-west-1:123456789012:cluster/prod";

    @Test
    void whatIsNotTheArnOfATaskIsNotTakenForOne() {
        for (String arn : new String[] {"7", "prod/1", TASK.replace("task/", "service/"), TASK.replace("ecs", "ec2")}) {
            String detail = "\"taskArn\":\"" + arn + "\",\"clusterArn\":\"" + CLUSTER + "\",\"version\":1";

            assertEquals(
                    "detail: no ARN (expected: the ARN of a task)",
                    ParsedBodies.whyUnreadable(ParsedBodies.taskEvent(detail)),
                    arn);
        }
    }

    @Test
    void theResourceStandsInForAMissingArn() {
        String body = "{\"resources\":[\"" + TASK + "\"],"
                + ParsedBodies.taskEvent("\"version\":1").substring(1);

        ParsedBody.Hint hint = ParsedBodies.hintIn(body);

        assertEquals(TASK, hint.arn());
        assertEquals(Optional.of(CLUSTER), hint.clusterArn());
    }

    @Test
    void aLongArnStandsInForAMissingCluster() {
        assertEquals(
                CLUSTER,
                ParsedBodies.changeIn(ParsedBodies.taskEvent("\"taskArn\":\"" + TASK + "\",\"version\":1"))
                        .clusterArn());
        assertEquals(
                CLUSTER,
                ParsedBodies.changeIn(ParsedBodies.taskEvent(
                                "\"taskArn\":\"" + TASK + "\",\"version\":1,\"clusterArn\":\"prod\""))
                        .clusterArn());
    }

    @Test
    void aShortArnWithoutAClusterIsUnreadable() {
        String detail = "\"taskArn\":\"arn:aws:ecs:eu-west-1:123456789012:task/1\",\"version\":1";

        assertTrue(ParsedBodies.whyUnreadable(ParsedBodies.taskEvent(detail)).startsWith("detail.clusterArn: absent"));
    }

    @Test
    void ofSeveralResourcesTheFirstIsMeant() {
        String resources = "\"resources\":[\"" + TASK + "\",\"" + TASK + "1\"],";

        assertEquals(
                TASK,
                ParsedBodies.hintIn("{" + resources + ParsedBodies.taskEvent("").substring(1))
                        .arn());
    }

    @Test
    void aResourceMayStandThereWithoutAList() {
        String resources = "\"resources\":\"" + TASK + "\",";

        assertEquals(
                TASK,
                ParsedBodies.hintIn("{" + resources + ParsedBodies.taskEvent("").substring(1))
                        .arn());
    }

    @Test
    void theClusterThatTheDetailNamesGoesBeforeThatOfTheArn() {
        String other = CLUSTER.replace("prod", "other");
        String detail = "\"taskArn\":\"" + TASK + "\",\"version\":1,\"clusterArn\":\"" + other + "\"";

        assertEquals(
                other, ParsedBodies.changeIn(ParsedBodies.taskEvent(detail)).clusterArn());
    }

    @Test
    void anInstanceWhoseHealthChangedIsNamedByTheDetailOrByTheResource() {
        String inDetail = healthChange("", "\"containerInstanceArn\":\"" + INSTANCE + "\"");
        String inResources = healthChange("\"resources\":[\"" + INSTANCE + "\"],", "");

        assertEquals(
                new ParsedBody.Hint(EntityKind.INSTANCE, INSTANCE, Optional.of(CLUSTER), "health change"),
                ParsedBodies.hintIn(inDetail));
        assertEquals(ParsedBodies.hintIn(inDetail), ParsedBodies.hintIn(inResources));
        assertTrue(ParsedBodies.whyUnreadable(healthChange("", "")).startsWith("detail.containerInstanceArn: null"));
    }

    @Test
    void aServiceIsNamedByTheResourceAlone() {
        String service = "arn:aws:ecs:eu-west-1:123456789012:service/prod/web";

        assertEquals(service, ParsedBodies.noticeIn(serviceAction(service)).serviceArn());
        assertTrue(ParsedBodies.whyUnreadable(serviceAction(TASK)).startsWith("resources: " + TASK));
        assertTrue(ParsedBodies.whyUnreadable(serviceAction("web")).startsWith("resources: web"));
    }

    private static String healthChange(String resources, String detail) {
        return "{" + resources + "\"detail-type\":\"ECS Container Instance Health Change\",\"detail\":{" + detail
                + "}}";
    }

    private static String serviceAction(String resource) {
        return "{\"resources\":[\"" + resource + "\"],\"detail-type\":\"ECS Service Action\",\"detail\":{}}";
    }
}
