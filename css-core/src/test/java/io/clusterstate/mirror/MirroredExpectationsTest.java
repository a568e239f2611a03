package io.clusterstate.mirror;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.memory;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.Expectations;
import io.clusterstate.NotReadyException;
import io.clusterstate.Reservation;
import io.clusterstate.Snapshot;
import io.clusterstate.mirror.MirrorStatus.Phase;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.testing.Await;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/** Expectations of a mirror while no event comes: the mirror asks ECS itself. */
class MirroredExpectationsTest {

    private static final int LISTS = 5;

    @Test
    void aLostAnswerIsSettledWithoutAnEvent() throws Exception {
        try (MirroredEcs mirrored = withoutEvents()) {
            Expectations mine = mirrored.mirror().expectations();
            mirrored.simulator().faults().loseAnswers("StartTask", 1);
            String instance = startInVain(mirrored, mine);

            Snapshot settled = mine.awaitSettled(MirroredEcs.LIMIT);

            assertEquals(
                    1, settled.tasks().startedBy("me/1").onInstance(instance).count());
            assertEquals(0, mine.dropped());
            assertSame(mine, mirrored.mirror().expectations());
        }
    }

    @Test
    void aLostCallEndsAfterFiveEmptyLists() throws Exception {
        try (MirroredEcs mirrored = withEvents()) {
            Expectations mine = mirrored.mirror().expectations();
            mirrored.simulator().faults().loseCalls("StartTask", 1);
            long before = lists(mirrored);
            startInVain(mirrored, mine);

            for (int i = 1; i <= LISTS; i++) {
                assertEquals(1, mine.open().size(), "before list " + i);
                long wanted = before + 2L * i; // the tasks that are to run, and those that are to stop
                Await.await(() -> lists(mirrored) >= wanted);
                if (i < LISTS) {
                    mirrored.awaitRounds("expectations"); // the answer is noted before the clock turns
                    mirrored.time().advance(Duration.ofSeconds(8));
                }
            }

            mine.awaitSettled(MirroredEcs.LIMIT);
            assertEquals(0, mine.dropped());
            assertEquals(0, mirrored.snapshot().tasks().startedBy("me/1").count());
        }
    }

    @Test
    void aStopThatNoEventConfirmsIsDescribedInTime() throws Exception {
        try (MirroredEcs mirrored = withoutEvents()) {
            Expectations mine = mirrored.mirror().expectations();
            String task = mirrored.anyTask("default").taskArn();
            mirrored.world().ecs().stopTask(request -> request.task(task));
            mine.stopping(task);
            assertEquals("STOPPED", mine.snapshot().task(task).orElseThrow().desiredStatus());

            mirrored.time().advance(Duration.ofMinutes(2));

            Snapshot settled = mine.awaitSettled(MirroredEcs.LIMIT);
            assertEquals("STOPPED", settled.task(task).orElseThrow().desiredStatus());
            assertEquals(0, mine.dropped());
        }
    }

    @Test
    void theThreadBeginsWithTheFirstUseAndEndsWithTheMirror() throws Exception {
        MirroredEcs mirrored = withoutEvents();
        assertFalse(hasLoop(mirrored));
        Expectations mine = mirrored.mirror().expectations();
        assertTrue(hasLoop(mirrored));
        mirrored.close();
        assertThrows(NotReadyException.class, mine::snapshot);
        assertThrows(NotReadyException.class, () -> mine.awaitSettled(Duration.ofSeconds(1)));
    }

    @Test
    void theFirstUseMayComeWhileTheMirrorStarts() throws Exception {
        AtomicReference<Runnable> whileStarting = new AtomicReference<>();
        TestTime time = new TestTime() {
            @Override
            public long nanos() {
                Optional.ofNullable(whileStarting.get()).ifPresent(Runnable::run);
                return super.nanos();
            }
        };
        try (MirroredEcs mirrored =
                MirroredEcs.of(time, Simulator.builder().clusters(1).tasks(1), builder -> {})) {
            ClusterMirror mirror = mirrored.mirror();
            whileStarting.set(() -> {
                if (mirror.toString().endsWith(Phase.LOADING.name())) {
                    whileStarting.set(null);
                    mirror.expectations();
                }
            });

            mirrored.ready();

            assertNull(whileStarting.get(), "used while it started");
            assertTrue(hasLoop(mirrored));
        }
    }

    @Test
    void aMirrorWithoutTasksHasNoExpectations() {
        try (MirroredEcs mirrored =
                MirroredEcs.of(Simulator.builder().clusters(1).tasks(0), it -> it.kinds(EntityKind.SERVICE))) {
            assertThrows(IllegalStateException.class, mirrored.mirror()::expectations);
        }
    }

    private static MirroredEcs withEvents() throws Exception {
        return MirroredEcs.of(
                        Simulator.builder().clusters(1).instancesPerCluster(2).tasks(5))
                .ready();
    }

    private static MirroredEcs withoutEvents() throws Exception {
        MirroredEcs mirrored = withEvents();
        mirrored.simulator().faults().sqsOutage(true);
        return mirrored;
    }

    private static String startInVain(MirroredEcs mirrored, Expectations mine) {
        ContainerInstance instance = mirrored.snapshot()
                .instances()
                .withFree(cpu(512), memory(1024))
                .first()
                .orElseThrow();
        String arn = instance.containerInstanceArn();
        Reservation room = mine.reserve(arn, cpu(512), memory(1024)).startedBy("me/1");
        assertThrows(
                SdkClientException.class, () -> mirrored.world().ecs().startTask(call -> call.containerInstances(arn)
                        .taskDefinition("worker")
                        .startedBy("me/1")));
        room.unknown();
        return arn;
    }

    private static long lists(MirroredEcs mirrored) {
        return mirrored.simulator().calls().getOrDefault("ListTasks", 0L);
    }

    private static boolean hasLoop(MirroredEcs mirrored) {
        return mirrored.mirror().status().loops().stream()
                .anyMatch(loop -> loop.name().equals("expectations"));
    }
}
