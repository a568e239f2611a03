package io.clusterstate.memory;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ChangeBatch;
import io.clusterstate.ChangeListener;
import io.clusterstate.ClusterStateView;
import io.clusterstate.CompositeSnapshot;
import io.clusterstate.CompositeView;
import io.clusterstate.EntityKind;
import io.clusterstate.NotReadyException;
import io.clusterstate.Subscription;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.sqs.SqsEventSource;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.Rebuilt;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Two Regions of two accounts, each with a simulated ECS, a queue and a mirror, under one composite view. One is cut
 * off and comes back, while the others go on.
 */
@Timeout(300)
class CompositeMirrorsTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int TASKS = 40;
    private static final String CUT = "111122223333/us-east-1";

    private final Map<String, Place> places = new LinkedHashMap<>();

    /** A Region of an account. */
    private record Place(Simulator simulator, ClusterMirror mirror) {

        static Place of(String account, String region) {
            Simulator simulator = Simulator.builder()
                    .account(account)
                    .region(region)
                    .clusters(2)
                    .tasks(TASKS)
                    .timePerStatus(Duration.ZERO)
                    .build();
            simulator.start();
            ClusterMirror mirror = ClusterMirror.builder()
                    .ecs(simulator.ecsClient())
                    .events(SqsEventSource.of(simulator.sqsClient(), simulator.queueName())
                            .waitingUpTo(Duration.ofSeconds(1)))
                    .store(new MemoryStateStore())
                    .build();
            return new Place(simulator, mirror);
        }

        /** The tasks that truly live, and their statuses. */
        Set<String> truth() {
            return simulator.truth().tasks().stream()
                    .filter(task -> !EntityKind.TASK.hasEnded(task))
                    .map(CompositeMirrorsTest::text)
                    .collect(Collectors.toSet());
        }

        void close() {
            mirror.close();
            simulator.close();
        }
    }

    private static String text(Task task) {
        return task.taskArn() + ' ' + task.lastStatus();
    }

    private CompositeView start() throws Exception {
        Map<String, ClusterStateView> views = new LinkedHashMap<>();
        for (String account : List.of("111122223333", "444455556666")) {
            for (String region : List.of("eu-west-1", "us-east-1")) {
                Place place = Place.of(account, region);
                places.put(account + '/' + region, place);
                views.put(account + '/' + region, place.mirror.view());
                place.mirror.start();
            }
        }
        CompositeView view = CompositeView.of(views);
        view.awaitReady(LIMIT);
        return view;
    }

    @AfterEach
    void close() {
        places.values().forEach(Place::close);
    }

    private Set<String> truth() {
        return places.values().stream().flatMap(place -> place.truth().stream()).collect(Collectors.toSet());
    }

    private static Set<String> seen(CompositeView view) {
        return view.snapshot().tasks().live().stream()
                .map(CompositeMirrorsTest::text)
                .collect(Collectors.toSet());
    }

    @Test
    void theViewEqualsTheTruthOfAllPlaces() throws Exception {
        CompositeView view = start();
        CompositeSnapshot now = view.snapshot();

        assertEquals(truth(), seen(view));
        assertEquals(4 * TASKS, now.tasks().live().count());
        assertEquals(8, now.clusters().count());
        assertEquals(Map.of(), now.overlaps());
        for (Task task : now.tasks().list()) {
            assertEquals(Optional.of(task), view.task(task.taskArn()));
        }
        for (Place place : places.values()) {
            Task any = place.simulator.truth().tasks().get(0);
            assertTrue(now.tasks().in(any.clusterArn()).count() > 0);
            assertTrue(view.cluster(any.clusterArn()).isPresent());
        }
    }

    @Test
    @Promise({5, 9})
    void aPlaceThatIsCutOffAndComesBackHarmsNoOther() throws Exception {
        CompositeView view = start();
        Map<String, Rebuilt> maps = new LinkedHashMap<>();
        places.keySet().forEach(name -> maps.put(name, new Rebuilt()));
        Subscription subscription = view.subscribe(ChangeListener.builder()
                .onBatch(batch -> maps.get(batch.member().orElseThrow()).enter(batch))
                .build());
        Place cut = places.get(CUT);
        cut.simulator.faults().ecsOutage(true);
        cut.simulator.faults().sqsOutage(true);
        Set<String> before = cut.truth();

        places.values().forEach(place -> change(place.simulator));

        places.forEach((name, place) -> {
            if (!name.equals(CUT)) {
                await(() -> seen(view).containsAll(place.truth()));
                await(() -> maps.get(name).revision()
                        == place.mirror.view().snapshot().revision());
            }
        });
        assertNotEquals(before, cut.truth());
        assertTrue(seen(view).containsAll(before), "a place that is cut off keeps its last state");
        assertTrue(view.isReady());

        cut.simulator.faults().ecsOutage(false);
        cut.simulator.faults().sqsOutage(false);

        await(() -> truth().equals(seen(view)));
        places.forEach((name, place) -> {
            await(() ->
                    maps.get(name).revision() == place.mirror.view().snapshot().revision());
            maps.get(name).assertIs(place.mirror.view().snapshot());
        });
        assertEquals(
                0, subscription.status().failures(), () -> subscription.status().toString());
        assertEquals(0, subscription.status().resets());
    }

    private static void change(Simulator simulator) {
        for (int i = 0; i < 20; i++) {
            simulator.step();
        }
        simulator.tick();
    }

    @Test
    @Promise({5, 11})
    void aMirrorThatClosesTakesItsOwnPartAlone() throws Exception {
        CompositeView view = start();
        Set<String> told = new TreeSet<>();
        Subscription subscription = view.subscribe(ChangeListener.builder()
                .liveOnly()
                .onBatch((ChangeBatch batch) -> told.add(batch.member().orElseThrow()))
                .build());
        Place gone = places.get(CUT);
        Task lost = gone.simulator.truth().tasks().get(0);
        Place living = places.get("444455556666/us-east-1");
        Task task = living.simulator.truth().tasks().get(0);
        CompletableFuture<List<Task>> stopped = view.whenStopped(List.of(task.taskArn()));

        gone.mirror.close();
        stop(living, task);

        assertEquals(task.taskArn(), stopped.get(60, TimeUnit.SECONDS).get(0).taskArn());
        assertEquals(Optional.of(task.taskArn()), view.task(task.taskArn()).map(Task::taskArn));
        NotReadyException failure = assertThrows(NotReadyException.class, () -> view.task(lost.taskArn()));
        assertTrue(failure.getMessage().contains("member " + CUT), failure::getMessage);
        assertThrows(NotReadyException.class, view::snapshot);
        CompositeView rest = view.readyWhen("444455556666/us-east-1", "444455556666/eu-west-1");
        assertEquals(Set.of(CUT), rest.snapshot().missing());
        assertEquals(
                0,
                rest.snapshot()
                        .query(EntityKind.TASK)
                        .observed()
                        .filter(each -> each.clusterArn().equals(lost.clusterArn()))
                        .count());
        await(() -> told.contains("444455556666/us-east-1"));
        assertFalse(subscription.status().members().get(CUT).isActive());
    }

    private static void stop(Place place, Task task) {
        place.simulator.ecsClient().stopTask(call -> call.cluster(task.clusterArn())
                .task(task.taskArn()));
        for (int i = 0; i < 5; i++) {
            place.simulator.tick(); // to the next status
        }
    }
}
