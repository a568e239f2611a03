package io.clusterstate.etcd;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.DeliveryOutcome;
import io.clusterstate.mirror.MirrorStatus.Role;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.testing.Child;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.SimulatorFixture;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A mirror that is killed in the middle of its work: the rest go on, and who comes after it need not begin anew. */
@Order(1) // since it takes the longest
class KilledMirrorTest {

    private static final int LEASE_SECONDS = 4;
    private static final int EVENTS_A_SECOND = 300;

    @Test
    @Promise({4, 6})
    void theRestGoOnNoMessageIsLostAndTheSuccessorLoadsFromEtcd() throws Exception {
        String namespace = TestEtcd.newNamespace();
        try (EtcdServer etcd = EtcdServer.launch();
                SimulatorFixture world = new SimulatorFixture(
                        Simulator.builder().seed(11).clusters(3).tasks(600));
                Child first = Child.start(MirrorProcess.class, arguments(world, etcd, namespace));
                ClusterMirror second = mirror(world, etcd, namespace)) {
            await(() -> first.hasPrinted("READY LEADER"));
            second.start();
            await(() -> second.view().isReady());
            assertEquals(Role.FOLLOWER, second.status().role());
            world.simulator().drive(EVENTS_A_SECOND);
            await(() -> first.hasPrinted("applied 1") && applied(second) > 50);

            first.kill();
            long killed = System.nanoTime();
            long appliedAtTheKill = applied(second);
            await(() -> second.status().role() == Role.LEADER);
            Duration took = Duration.ofNanos(System.nanoTime() - killed);

            assertTrue(took.toSeconds() <= LEASE_SECONDS + 20, () -> "another leads after " + took);
            assertTrue(applied(second) > appliedAtTheKill, "events were taken in all the while");
            assertNoFullReconcile(second);
            showASuccessor(world, etcd, namespace);
            world.simulator().settle(Duration.ofMinutes(1));
            await(() -> world.messagesLeft() == 0);
            await(() -> Truths.differences(
                            second.view().snapshot(), world.simulator().truth())
                    .isEmpty());
            System.out.printf("led by another after %d ms, lease %d s%n", took.toMillis(), LEASE_SECONDS);
        }
    }

    /** One that comes later is ready by a load from etcd alone. */
    private static void showASuccessor(SimulatorFixture world, EtcdServer etcd, String namespace) {
        try (ClusterMirror third = mirror(world, etcd, namespace)) {
            long from = System.nanoTime();
            third.start();
            await(() -> third.view().isReady());
            System.out.printf(
                    "a successor is ready after %d ms with %s, ECS calls: %s%n",
                    Duration.ofNanos(System.nanoTime() - from).toMillis(),
                    third.view().snapshot(),
                    third.status().api().calls());
            assertEquals(0, listings(third.status().api().calls()));
        }
    }

    /** The clusters were compared a moment ago, by the one that was killed. */
    private static void assertNoFullReconcile(ClusterMirror mirror) {
        await(() -> listings(mirror.status().api().calls()) > 0);
        Map<String, Long> calls = mirror.status().api().calls();
        assertEquals(0, calls.getOrDefault("ListTasks", 0L), calls::toString);
        assertTrue(mirror.view().freshness().freshUpTo().isPresent(), "what was confirmed stays confirmed");
    }

    private static long listings(Map<String, Long> calls) {
        return calls.entrySet().stream()
                .filter(each -> each.getKey().startsWith("List"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static long applied(ClusterMirror mirror) {
        return mirror.status().deliveries().get(DeliveryOutcome.APPLIED);
    }

    private static ClusterMirror mirror(SimulatorFixture world, EtcdServer etcd, String namespace) {
        return ClusterMirror.builder()
                .ecs(world.ecs())
                .events(world.source())
                .store(EtcdStateStore.builder(
                                Etcd.at(etcd.endpoint().toString()).namespace(namespace))
                        .leaderLease(Duration.ofSeconds(LEASE_SECONDS))
                        .build())
                .build();
    }

    private static List<String> arguments(SimulatorFixture world, EtcdServer etcd, String namespace) {
        return List.of(
                world.simulator().ecsEndpoint().toString(),
                world.simulator().sqsEndpoint().toString(),
                world.simulator().queueUrl(),
                etcd.endpoint().toString(),
                namespace,
                Integer.toString(LEASE_SECONDS));
    }
}
