package io.clusterstate;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.gpus;
import static io.clusterstate.Requirement.memory;
import static io.clusterstate.Requirement.port;
import static io.clusterstate.Requirement.udpPort;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.ResourceType;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** The requirements that {@link Requirement#of} reads from a task definition. */
@SuppressWarnings("unchecked") // arrays of the SDK's varargs
class DefinitionResourcesTest {

    @Test
    void theTasksOwnAmountsCountBeforeThoseOfItsContainers() {
        TaskDefinition definition = TaskDefinition.builder()
                .cpu("1024")
                .memory("2048")
                .containerDefinitions(container(each -> each.cpu(256).memory(512)))
                .build();

        assertEquals(List.of(cpu(1024), memory(2048)), Requirement.of(definition));
    }

    @Test
    void containersAreSummedAndTheirReservationCountsBeforeTheirLimit() {
        TaskDefinition definition = of(
                container(each -> each.cpu(256).memory(512).memoryReservation(128)),
                container(each -> each.cpu(128).memory(64)),
                container(each -> {}));

        assertEquals(List.of(cpu(384), memory(192)), Requirement.of(definition));
    }

    @Test
    void aTasksCpuAndItsContainersMemoryGoTogether() {
        TaskDefinition definition = of(container(each -> each.cpu(256).memory(512))).toBuilder()
                .cpu("100")
                .build();

        assertEquals(List.of(cpu(100), memory(512)), Requirement.of(definition));
    }

    @Test
    void aDefinitionThatReservesNothingRequiresNothing() {
        assertEquals(List.of(), Requirement.of(of(container(each -> each.cpu(0)))));
    }

    @Test
    void gpusAreSummedAndOtherDevicesAreNoGpus() {
        TaskDefinition definition = of(
                container(each -> each.resourceRequirements(
                        gpu -> gpu.type(ResourceType.GPU).value("2"),
                        other -> other.type("InferenceAccelerator").value("device_1"))),
                container(each -> each.resourceRequirements(
                        gpu -> gpu.type(ResourceType.GPU).value("1"))));

        assertEquals(List.of(gpus(3)), Requirement.of(definition));
    }

    @Test
    void aBridgedTaskRequiresItsFixedPortsAndNoDynamicOnes() {
        TaskDefinition definition = of(
                container(each -> each.portMappings(
                        mapping(8080, 80),
                        mapping(8081, 0),
                        mapping(8082, null),
                        PortMapping.builder().containerPortRange("9000-9010").build())),
                container(each -> each.portMappings(
                        mapping(53, 53).toBuilder().protocol("udp").build())));

        assertEquals(List.of(port(80), udpPort(53)), Requirement.of(definition));
        assertEquals(
                List.of(port(80), udpPort(53)),
                Requirement.of(definition.toBuilder().networkMode("bridge").build()));
    }

    @Test
    void aTaskInTheHostsNetworkRequiresItsContainerPorts() {
        TaskDefinition definition =
                of(container(each -> each.portMappings(mapping(8080, null), mapping(8080, 8080)))).toBuilder()
                        .networkMode("host")
                        .build();

        assertEquals(List.of(port(8080)), Requirement.of(definition));
    }

    @ParameterizedTest
    @ValueSource(strings = {"awsvpc", "none", "a-later-mode"})
    void aTaskThatUsesNoPortOfTheHostRequiresNone(String mode) {
        TaskDefinition definition = of(container(each -> each.portMappings(mapping(8080, 8080)))).toBuilder()
                .networkMode(mode)
                .build();

        assertEquals(List.of(), Requirement.of(definition));
    }

    @Test
    void anAmountThatIsNoWholeNumberIsRefusedByItsName() {
        TaskDefinition definition = TaskDefinition.builder().cpu("1 vCPU").build();

        assertEquals(
                "cpu: 1 vCPU (expected: a whole number, as ECS describes it)",
                assertThrows(IllegalArgumentException.class, () -> Requirement.of(definition))
                        .getMessage());
    }

    private static TaskDefinition of(ContainerDefinition... containers) {
        return TaskDefinition.builder().containerDefinitions(containers).build();
    }

    private static ContainerDefinition container(Consumer<ContainerDefinition.Builder> changes) {
        return ContainerDefinition.builder().applyMutation(changes).build();
    }

    private static PortMapping mapping(int containerPort, Integer hostPort) {
        return PortMapping.builder()
                .containerPort(containerPort)
                .hostPort(hostPort)
                .build();
    }
}
