package io.clusterstate.ecs;

import static io.clusterstate.testing.Entities.instance;
import static io.clusterstate.testing.InstanceParts.number;
import static io.clusterstate.testing.InstanceParts.set;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Resource;

class CapacityTest {

    private final ContainerInstance instance = instance("prod", "1", changes -> changes.registeredResources(
                    number("CPU", 2048), number("MEMORY", 3767), set("PORTS", "22"), set("GPU", "gpu-a", "gpu-b"))
            .remainingResources(
                    number("CPU", 1988),
                    number("MEMORY", 767),
                    set("PORTS", "22", "80"),
                    set("PORTS_UDP", "53"),
                    set("GPU", "gpu-b")));

    @Test
    void whatIsRegisteredAndWhatRemainsAreToldApart() {
        assertEquals(
                new Capacity(2048, 3767, Set.of("22"), Set.of(), Set.of("gpu-a", "gpu-b")),
                Capacity.registered(instance));
        assertEquals(
                new Capacity(1988, 767, Set.of("22", "80"), Set.of("53"), Set.of("gpu-b")),
                Capacity.remaining(instance));
    }

    @Test
    void whatIsNotListedIsNothing() {
        ContainerInstance bare = ContainerInstance.builder().build();

        assertEquals(new Capacity(0, 0, Set.of(), Set.of(), Set.of()), Capacity.remaining(bare));
        assertEquals(0, Capacity.number(List.of(), "CPU"));
        assertEquals(List.of(), Capacity.members(List.of(), "PORTS"));
    }

    @Test
    void aMemberThatIsListedTwiceCountsOnce() {
        ContainerInstance doubled =
                instance("prod", "1", changes -> changes.remainingResources(set("PORTS", "22", "22")));

        assertEquals(Set.of("22"), Capacity.remaining(doubled).takenPorts());
    }

    @ParameterizedTest
    @CsvSource({
        "LONG, 4096, 4096",
        "LONG, 2147483648, 2147483647",
        "LONG, 9223372036854775807, 2147483647",
        "LONG, -9223372036854775808, -2147483648",
        "DOUBLE, 4096, 4096",
        "DOUBLE, 0.99, 0", // an instance with less than a unit has no unit
        "DOUBLE, -0.5, -1",
        "DOUBLE, 1e300, 2147483647",
        "DOUBLE, NaN, 0"
    })
    void everyNumericTypeIsReadAsAnInt(String type, String value, int read) {
        Resource.Builder resource = Resource.builder().name("CPU").type(type);
        if (type.equals("LONG")) {
            resource.longValue(Long.valueOf(value));
        } else {
            resource.doubleValue(Double.valueOf(value));
        }
        List<Resource> ofAnEvent = List.of(resource.build());
        // the API's answers have the other members, too
        Resource ofTheApi = resource.integerValue(0).build();

        assertEquals(read, Capacity.number(ofAnEvent, "CPU"));
        assertEquals(read, Capacity.number(List.of(ofTheApi), "CPU"));
    }

    @Test
    void zerosBesideTheNumberOfTheTypeAreNotRead() {
        Resource cpu =
                number("CPU", 7).toBuilder().longValue(0L).doubleValue(0.0).build();

        assertEquals(7, Capacity.number(List.of(cpu), "CPU"));
    }

    @Test
    void aResourceWithoutANumberIsPassedOver() {
        List<Resource> resources = List.of(Resource.builder().name("CPU").build(), number("CPU", 7));

        assertEquals(7, Capacity.number(resources, "CPU"));
    }
}
