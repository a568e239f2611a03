package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.StoreLink;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.Coordination.Leader;
import io.clusterstate.testing.TestCoordination;
import io.clusterstate.testing.TestTime;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ecs.EcsClient;

/** A mirror that leads without being able to use the lead, and the mirrors that wait for it. */
class UselessLeadTest {

    private static final String CLUSTER = "default";
    private static final Duration SILENCE = Duration.ofSeconds(31);

    private final TestTime time = new TestTime();
    private final TestCoordination coordination = new TestCoordination();

    @Test
    void aLeaderWhoseCallsHangResigns() throws Exception {
        Door door = new Door();
        door.shut();
        try (MirroredEcs ecs = mirrored(builder -> builder.ecs(hanging(door)))) {
            ecs.mirror().start();
            door.awaitSomebody();
            housekeep(ecs);
            time.advance(SILENCE);

            housekeep(ecs);

            assertEquals(
                    List.of("ecs client: no answer since 2026-11-23T12:00:00Z, last failure: none, calls hang"
                            + " (expected: an answer within 30 s)"),
                    coordination.resignations());
            door.open();
        }
    }

    @Test
    void aLeaderThatIsDeniedEverythingResigns() throws Exception {
        try (MirroredEcs ecs = mirrored(builder -> {})) {
            ecs.simulator().faults().failNext("ListClusters", 1_000, "AccessDeniedException");
            ecs.simulator().faults().failNext("DescribeClusters", 1_000, "AccessDeniedException");
            ecs.mirror().start();
            await(() -> ecs.mirror().status().failure().isPresent());
            housekeep(ecs);
            time.advance(SILENCE);

            housekeep(ecs);

            String why = coordination.resignations().get(0);
            assertTrue(why.contains("AccessDeniedException"), why);
            assertEquals(1, coordination.resignations().size());
            await(() -> ecs.mirror().status().problems().toString().contains("AccessDeniedException"));
        }
    }

    @Test
    void aLeaderThatIsDeniedASingleClusterKeepsTheLead() throws Exception {
        try (MirroredEcs ecs = mirrored(builder -> {}).ready()) {
            ecs.simulator()
                    .faults()
                    .failIn(ecs.anyTask(CLUSTER).clusterArn(), "ListContainerInstances", "AccessDeniedException");
            assertFalse(ecs.reconcile(CLUSTER).isComplete());
            long passes = ecs.reports().size();

            for (int i = 0; i < 30; i++) {
                time.advance(Duration.ofSeconds(4));
                awaitRounds(ecs);
                housekeep(ecs);
            }

            assertEquals(List.of(), coordination.resignations());
            assertTrue(ecs.reports().size() > passes, "it goes on");
        }
    }

    @Test
    void whoWaitsForTheFirstLoadIsToldWhoLeads() throws Exception {
        coordination.term(0);
        coordination.leader(new Leader("host-1", time.instant()));
        try (MirroredEcs ecs = mirrored(builder -> {})) {
            ecs.mirror().start();
            ecs.awaitRounds("reconcile");
            assertEquals(List.of(), ecs.mirror().status().problems());
            time.advance(Duration.ofSeconds(61));

            assertEquals(
                    Optional.of("leader: host-1 has confirmed nothing since 2026-11-23T12:00:00Z"
                            + " (expected: within 60 s)"),
                    ecs.mirror().status().failure());
            TimeoutException late =
                    assertThrows(TimeoutException.class, () -> ecs.view().awaitReady(Duration.ZERO));
            assertTrue(
                    late.getMessage()
                            .contains("the first load, by host-1, which leads and was last heard of at"
                                    + " 2026-11-23T12:00:00Z; store: LIVE"),
                    late.getMessage());
        }
    }

    private MirroredEcs mirrored(Consumer<ClusterMirrorBuilder> choices) {
        return MirroredEcs.of(
                time,
                Simulator.builder().seed(13).clusters(1).tasks(60),
                builder -> choices.accept(builder.store(new FencedStore(coordination, time))));
    }

    private static void housekeep(MirroredEcs ecs) {
        ecs.mirror().housekeep(() -> {});
    }

    /** Waits for four heartbeats of each reconcile loop, and wakes the loops, which wait for work by real time. */
    private void awaitRounds(MirroredEcs ecs) {
        for (int i = 0; i < 4; i++) {
            time.advance(Duration.ofMillis(1));
            Instant now = time.instant();
            await(() -> {
                coordination.link(StoreLink.State.LIVE);
                return ecs.mirror().status().loops().stream()
                        .filter(loop -> loop.name().startsWith("reconcile"))
                        .noneMatch(loop -> loop.lastBeat().orElseThrow().isBefore(now));
            });
        }
    }

    /** A client whose calls hang until a door opens. */
    private static EcsClient hanging(Door door) {
        return (EcsClient) Proxy.newProxyInstance(
                EcsClient.class.getClassLoader(), new Class<?>[] {EcsClient.class}, (proxy, method, arguments) -> {
                    door.pass();
                    throw SdkClientException.create("by the test");
                });
    }
}
