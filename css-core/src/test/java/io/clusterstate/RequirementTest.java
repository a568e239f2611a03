package io.clusterstate;

import static io.clusterstate.testing.Entities.instance;
import static io.clusterstate.testing.InstanceParts.number;
import static io.clusterstate.testing.InstanceParts.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;

class RequirementTest {

    private final ContainerInstance instance = withRemaining(
            number("CPU", 512),
            number("MEMORY", 1024),
            set("PORTS", "22", "8080"),
            set("PORTS_UDP", "53"),
            set("GPU", "gpu-a", "gpu-b"));

    @Test
    void countedResourcesMayBeUsedUpToTheLastUnit() {
        assertTrue(Requirement.cpu(512).isMetBy(instance));
        assertFalse(Requirement.cpu(513).isMetBy(instance));
        assertTrue(Requirement.memory(1024).isMetBy(instance));
        assertFalse(Requirement.memory(1025).isMetBy(instance));
    }

    @Test
    void whatRemainsCountsAndNotWhatIsRegistered() {
        ContainerInstance full = instance("prod", "1", changes -> changes.registeredResources(number("CPU", 4096))
                .remainingResources(number("CPU", 0)));

        assertFalse(Requirement.cpu(1).isMetBy(full));
        assertTrue(Requirement.cpu(0).isMetBy(full));
    }

    @Test
    void aPortIsFreeUnlessItIsListed() {
        assertFalse(Requirement.port(8080).isMetBy(instance));
        assertTrue(Requirement.port(8081).isMetBy(instance));
        assertFalse(Requirement.udpPort(53).isMetBy(instance));
        assertTrue(Requirement.udpPort(8080).isMetBy(instance));
        assertTrue(Requirement.port(53).isMetBy(instance));
    }

    @Test
    void gpusAreCountedByTheirIds() {
        assertTrue(Requirement.gpus(2).isMetBy(instance));
        assertFalse(Requirement.gpus(3).isMetBy(instance));
    }

    @Test
    void anInstanceThatListsNothingHasNothingFreeButAllItsPorts() {
        ContainerInstance bare = withRemaining();

        assertFalse(Requirement.cpu(1).isMetBy(bare));
        assertFalse(Requirement.memory(1).isMetBy(bare));
        assertFalse(Requirement.gpus(1).isMetBy(bare));
        assertTrue(Requirement.port(80).isMetBy(bare));
    }

    @Test
    void anyCountedResourceCanBeRequiredByItsName() {
        ContainerInstance withInterfaces = withRemaining(number("NETWORK_INTERFACES", 3));

        assertTrue(new Requirement.Amount("NETWORK_INTERFACES", 3).isMetBy(withInterfaces));
        assertFalse(new Requirement.Amount("NETWORK_INTERFACES", 4).isMetBy(withInterfaces));
    }

    @Test
    void amountsThatCannotBeAreRefusedHoweverTheyAreMade() {
        assertEquals("CPU: -1 (expected: >= 0)", messageOf(() -> Requirement.cpu(-1)));
        assertEquals("MEMORY: -1 (expected: >= 0)", messageOf(() -> Requirement.memory(-1)));
        assertEquals("GPU: -1 (expected: >= 0)", messageOf(() -> Requirement.gpus(-1)));
        assertEquals("CPU: -1 (expected: >= 0)", messageOf(() -> new Requirement.Amount("CPU", -1)));
    }

    @Test
    void portsThatAreNoneAreRefused() {
        assertEquals("port: 0 (expected: 1 to 65535)", messageOf(() -> Requirement.port(0)));
        assertEquals("port: 65536 (expected: 1 to 65535)", messageOf(() -> Requirement.port(65_536)));
        assertEquals("port: 0 (expected: 1 to 65535)", messageOf(() -> Requirement.udpPort(0)));
        assertEquals(65_535, Requirement.udpPort(65_535).number());
        assertEquals(1, Requirement.port(1).number());
    }

    @Test
    void aResourceThatIsNotCountedIsNoAmount() {
        assertEquals(
                "resource: GPU (expected: a counted resource; Requirement.port, udpPort and gpus are for the others)",
                messageOf(() -> new Requirement.Amount("GPU", 1)));
        assertThrows(IllegalArgumentException.class, () -> new Requirement.Amount("PORTS", 80));
        assertThrows(IllegalArgumentException.class, () -> new Requirement.Amount("PORTS_UDP", 53));
        assertEquals(
                "protocol: null (expected: tcp or udp)",
                messageOf(() -> new Requirement.Port(80, TransportProtocol.UNKNOWN_TO_SDK_VERSION)));
    }

    @Test
    void aRequirementReadsAsWhatIsDemanded() {
        assertEquals(
                "[CPU 512, MEMORY 64, GPU 1, tcp port 80, udp port 53]",
                List.of(
                                Requirement.cpu(512),
                                Requirement.memory(64),
                                Requirement.gpus(1),
                                Requirement.port(80),
                                Requirement.udpPort(53))
                        .toString());
    }

    private static String messageOf(Runnable refused) {
        return assertThrows(IllegalArgumentException.class, refused::run).getMessage();
    }

    private static ContainerInstance withRemaining(Resource... resources) {
        return instance("prod", "1", changes -> changes.remainingResources(resources));
    }
}
