package io.clusterstate;

import static io.clusterstate.testing.Entities.cluster;
import static io.clusterstate.testing.Entities.definition;
import static io.clusterstate.testing.Entities.instance;
import static io.clusterstate.testing.Entities.instanceArn;
import static io.clusterstate.testing.Entities.observed;
import static io.clusterstate.testing.Entities.service;
import static io.clusterstate.testing.Entities.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.spi.SnapshotEditor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.NetworkBinding;
import software.amazon.awssdk.services.ecs.model.NetworkInterface;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;

@SuppressWarnings("unchecked") // arrays of the SDK's varargs
class EndpointsTest {

    private static final String NO_DEFINITION =
            "the definition is not in the view: arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1"
                    + " (expected: a mirror with taskDefinitions, a moment after the task has shown)";

    private final SnapshotEditor held = SnapshotEditor.of(SnapshotEditor.empty());
    private final InstanceAddresses addresses = InstanceAddresses.by(ids -> Map.of("i-1", "10.0.0.1"));

    @BeforeEach
    void hold() {
        held.put(observed(EntityKind.CLUSTER, "prod", cluster("prod")));
        held.put(observed(EntityKind.SERVICE, "prod", service("prod", "web")));
        held.put(observed(EntityKind.INSTANCE, "prod", instance("prod", "1")));
        held.put(observed(EntityKind.INSTANCE, "prod", instance("prod", "2")));
    }

    @Test
    void aTaskWithAnInterfaceOfItsOwnIsReachedAtThePortOfItsContainer() {
        Task task = put("a", own("10.0.1.5", null));

        assertEquals(
                List.of(new Endpoint(
                        task,
                        Optional.empty(),
                        "10.0.1.5",
                        Optional.empty(),
                        8080,
                        Optional.empty(),
                        HealthStatus.UNKNOWN)),
                known(8080));
    }

    @Test
    void aDefinitionTellsContainerAndProtocol() {
        put("a", own("10.0.1.5", null));
        putDefinition("awsvpc", mapping("dns", 53).toBuilder().protocol("udp").build());

        Endpoint found = known(53).get(0);
        assertEquals(Optional.of("web"), found.container());
        assertEquals(Optional.of(TransportProtocol.UDP), found.protocol());
        assertEquals(List.of("10.0.1.5:53"), words(endpoints().port("dns")));
        assertEquals(List.of("10.0.1.5:9"), words(endpoints().port(9)));
    }

    @Test
    void theInterfacesOfContainersServeWhereTheAttachmentHasNoAddress() {
        put(
                "a",
                task -> task.containers(Container.builder()
                        .name("web")
                        .networkInterfaces(NetworkInterface.builder()
                                .privateIpv4Address("10.0.1.6")
                                .ipv6Address("2001:db8::6")
                                .build())
                        .build()));
        put("b", own(null, "2001:db8::7"));

        assertEquals(
                List.of("10.0.1.6:80", "[2001:db8::7]:80"), words(endpoints().port(80)));
        assertEquals(
                Optional.of("2001:db8::6"),
                known(80).stream()
                        .filter(each -> each.address().startsWith("10"))
                        .findFirst()
                        .orElseThrow()
                        .ipv6Address());
    }

    @Test
    void anInterfaceWithoutAnAddressIsSaidToHaveNone() {
        put("a", own(null, null));

        assertEquals(
                List.of("a: network interface: no address (expected: one, once ECS reports it)"),
                reasons(endpoints().port(80)));
    }

    @Test
    void aBridgedTaskIsReachedAtTheBoundPortOfItsInstance() {
        put("a", on("1", binding(8080, 32768), binding(9090, 32769)));
        put("b", on("1", binding(8080, 32770)));

        assertEquals(
                List.of("10.0.0.1:32768", "10.0.0.1:32770"), words(endpoints().port(8080)));
        assertEquals(Optional.of("web"), known(8080).get(0).container());
        assertEquals(Optional.of(TransportProtocol.TCP), known(8080).get(0).protocol());
        assertEquals(
                List.of("b: port: 9090 (expected: a bound port, [8080])"),
                reasons(endpoints().port(9090)));
    }

    @Test
    void bothAddressFamiliesOfADockerBindingAreOneEndpoint() {
        put(
                "a",
                on(
                        "1",
                        binding(80, 32768),
                        binding(80, 32768).toBuilder().bindIP("::").build()));

        assertEquals(List.of("10.0.0.1:32768"), words(endpoints().port(80)));
    }

    @Test
    void theOtherPortOfIpv6IsNoEndpointAtTheAddressOfIpv4() {
        NetworkBinding ipv6 = binding(80, 32769).toBuilder().bindIP("::").build();
        put("a", on("1", binding(80, 32768), ipv6));
        put("b", on("1", binding(80, 40000).toBuilder().bindIP("::").build()));

        assertEquals(
                List.of("10.0.0.1:32768", "10.0.0.1:40000"), words(endpoints().port(80)));

        InstanceAddresses ofIpv6 = InstanceAddresses.by(ids -> Map.of("i-1", "2001:db8::1"));
        Snapshot snapshot = held.toSnapshot(1);
        ofIpv6.refresh(snapshot);
        assertEquals(
                List.of("[2001:db8::1]:32769", "[2001:db8::1]:40000"),
                words(snapshot.endpoints(ofIpv6).port(80)));
    }

    @Test
    void aBindingToOneAddressNeedsNoInstance() {
        put("a", on("9", binding(80, 32768).toBuilder().bindIP("10.9.9.9").build()));

        assertEquals(
                List.of("10.9.9.9:32768"),
                words(held.toSnapshot(1).endpoints().ofService("web").port(80)));
    }

    @Test
    void tcpAndUdpOfOneNumberAreTwoEndpointsAndANameChooses() {
        put(
                "a",
                on(
                        "1",
                        binding(53, 32768),
                        binding(53, 32769).toBuilder().protocol("udp").build()));
        assertEquals(
                List.of("10.0.0.1:32768", "10.0.0.1:32769"), words(endpoints().port(53)));

        putDefinition(
                null,
                mapping("tcp-dns", 53),
                mapping("dns", 53).toBuilder().protocol("udp").build());
        assertEquals(List.of("10.0.0.1:32769"), words(endpoints().port("dns")));
        assertEquals(
                List.of("10.0.0.1:32768", "10.0.0.1:32769"), words(endpoints().port(53)));
    }

    @Test
    void eachContainerThatMapsThePortIsAnEndpoint() {
        put("a", task -> task.containerInstanceArn(instanceArn("prod", "1"))
                .containers(container("web", binding(80, 32768)), container("admin", binding(80, 32769))));

        assertEquals(
                List.of("10.0.0.1:32768", "10.0.0.1:32769"), words(endpoints().port(80)));
    }

    @Test
    void aPortInARangeIsAtTheSamePlaceOfTheHostsRange() {
        put("a", on("1", range("9000-9010", "40000-40010"), range("7000-7001", "41000-41009")));

        assertEquals(List.of("10.0.0.1:40003"), words(endpoints().port(9003)));
        assertEquals(List.of(), words(endpoints().port(9011)));
        assertEquals(List.of(), words(endpoints().port(7000)));
        assertEquals(1, endpoints().port(7000).unknown().size());
    }

    @Test
    void aNameOfARangeIsNoSinglePort() {
        put("a", on("1", range("9000-9010", "40000-40010")));
        putDefinition(
                null,
                PortMapping.builder()
                        .name("many")
                        .containerPortRange("9000-9010")
                        .build(),
                mapping("one", 80));

        assertEquals(
                List.of("a: port: many (expected: the name of a single port in arn:aws:ecs:eu-west-1:123456789012:"
                        + "task-definition/web:1, [one])"),
                reasons(endpoints().port("many")));
        assertEquals(List.of("10.0.0.1:40000"), words(endpoints().port(9000)));
    }

    @Test
    void aTaskInTheNetworkOfItsHostIsReachedAtThePortOfItsContainer() {
        put("a", on("1"));
        assertEquals(
                List.of("a: port: 8080, and " + NO_DEFINITION),
                reasons(endpoints().port(8080)));

        putDefinition("host", mapping("http", 8080));
        assertEquals(List.of("10.0.0.1:8080"), words(endpoints().port("http")));
        assertEquals(List.of("10.0.0.1:8080"), words(endpoints().port(8080)));
        assertEquals(
                List.of("a: port: 8081 (expected: a bound port, [])"),
                reasons(endpoints().port(8081)));
    }

    @Test
    void aNameWithoutADefinitionIsUnknown() {
        put("a", own("10.0.1.5", null));

        assertEquals(
                List.of("a: port: http, and " + NO_DEFINITION),
                reasons(endpoints().port("http")));
    }

    @Test
    void anAddressThatNobodyHasResolvedIsUnknown() {
        put("a", on("2", binding(80, 32768)));
        put("b", on("9", binding(80, 32768)));

        assertEquals(
                List.of(
                        "a: address of i-2: unknown (expected: one in InstanceAddresses, after a refresh)",
                        "b: instance: " + instanceArn("prod", "9")
                                + " (expected: an instance in the view, with its EC2 id)"),
                reasons(endpoints().port(80)));
        assertEquals(
                2,
                held.toSnapshot(1)
                        .endpoints()
                        .ofService("web")
                        .port(80)
                        .unknown()
                        .size());
    }

    @Test
    void onlyTasksThatRunAndAreNotBeingStoppedCount() {
        put("a", own("10.0.1.1", null).andThen(task -> task.lastStatus("PENDING")));
        put("b", own("10.0.1.2", null).andThen(task -> task.desiredStatus("STOPPED")));
        put("c", own("10.0.1.3", null).andThen(task -> task.lastStatus("STOPPED")));
        put("d", own("10.0.1.4", null).andThen(task -> task.healthStatus(HealthStatus.UNHEALTHY)));
        put("e", own("10.0.1.5", null).andThen(task -> task.group("service:other")));

        assertEquals(List.of("10.0.1.4:80"), words(endpoints().port(80)));
        assertEquals(HealthStatus.UNHEALTHY, known(80).get(0).health());
    }

    @Test
    void aServiceOfTheSameNameElsewhereIsAnotherOne() {
        put("a", own("10.0.1.1", null));
        held.put(observed(EntityKind.TASK, "test", task("test", "x", own("10.0.2.1", null))));
        assertEquals(List.of("10.0.1.1:80"), words(endpoints().port(80)));

        held.put(observed(EntityKind.SERVICE, "test", service("test", "web")));
        assertThrows(IllegalArgumentException.class, this::endpoints);
        assertEquals(
                List.of("10.0.2.1:80"),
                words(held.toSnapshot(1).endpoints().ofService("test/web").port(80)));
    }

    @Test
    void aServiceThatTheViewDoesNotHaveIsNoEmptyOne() {
        put("a", own("10.0.1.1", null).andThen(task -> task.group("service:wbe")));

        EndpointList none = held.toSnapshot(1).endpoints().ofService("wbe").port(80);
        assertEquals(List.of(), none.known());
        assertEquals(
                List.of(new EndpointList.Unknown(Optional.empty(), "service: wbe (expected: a service in the view)")),
                none.unknown());
        assertThrows(IllegalArgumentException.class, () -> endpoints().port(0));
    }

    @Test
    void tasksWithoutAServiceAreFoundByAQuery() {
        put("a", own("10.0.1.1", null).andThen(task -> task.group("family:web")));
        Snapshot snapshot = held.toSnapshot(1);

        assertEquals(
                List.of("10.0.1.1:80"),
                words(snapshot.endpoints().of(snapshot.tasks().family("web")).port(80)));
    }

    private Endpoints endpoints() {
        Snapshot snapshot = held.toSnapshot(1);
        addresses.refresh(snapshot);
        return snapshot.endpoints(addresses).ofService("web");
    }

    private List<Endpoint> known(int port) {
        return endpoints().port(port).known();
    }

    private static List<String> words(EndpointList list) {
        return list.known().stream().map(Endpoint::toString).sorted().toList();
    }

    private static List<String> reasons(EndpointList list) {
        return list.unknown().stream()
                .map(each -> each.task().orElseThrow().taskArn().replaceAll(".*/", "") + ": " + each.reason())
                .sorted()
                .toList();
    }

    private Task put(String id, Consumer<Task.Builder> changes) {
        Task task = task("prod", id, changes);
        held.put(observed(EntityKind.TASK, "prod", task));
        return task;
    }

    private void putDefinition(String mode, PortMapping... mappings) {
        TaskDefinition web = definition("prod", "web", 1).toBuilder()
                .networkMode(mode)
                .containerDefinitions(container -> container.name("web").portMappings(mappings))
                .build();
        held.put(definition(web));
    }

    /** A network interface, as DescribeTasks shows it. */
    private static Consumer<Task.Builder> own(String ipv4, String ipv6) {
        return task -> task.attachments(Attachment.builder()
                        .type("ElasticNetworkInterface")
                        .details(
                                KeyValuePair.builder()
                                        .name("subnetId")
                                        .value("subnet-1")
                                        .build(),
                                KeyValuePair.builder()
                                        .name("privateIPv4Address")
                                        .value(ipv4)
                                        .build())
                        .build())
                .containers(Container.builder()
                        .name("web")
                        .networkInterfaces(
                                NetworkInterface.builder().ipv6Address(ipv6).build())
                        .build());
    }

    private static Consumer<Task.Builder> on(String instance, NetworkBinding... bindings) {
        return task -> task.containerInstanceArn(instanceArn("prod", instance)).containers(container("web", bindings));
    }

    private static Container container(String name, NetworkBinding... bindings) {
        return Container.builder().name(name).networkBindings(bindings).build();
    }

    private static NetworkBinding binding(int containerPort, int hostPort) {
        return NetworkBinding.builder()
                .bindIP("0.0.0.0")
                .containerPort(containerPort)
                .hostPort(hostPort)
                .protocol("tcp")
                .build();
    }

    private static NetworkBinding range(String inside, String outside) {
        return NetworkBinding.builder()
                .bindIP("0.0.0.0")
                .containerPortRange(inside)
                .hostPortRange(outside)
                .protocol("tcp")
                .build();
    }

    private static PortMapping mapping(String name, int containerPort) {
        return PortMapping.builder().name(name).containerPort(containerPort).build();
    }
}
