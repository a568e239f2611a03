package io.clusterstate.internal.event;

import static io.clusterstate.testing.InstanceParts.number;
import static io.clusterstate.testing.InstanceParts.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ecs.Capacity;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.VersionInfo;

/** The payloads of container instances, field by field. */
class InstanceContentTest {

    @Test
    void anInstanceOf2016HasEveryFieldOfItsEvent() {
        ContainerInstance instance = instance("awsdoc-2016-active-short-arn");

        String[] ports = {"22", "2376", "2375", "51678", "51679"};
        assertEquals(
                ContainerInstance.builder()
                        .agentConnected(true)
                        .attributes(instance.attributes())
                        .containerInstanceArn(
                                "arn:aws:ecs:us-east-1:111122223333:container-instance/b54a2a04-046f-4331-9d74-3f6d7f6ca315")
                        .ec2InstanceId("i-f3a8506b")
                        .registeredResources(
                                number("CPU", 2048), number("MEMORY", 3767), set("PORTS", ports), emptySet("PORTS_UDP"))
                        .remainingResources(
                                number("CPU", 1988), number("MEMORY", 767), set("PORTS", ports), emptySet("PORTS_UDP"))
                        .status("ACTIVE")
                        .version(14801L)
                        .versionInfo(VersionInfo.builder()
                                .agentHash("aebcbca")
                                .agentVersion("1.13.0")
                                .dockerVersion("DockerVersion: 1.11.2")
                                .build())
                        .build(),
                instance);
        assertEquals(14, instance.attributes().size());
        assertEquals(
                Attribute.builder()
                        .name("com.amazonaws.ecs.capability.logging-driver.syslog")
                        .build(),
                instance.attributes().get(0));
    }

    @Test
    void aFreshInstanceHasItsRegistrationTimeAndNoAttributes() {
        ContainerInstance instance = instance("microtrader-2017-active-v2-just-registered");

        assertEquals(Instant.parse("2017-07-30T02:36:50.591Z"), instance.registeredAt());
        assertEquals(2, instance.version());
        assertFalse(instance.hasAttributes());
        assertTrue(instance.hasRemainingResources());
        assertFalse(instance.remainingResources().get(3).hasStringSetValue());
        assertEquals("1.14.3", instance.versionInfo().agentVersion());
    }

    @Test
    void anInstanceWithLongNumbersHasItsCapacity() {
        ContainerInstance instance = instance("instance-long-resources");

        Capacity capacity = new Capacity(4096, 7764, Set.of("22", "2375", "2376", "51678"), Set.of(), Set.of());
        assertEquals(capacity, Capacity.registered(instance));
        assertEquals(capacity, Capacity.remaining(instance));
    }

    @Test
    void anExternalInstanceHasTheIdOfSystemsManager() {
        ContainerInstance instance = instance("external-instance-mi");

        assertEquals("mi-0123456789abcdef0", instance.ec2InstanceId());
        assertEquals(
                Attribute.builder().name("ecs.os-type").value("linux").build(),
                instance.attributes().get(1));
    }

    private static ContainerInstance instance(String name) {
        return ParsedBodies.instanceIn(Payloads.body("instance/" + name + ".json"));
    }

    private static Resource emptySet(String name) {
        return Resource.builder().name(name).type("STRINGSET").build();
    }
}
