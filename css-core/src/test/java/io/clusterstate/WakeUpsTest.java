package io.clusterstate;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The threads of subscriptions wake up for what concerns them. */
class WakeUpsTest {

    private final Watched watched = Watched.live();
    private final List<ChangeBatch> told = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        watched.close();
    }

    @Test
    @Promise(9)
    void aSubscriberSleepsThroughWhatItsFilterDoesNotPass() {
        Subscription subscription = subscribe(inCluster("dev"));
        long sleeps = sleeps();

        for (int version = 1; version <= 3_000; version++) {
            watched.put("a", version);
        }

        assertEquals(sleeps, sleeps(), "was woken");
        assertEquals(0, subscription.status().behind());

        watched.put(Entities.task("dev", "b", 1));
        await(() -> sleeps() == sleeps + 1);
        assertEquals(1, told.size());
        ChangeBatch batch = told.get(0);
        assertEquals(ChangeBatch.Type.LIVE, batch.type(), "its place in the journal moved along");
        assertEquals(batch.revision() - 1, batch.since());
    }

    @Test
    void aSubscriberOfAKindSleepsThroughOthers() {
        subscribe(ChangeListener.builder().services(services -> services.onEach((change, batch) -> told.add(batch))));
        long sleeps = sleeps();

        watched.put("a", 1);

        assertEquals(sleeps, sleeps());
        watched.apply(Entities.upsert(EntityKind.SERVICE, "prod", Entities.service("prod", "web")));
        await(() -> told.size() == 1);
    }

    @Test
    void anEntityThatCeasesToMatchWakes() {
        watched.put(Entities.task("prod", "a", task -> task.version(1L).startedBy("me")));
        subscribe(listener(tasks -> tasks.startedBy("me")));

        watched.put(Entities.task("prod", "a", task -> task.version(2L).startedBy("you")));

        await(() -> told.size() == 1);
        assertEquals(ChangeCause.FILTER, told.get(0).changes().get(0).cause());
    }

    @Test
    @Promise(9)
    void aTestOfTheHostRunsOnTheThreadOfItsSubscriptionAlone() {
        Set<Thread> testers = ConcurrentHashMap.newKeySet();
        subscribe(listener(tasks -> tasks.in("prod").where(task -> {
            testers.add(Thread.currentThread());
            return false;
        })));

        watched.put("a", 1);

        await(() -> testers.equals(Set.copyOf(watched.threads.living())));
    }

    @Test
    void manyChangesTogetherWakeWithoutATest() {
        Subscription subscription = subscribe(inCluster("dev"));
        long sleeps = sleeps();

        watched.store.apply(IntStream.range(0, 20)
                .mapToObj(i -> Entities.task("prod", "t" + i, 1))
                .map(task -> Entities.upsert(EntityKind.TASK, task.clusterArn(), task))
                .toList());

        await(() -> sleeps() == sleeps + 1);
        assertEquals(0, subscription.status().behind());
    }

    @Test
    void theEndOfOneWakesNoOther() {
        subscribe(inCluster("dev"));
        long sleeps = sleeps();
        Subscription other = watched.view.subscribe(inCluster("other").build());
        await(() -> watched.view.waiting() == 2);

        other.cancel();

        await(() -> watched.threads.living().size() == 1);
        assertEquals(sleeps, sleeps());
    }

    @Test
    void aResetIsNotSleptThrough() {
        Subscription subscription = subscribe(inCluster("dev"));
        watched.view.reset();
        await(() -> subscription.status().batches() == 1);
        assertEquals(1, subscription.status().resets());
    }

    private Subscription subscribe(ChangeListenerBuilder listener) {
        Subscription subscription = watched.view.subscribe(listener.liveOnly().build());
        await(() -> watched.view.waiting() == 1 && thread().getState() == Thread.State.WAITING);
        return subscription;
    }

    private ChangeListenerBuilder inCluster(String cluster) {
        return listener(tasks -> tasks.in(cluster));
    }

    private ChangeListenerBuilder listener(UnaryOperator<TaskQuery> query) {
        return ChangeListener.builder()
                .tasks(tasks -> tasks.matching(query).onEach((change, batch) -> told.add(batch)));
    }

    /** How often the thread of the first subscription has gone to sleep. */
    private long sleeps() {
        return ManagementFactory.getThreadMXBean()
                .getThreadInfo(thread().getId())
                .getWaitedCount();
    }

    private Thread thread() {
        return watched.threads.living().get(0);
    }
}
