package io.clusterstate.memory;

import static io.clusterstate.memory.FakeTask.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ChangeListener;
import io.clusterstate.ClusterStateView;
import io.clusterstate.CompositeSnapshot;
import io.clusterstate.CompositeView;
import io.clusterstate.NotReadyException;
import io.clusterstate.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** The recipe about several Regions and accounts in {@code docs/recipes.md}, and fakes as members. */
class ReadmeCompositeTest {

    private static final String IN_US = "arn:aws:ecs:us-east-1:123456789012:cluster/prod";

    private final FakeClusterState ireland = new FakeClusterState();
    private final FakeClusterState virginia = new FakeClusterState();
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void close() {
        ireland.close();
        virginia.close();
    }

    private CompositeView view() {
        Map<String, ClusterStateView> views = new LinkedHashMap<>();
        views.put("eu-west-1", ireland.view());
        views.put("us-east-1", virginia.view());
        return CompositeView.of(views);
    }

    @Test
    void severalRegions() throws Exception {
        ClusterStateView inIreland = ireland.view();
        ClusterStateView inVirginia = virginia.view();
        ireland.put(task("t1").ofService("web"));
        String arn = virginia.put(task("t2").in(IN_US).ofService("web")).taskArn();

        // region: composite-view
        CompositeView view = CompositeView.of(Map.of("eu-west-1", inIreland, "us-east-1", inVirginia));
        view.awaitReady(Duration.ofMinutes(1)); // a timeout says which Region waits for what
        Optional<Task> task = view.task(arn); // from the Region that has it
        CompositeSnapshot now = view.snapshot(); // one moment of each Region
        List<Task> web = now.tasks().ofService("web").live().list(); // of both
        int inOne = now.members().get("us-east-1").tasks().count();
        // end: composite-view

        assertEquals(arn, task.orElseThrow().taskArn());
        assertEquals(2, web.size());
        assertEquals(1, inOne);
    }

    @Test
    void listenersAndResumption() {
        CompositeView view = view();
        Map<String, Long> known = new ConcurrentHashMap<>();

        // region: composite-listener
        ChangeListener listener = ChangeListener.builder()
                .tasks(tasks ->
                        tasks.onEach((change, batch) -> log.add(batch.member().orElseThrow())))
                .onBatch(batch -> known.put(batch.member().orElseThrow(), batch.revision()))
                .build();
        Subscription subscription = view.subscribe(listener);
        subscription.status().members(); // how far each Region is
        // later, in a process that kept the revisions
        view.subscribe(listener, known);
        // end: composite-listener

        virginia.put(task("t2").in(IN_US));
        assertEquals(List.of("us-east-1", "us-east-1"), log);
        assertEquals(Set.of("eu-west-1", "us-east-1"), known.keySet());
    }

    @Test
    void aRegionThatIsNotReady() {
        String arn = ireland.put(task("t1").in("prod")).taskArn();
        CompositeView view = view();
        virginia.notReady();

        // region: composite-ready
        CompositeView local = view.readyWhen("eu-west-1"); // the other Region counts while it is ready
        Set<String> missing = local.snapshot().missing();
        Optional<Task> here = view.task(arn); // needs no other Region
        // end: composite-ready

        assertEquals(Set.of("us-east-1"), missing);
        assertTrue(here.isPresent());
        assertThrows(NotReadyException.class, view::snapshot);
        assertThrows(NotReadyException.class, () -> view.task("arn:aws:ecs:us-east-1:123456789012:task/prod/t9"));
    }

    /** The listener changes another fake, which then tells the listener, after the call and not within it. */
    @Test
    void aListenerThatChangesAnotherMemberIsNotCalledWithinItsCall() {
        CompositeView view = view();
        boolean[] isTold = {false};
        view.subscribe(ChangeListener.builder()
                .liveOnly()
                .tasks(tasks -> tasks.onEach((change, batch) -> {
                    assertEquals(false, isTold[0], "a call within a call");
                    isTold[0] = true;
                    log.add(batch.member().orElseThrow());
                    if (log.size() == 1) {
                        virginia.put(task("t2").in(IN_US));
                    }
                    isTold[0] = false;
                }))
                .build());

        ireland.put(task("t1"));

        assertEquals(List.of("eu-west-1", "us-east-1"), log);
    }

    @Test
    void waitsOfFakesEndAtOnce() throws Exception {
        CompositeView view = view();
        String arn = "arn:aws:ecs:us-east-1:123456789012:task/prod/t2";
        CompletableFuture<List<Task>> future = view.whenRunning(List.of(arn));
        assertThrows(TimeoutException.class, () -> view.awaitRunning(List.of(arn), Duration.ofHours(1)));

        virginia.put(task("t2").in(IN_US));

        assertEquals(1, future.join().size());
        assertEquals(1, view.awaitRunning(List.of(arn), Duration.ZERO).size());
    }
}
