package io.clusterstate.etcd;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ClusterStateView;
import io.clusterstate.Observed;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.TaskDefinitions;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.Upsert;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.SimulatorFixture;
import io.clusterstate.testing.Soak;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.options.GetOption;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** Task definitions in etcd: one mirror fetches them, and every other process has them without a call. */
class SharedDefinitionsTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final double UNLIMITED = 1_000_000;
    private static final int DEFINITIONS = 500;

    private final String namespace = TestEtcd.newNamespace();

    @Test
    @Tag("soak")
    void aReaderAndARestartFetchNone() throws Exception {
        int tasks = Soak.size("tasks that refer to 500 definitions", 2_000, 10_000);
        try (SimulatorFixture world = new SimulatorFixture(
                Simulator.builder().seed(3).clusters(2).tasks(tasks).definitions(DEFINITIONS))) {
            try (ClusterMirror first = mirror(world, TaskDefinitions.referenced())) {
                awaitAll(first.view());
                assertEquals(DEFINITIONS, calls(world));
                try (EtcdStateReader reader = EtcdStateReader.of(etcd())) {
                    reader.start();
                    awaitAll(reader.view());
                    assertEquals(
                            Set.copyOf(first.view().snapshot().definitions().list()),
                            Set.copyOf(reader.view().snapshot().definitions().list()));
                }
            }
            assertFalse(valuesInEtcd().contains("token-of-"), "no value of a variable is in etcd");
            try (ClusterMirror restarted = mirror(world, TaskDefinitions.referenced())) {
                awaitAll(restarted.view());
                awaitLooks(restarted);
                assertEquals(0, restarted.status().definitions().waiting());
                System.out.printf(
                        "%d definitions of %d tasks: %d calls by a mirror, a reader and a restart%n",
                        DEFINITIONS, restarted.view().snapshot().tasks().count(), calls(world));
                assertEquals(DEFINITIONS, calls(world));
            }
        }
    }

    @Test
    void aRestartThatAsksForValuesFetchesAgain() throws Exception {
        try (SimulatorFixture world = new SimulatorFixture(
                Simulator.builder().seed(3).clusters(1).tasks(40).definitions(4))) {
            try (ClusterMirror first = mirror(world, TaskDefinitions.referenced())) {
                await(() -> first.view().snapshot().definitions().count() == 4);
            }
            try (ClusterMirror second =
                    mirror(world, TaskDefinitions.referenced().withEnvironment())) {
                await(() -> second.view().snapshot().definitions().stream().allMatch(SharedDefinitionsTest::hasValues));
                assertEquals(8, calls(world));
            }
            try (ClusterMirror third = mirror(world, TaskDefinitions.referenced())) {
                await(() -> third.view().snapshot().definitions().stream().noneMatch(SharedDefinitionsTest::hasValues));
                assertEquals(12, calls(world));
            }
            assertFalse(valuesInEtcd().contains("token-of-"));
        }
    }

    private static boolean hasValues(TaskDefinition definition) {
        return definition.containerDefinitions().stream()
                .flatMap(container -> container.environment().stream())
                .anyMatch(variable -> variable.value() != null);
    }

    /** A kind that a later version of the library adds has keys of its own, as definitions had for the first one. */
    @Test
    @Promise(13)
    void keysOfAKindThatALaterVersionAddsArePassedOver() throws Exception {
        try (EtcdStateStore store = TestEtcd.leading(EtcdStateStore.of(etcd()))) {
            store.apply(List.of(new Upsert<>(Entities.definition(Entities.definition("prod", "web", 7)))));
            put(
                    "daemon/aws/1/eu-west-1/-/daemon/arn:aws:ecs:eu-west-1:1:daemon/a",
                    "{\"format\":1,\"kind\":\"daemon\"}");
            store.apply(List.of(new Upsert<>(Entities.definition(Entities.definition("prod", "web", 8)))));

            assertEquals(2, store.snapshot().definitions().count());
            assertTrue(store.coordination().orElseThrow().problem().isEmpty());
        }
        try (EtcdStateStore again = TestEtcd.leading(EtcdStateStore.of(etcd()))) {
            Observed<?> web =
                    again.snapshot().definitions().observed().findFirst().orElseThrow();
            assertEquals(Observed.NO_CLUSTER, web.clusterArn());
            assertEquals(2, again.snapshot().definitions().count());
            assertTrue(again.coordination().orElseThrow().problem().isEmpty());
        }
    }

    private void put(String key, String value) throws Exception {
        TestEtcd.client()
                .getKVClient()
                .put(bytes(namespace + key), bytes(value))
                .get(60, TimeUnit.SECONDS);
    }

    private String valuesInEtcd() throws Exception {
        Client client = TestEtcd.client();
        StringBuilder all = new StringBuilder();
        GetOption prefix = GetOption.builder().isPrefix(true).build();
        client.getKVClient()
                .get(bytes(namespace), prefix)
                .get(60, TimeUnit.SECONDS)
                .getKvs()
                .forEach(each -> all.append(each.getValue().toString(StandardCharsets.UTF_8)));
        assertTrue(all.indexOf("API_TOKEN") > 0, "the names are there");
        return all.toString();
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    private Etcd etcd() {
        return Etcd.through(TestEtcd.client()).namespace(namespace);
    }

    private ClusterMirror mirror(SimulatorFixture world, TaskDefinitions definitions) throws Exception {
        ClusterMirror mirror = ClusterMirror.builder()
                .ecs(world.ecs())
                .events(world.source())
                .store(EtcdStateStore.builder(etcd())
                        .leaderLease(Duration.ofSeconds(10))
                        .build())
                .apiShare(UNLIMITED)
                .taskDefinitions(definitions)
                .build();
        mirror.start();
        mirror.view().awaitReady(LIMIT);
        return mirror;
    }

    private static long calls(SimulatorFixture world) {
        return world.simulator().calls().getOrDefault("DescribeTaskDefinition", 0L);
    }

    private static void awaitAll(ClusterStateView view) throws Exception {
        view.awaitReady(LIMIT);
        view.awaitUntil(
                snapshot -> snapshot.definitions().count() == DEFINITIONS
                        && snapshot.tasks().stream()
                                .allMatch(task -> snapshot.definition(task).isPresent()),
                LIMIT);
    }

    /** Waits until the mirror leads, and has looked at the store several times since. */
    private static void awaitLooks(ClusterMirror mirror) {
        await(() -> mirror.reconcileNow()
                .handle((reports, failure) -> failure == null)
                .join());
        for (int i = 0; i < 3; i++) {
            Instant now = Instant.now();
            await(() -> mirror.status().loops().stream()
                    .filter(loop -> loop.name().equals("definitions"))
                    .allMatch(loop -> loop.lastBeat().orElse(Instant.MIN).isAfter(now)));
        }
    }
}
