package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.EntityKind;
import io.clusterstate.internal.ecs.ServiceEvents;
import io.clusterstate.internal.shape.Canonical;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.SimulatorBuilder;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.DescribeServicesResponse;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;
import software.amazon.awssdk.services.ecs.model.Task;

class ServiceEventsTest {

    private static final int REPORTED = 100;

    private final Random random = new Random(1);

    @Test
    void theNewestAreKeptWhateverTheirOrder() {
        List<ServiceEvent> shuffled = new ArrayList<>(events());
        Collections.shuffle(shuffled, random);

        Service trimmed = new ServiceEvents(10).trimmed(EntityKind.SERVICE, web(shuffled));

        assertEquals(events().subList(0, 10), trimmed.events());
        assertEquals(
                web(null), trimmed.toBuilder().events((List<ServiceEvent>) null).build());
    }

    @Test
    void eventsOfOneMomentStayInTheOrderOfEcs() {
        List<ServiceEvent> reported = List.of(event(7, 0), event(9, 0), event(8, 0));

        Service trimmed = new ServiceEvents(2).trimmed(EntityKind.SERVICE, web(reported));

        assertEquals(reported.subList(0, 2), trimmed.events());
    }

    @Test
    void eventsWithoutATimeAreTheOldest() {
        ServiceEvent bare = ServiceEvent.builder().message("?").build();

        Service trimmed =
                new ServiceEvents(2).trimmed(EntityKind.SERVICE, web(List.of(bare, event(1, 1), event(2, 2))));

        assertEquals(List.of(event(1, 1), event(2, 2)), trimmed.events());
    }

    @Test
    void noneAreUnset() {
        Service trimmed = new ServiceEvents(0).trimmed(EntityKind.SERVICE, web(events()));

        assertFalse(Canonical.of(Service.class, trimmed).hasEvents());
    }

    @Test
    void allElseIsLeftAsItIs() {
        Task task = Entities.task("prod", "a");
        Service quiet = web(null);

        assertSame(task, new ServiceEvents(10).trimmed(EntityKind.TASK, task));
        assertSame(quiet, new ServiceEvents(10).trimmed(EntityKind.SERVICE, quiet));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 101})
    void aNumberThatCannotBeIsRefused(int most) {
        ClusterMirrorBuilder builder = ClusterMirror.builder();

        assertEquals(
                "serviceEvents: " + most + " (expected: 0 to 100)",
                assertThrows(IllegalArgumentException.class, () -> builder.serviceEvents(most))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, REPORTED})
    void aMirrorKeepsAsManyAsItIsToldTo(int most) throws Exception {
        try (MirroredEcs mirrored = mirrored(builder -> builder.serviceEvents(most))) {
            assertEquals(events().subList(0, most), anyService(mirrored).events());
        }
    }

    @Test
    @Promise(2)
    void aMirrorKeepsTenAndAComparisonThatReportsThemInAnotherOrderTellsNothing() throws Exception {
        try (MirroredEcs mirrored = mirrored(builder -> {})) {
            assertEquals(events().subList(0, 10), anyService(mirrored).events());
            mirrored.reconcileAll();
            long before = mirrored.snapshot().revision();

            mirrored.reconcileAll();

            assertEquals(before, mirrored.snapshot().revision());
        }
    }

    /**
     * A mirror of an ECS where nothing happens, and that reports the same hundred events of each service, in any order.
     */
    private MirroredEcs mirrored(Consumer<ClusterMirrorBuilder> choices) throws Exception {
        SimulatorBuilder simulator = Simulator.builder().clusters(1).tasks(5);
        return MirroredEcs.of(simulator, builder -> {
                    builder.ecs(reporting(builder.ecs()));
                    choices.accept(builder);
                })
                .ready();
    }

    private EcsClient reporting(EcsClient ecs) {
        return (EcsClient) Proxy.newProxyInstance(
                EcsClient.class.getClassLoader(), new Class<?>[] {EcsClient.class}, (proxy, method, arguments) -> {
                    try {
                        Object answer = method.invoke(ecs, arguments);
                        return answer instanceof DescribeServicesResponse services ? withEvents(services) : answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private synchronized DescribeServicesResponse withEvents(DescribeServicesResponse answer) {
        List<ServiceEvent> shuffled = new ArrayList<>(events());
        Collections.shuffle(shuffled, random);
        return answer.toBuilder()
                .services(answer.services().stream()
                        .map(service -> service.toBuilder().events(shuffled).build())
                        .toList())
                .build();
    }

    private static Service anyService(MirroredEcs mirrored) {
        return mirrored.snapshot().services().list().get(0);
    }

    private static Service web(List<ServiceEvent> events) {
        return Entities.service("prod", "web", service -> service.events(events));
    }

    /** As many as ECS reports, the newest first. */
    private static List<ServiceEvent> events() {
        return IntStream.range(0, REPORTED).mapToObj(i -> event(i, i)).toList();
    }

    private static ServiceEvent event(int id, int secondsAgo) {
        return ServiceEvent.builder()
                .id("event-" + id)
                .createdAt(Entities.NOW.minusSeconds(secondsAgo))
                .message("(service web) has started 1 tasks: (task " + id + ").")
                .build();
    }
}
