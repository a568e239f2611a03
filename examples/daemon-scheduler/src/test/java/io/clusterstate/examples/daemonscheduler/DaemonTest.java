package io.clusterstate.examples.daemonscheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.LaunchType;

class DaemonTest {

    private static final Daemon LOGS = new Daemon("logs", "default", "logs:1", "");

    @Test
    void equalFactsMakeEqualRequestsAndAnyOtherFactAnotherToken() {
        String token = LOGS.request(instance("a"), "").clientToken();

        assertEquals(LOGS.request(instance("a"), ""), LOGS.request(instance("a"), ""));
        assertTrue(token.matches("[0-9a-f]{64}"), token);
        for (String other : List.of(
                LOGS.request(instance("b"), "").clientToken(),
                LOGS.request(instance("a"), "1").clientToken(),
                new Daemon("metrics", "default", "logs:1", "")
                        .request(instance("a"), "")
                        .clientToken())) {
            assertNotEquals(token, other);
        }
    }

    @Test
    void anotherDefinitionHasTheSameTokenSoThatEcsRefusesIt() {
        Daemon next = new Daemon("logs", "default", "logs:2", "");

        assertEquals(
                LOGS.request(instance("a"), "").clientToken(),
                next.request(instance("a"), "").clientToken());
    }

    @Test
    void externalInstancesNeedTheirLaunchType() {
        ContainerInstance external = instance("a").toBuilder()
                .attributes(Attribute.builder().name("ecs.capability.external").build())
                .build();

        assertEquals(LaunchType.EXTERNAL, LOGS.request(external, "").launchType());
        assertEquals(null, LOGS.request(instance("a"), "").launchType());
    }

    @Test
    void namesAreChecked() {
        for (String name : List.of("", "a/b", "a b", "a".repeat(65))) {
            assertEquals(
                    "name: " + name + " (expected: 1 to 64 letters, digits, hyphens or underscores)",
                    assertThrows(IllegalArgumentException.class, () -> new Daemon(name, "default", "logs:1", ""))
                            .getMessage());
        }
    }

    private static ContainerInstance instance(String id) {
        return ContainerInstance.builder()
                .containerInstanceArn("arn:aws:ecs:us-east-1:123456789012:container-instance/default/" + id)
                .ec2InstanceId("i-" + id)
                .build();
    }
}
