package io.clusterstate.etcd;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.StoreLink.State;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.StateStoreException;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.Soak;
import io.etcd.jetcd.Client;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What becomes of a view when the way to etcd, or etcd itself, has a bad day. */
@Execution(ExecutionMode.CONCURRENT)
class FollowingTest extends OnOwnEtcd {

    private static final Duration BRIEF = Duration.ofMillis(300);
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Test
    @Tag("soak")
    @Promise(9)
    void aWatchThatIsCutInTheMiddleOfManyChangesLosesNone() {
        int changes = Soak.size("changes before and after each cut", 25, 100);
        for (int cuts = 0; cuts < 6; cuts++) {
            long before = scene.reader().view().snapshot().revision();
            scene.write(changes);
            await(() -> scene.reader().view().snapshot().revision() > before); // three fruitless watches are a reload
            scene.proxy().cut();
            scene.write(changes);
        }

        scene.awaitEqual();

        assertEquals(1, scene.reader().follower().loads(), "it went on, and did not load again");
        assertTrue(scene.reader().follower().watches() > 1);
    }

    @Test
    @Tag("soak")
    @Promise(9)
    void aWatchThatHasMissedThousandsOfChangesCatchesUpThoughItIsCutAgain() {
        scene.proxy().refuse(true);
        scene.write(Soak.size("changes that a watch has missed", 200, 2_000));
        scene.proxy().refuse(false);
        for (int cuts = 0; cuts < 4; cuts++) {
            long watches = scene.reader().follower().watches();
            await(() -> {
                scene.proxy().cut(); // again, since there may be no connection yet
                return scene.reader().follower().watches() > watches;
            });
        }

        scene.awaitEqual();
    }

    @Test
    @Promise({1, 9})
    void whatWasCompactedMeanwhileIsLoadedAgainAndTheDifferenceTold() throws Exception {
        scene.write(50);
        scene.awaitEqual();
        scene.proxy().refuse(true);
        scene.write(50);
        scene.remove("task3");
        compact();
        scene.proxy().refuse(false);

        scene.awaitEqual();

        await(() -> scene.reader().follower().loads() == 2);
        assertTrue(scene.view()
                .task(Entities.taskArn(SampleChanges.CLUSTER, "task3"))
                .isEmpty());
    }

    @Test
    void aSilentNetworkMakesTheViewStaleAndItGoesOnAnsweringUntilItIsLiveAgain() {
        scene.write(20);
        scene.awaitEqual();
        long revision = scene.view().snapshot().revision();
        scene.proxy().silence(true);
        scene.write(20);

        await(() -> link().state() == State.STALE);

        assertEquals(revision, scene.view().snapshot().revision());
        assertTrue(link().since().isBefore(Instant.now().minus(Scene.STALE_AFTER)), link()::toString);
        assertTrue(scene.reader().problems().toString().contains("last heard of at"));
        scene.proxy().silence(false);
        await(() -> link().isLive());
        scene.awaitEqual();
        await(() -> scene.reader().problems().isEmpty());
    }

    @Test
    void anEtcdThatIsKilledIsWaitedForAndFollowedFromWhereItWas() throws Exception {
        scene.write(20);
        scene.awaitEqual();
        server.kill();
        await(() -> link().state() == State.STALE);
        assertThrows(StateStoreException.class, () -> scene.writer().apply(List.of(SampleChanges.event("late", 1))));
        assertEquals(7, scene.view().snapshot().tasks().count());
        server.start();
        server.awaitUp();

        await(() -> link().isLive() && scene.coordination().takesWrites());
        scene.writer().apply(List.of(SampleChanges.event("late", 1)));

        scene.awaitEqual();
        assertEquals(1, scene.reader().follower().loads());
        assertEquals(8, scene.view().snapshot().tasks().count());
    }

    @Test
    void anEtcdThatIsPausedMakesCallsFailInTimeAndIsFollowedAgain() throws Exception {
        scene.write(20);
        server.pause();
        long from = System.nanoTime();
        assertThrows(StateStoreException.class, () -> scene.writer().apply(List.of(SampleChanges.event("late", 1))));
        Duration took = Duration.ofNanos(System.nanoTime() - from);
        assertTrue(took.compareTo(Etcd.TIMEOUT.multipliedBy(6)) < 0, () -> "took " + took);
        server.resume();

        await(() -> link().isLive() && scene.coordination().link().isLive());
        scene.writer().apply(List.of(SampleChanges.event("late", 1)));

        scene.awaitEqual();
    }

    @Test
    void aClientThatFailsAgainAndAgainIsReplaced() {
        scene.proxy().refuse(true);
        await(() -> scene.reader().connection().replaced() > 0);
        scene.write(20);
        scene.proxy().refuse(false);

        scene.awaitEqual();
    }

    @Test
    void aPageThatIsTooLargeForAHostsClientIsReadInSmallerOnes() {
        List<Change<?>> large = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            large.add(SampleChanges.event("large" + i, 1));
        }
        scene.writer().apply(large);
        int aFewEntities = 8 * 1024;
        try (Client small = Client.builder()
                        .endpoints(server.endpoint())
                        .maxInboundMessageSize(aFewEntities)
                        .build();
                EtcdStateStore store = EtcdStateStore.of(Etcd.through(small).namespace(scene.namespace()))) {
            TestEtcd.following(store);

            assertEquals(100, store.snapshot().tasks().count());
        }
    }

    @Test
    void anImpatientReaderCostsNobodyTheClient() {
        scene.proxy().silence(true);
        for (int i = 0; i < 20; i++) {
            assertThrows(TimeoutException.class, () -> scene.view().awaitCurrent(Duration.ZERO));
        }

        assertEquals(0, scene.reader().connection().replaced());
    }

    @Test
    void aLinkIsWarmAfterTheLoadAndLiveWhenItHasCaughtUp() {
        scene.write(50);
        List<State> states = new CopyOnWriteArrayList<>();
        Etcd etcd = Etcd.at(server.endpoint().toString()).namespace(scene.namespace());
        try (EtcdStateStore store = EtcdStateStore.of(etcd)) {
            states.add(store.coordination().orElseThrow().link().state());
            store.coordination()
                    .orElseThrow()
                    .afterMove(() ->
                            states.add(store.coordination().orElseThrow().link().state()));

            TestEtcd.following(store);

            assertEquals(
                    List.of(State.LOADING, State.WARM, State.LIVE),
                    states.stream().distinct().toList());
        }
    }

    @Test
    void theStateOfThisMomentIsWaitedForAndNotHadWhileEtcdIsAway() throws Exception {
        for (int i = 1; i <= 20; i++) {
            scene.writer().apply(List.of(SampleChanges.event("now", i)));
            assertEquals(i, version(scene.view().awaitCurrent(LIMIT), "now"));
        }
        scene.proxy().refuse(true);

        TimeoutException refusal =
                assertThrows(TimeoutException.class, () -> scene.view().awaitCurrent(BRIEF));

        assertTrue(refusal.getMessage().contains("etcd"), refusal.getMessage());
    }
}
