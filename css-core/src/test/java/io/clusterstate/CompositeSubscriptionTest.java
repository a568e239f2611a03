package io.clusterstate;

import static io.clusterstate.Places.EU;
import static io.clusterstate.Places.OTHER;
import static io.clusterstate.Places.US;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.testing.Await;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.Rebuilt;
import io.clusterstate.testing.Seeds;
import io.clusterstate.testing.Soak;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One listener on several views: it is told one batch at a time, and a member that lags or ends delays no other. */
@Promise(9)
@Timeout(300)
class CompositeSubscriptionTest {

    private static final List<String> ALL = List.of(EU, US, OTHER);

    private final Places places = Places.live();
    /** The batches that the listener was told: member, type and number of changes. */
    private final List<String> told = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        places.close();
    }

    private ChangeListenerBuilder listener() {
        return ChangeListener.builder().onBatch(this::note);
    }

    private void note(ChangeBatch batch) {
        told.add(batch.member().orElseThrow()
                + ' '
                + batch.type()
                + ' '
                + batch.changes().size());
    }

    @Test
    void eachBatchNamesItsMember() {
        places.put(US, "a");
        Subscription subscription = places.view.subscribe(listener().build());
        Await.await(() -> told.size() == 3);
        assertEquals(Set.of("eu-west-1 INITIAL 0", "us-east-1 INITIAL 1", "other-account INITIAL 0"), Set.copyOf(told));

        places.put(OTHER, "b");

        Await.await(() -> told.size() == 4);
        assertEquals("other-account LIVE 1", told.get(3));
        SubscriptionStatus status = subscription.status();
        assertTrue(status.isActive());
        assertEquals(4, status.batches());
        assertEquals(2, status.members().get(OTHER).batches());
        assertEquals(ALL, List.copyOf(status.members().keySet()));
    }

    @Test
    @Tag("soak")
    void oneAtATimeAndEveryChange() {
        Seeds.forEach(Soak.size("histories of composite views", 10, 60), random -> {
            try (Places several = Places.live()) {
                Map<String, Rebuilt> maps = new HashMap<>();
                ALL.forEach(place -> maps.put(place, new Rebuilt()));
                AtomicBoolean isTold = new AtomicBoolean();
                AtomicInteger overlaps = new AtomicInteger();
                Subscription subscription = several.view.subscribe(ChangeListener.builder()
                        .behindAtMost(random.nextInt(20))
                        .onBatch(batch -> {
                            overlaps.addAndGet(isTold.compareAndSet(false, true) ? 0 : 1);
                            maps.get(batch.member().orElseThrow()).enter(batch);
                            isTold.set(false);
                        })
                        .build());
                for (int i = 0; i < 300; i++) {
                    several.put(ALL.get(random.nextInt(3)), "t" + random.nextInt(5), i + 1);
                }
                ALL.forEach(place -> Await.await(() -> maps.get(place).revision()
                        == several.at(place).view.snapshot().revision()));
                ALL.forEach(
                        place -> maps.get(place).assertIs(several.at(place).view.snapshot()));
                assertEquals(0, overlaps.get());
                assertEquals(0, subscription.status().failures(), () -> subscription
                        .status()
                        .toString());
            }
        });
    }

    @Test
    void aMemberTellsItsInitialBatchOnceItIsReady() {
        places.us.host.ready(false);
        places.put(US, "a");
        places.view.subscribe(listener().build());
        Await.await(() -> told.size() == 2);
        places.put(EU, "a");
        Await.await(() -> told.size() == 3);

        places.us.host.ready(true);

        Await.await(() -> told.contains("us-east-1 INITIAL 1"));
    }

    @Test
    void aMemberThatClosesEndsItsOwnPartAlone() {
        Subscription subscription = places.view.subscribe(listener().build());
        Await.await(() -> told.size() == 3);

        places.us.close();
        places.put(EU, "a");

        Await.await(() -> told.contains("eu-west-1 LIVE 1"));
        assertTrue(subscription.status().isActive());
        assertFalse(subscription.status().members().get(US).isActive());
        assertEquals(List.of(), places.us.threads.living());
        Subscription later = places.view.subscribe(listener().build());
        assertEquals(Set.of(EU, OTHER), later.status().members().keySet());
        NotReadyException named = assertThrows(
                NotReadyException.class, () -> places.view.subscribe(listener().build(), Map.of(US, 0L)));
        assertTrue(named.getMessage().startsWith("member us-east-1: "), named::getMessage);
        places.eu.close();
        places.other.close();
        assertFalse(subscription.status().isActive());
        assertThrows(
                NotReadyException.class, () -> places.view.subscribe(listener().build()));
    }

    @Test
    void aSlowCallHoldsUpTheCloseOfNoOtherMember() throws Exception {
        CountDownLatch isSlow = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger afterwards = new AtomicInteger();
        Subscription subscription = places.view.subscribe(ChangeListener.builder()
                .liveOnly()
                .onBatch(batch -> {
                    if (batch.member().orElseThrow().equals(EU)) {
                        isSlow.countDown();
                        goOn.await();
                    } else {
                        afterwards.incrementAndGet();
                    }
                })
                .build());
        places.put(EU, "a");
        assertTrue(isSlow.await(30, TimeUnit.SECONDS));
        places.put(US, "a");
        Await.await(() -> subscription.status().members().get(US).batches() == 1);

        long begun = System.nanoTime();
        places.us.close();

        assertTrue(System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(30), "waits for another member's call");
        goOn.countDown();
        places.put(OTHER, "a");
        Await.await(() -> afterwards.get() == 1);
    }

    @Test
    void aFailureThatCancelsEndsAll() {
        Subscription subscription = places.view.subscribe(ChangeListener.builder()
                .liveOnly()
                .onBatch(batch -> {
                    throw new IllegalStateException("broken");
                })
                .onError(failure -> ErrorAction.CANCEL)
                .build());

        places.put(US, "a");

        Await.await(() -> !subscription.status().isActive());
        assertEquals(1, subscription.status().failures());
        String failure = subscription.status().lastFailure().orElseThrow();
        assertTrue(failure.startsWith("member us-east-1: ") && failure.contains("broken"), failure);
        assertEquals(1, places.us.host.heard.size(), "the member's own status has it, too");
    }

    @Test
    void aRetryHoldsUpNoOtherMember() {
        AtomicInteger attempts = new AtomicInteger();
        places.view.subscribe(ChangeListener.builder()
                .liveOnly()
                .onBatch(batch -> {
                    if (batch.member().equals(Optional.of(US)) && attempts.incrementAndGet() < 4) {
                        throw new IllegalStateException("not yet");
                    }
                    note(batch);
                })
                .onError(failure -> ErrorAction.RETRY)
                .build());
        places.put(US, "a");
        Await.await(() -> attempts.get() >= 1);

        places.put(EU, "a");

        Await.await(() -> told.contains("eu-west-1 LIVE 1"));
        Await.await(() -> told.contains("us-east-1 LIVE 1"));
    }

    @Test
    void aCancelEndsAll() throws Exception {
        Subscription subscription = places.view.subscribe(listener().build());
        Await.await(() -> told.size() == 3);

        subscription.cancel();

        assertFalse(subscription.status().isActive());
        for (String place : ALL) {
            Await.await(() -> places.at(place).threads.living().isEmpty());
            places.put(place, "late");
        }
        assertEquals(3, told.size());
    }

    @Test
    void aListenerResumesByAVector() {
        places.put(EU, "a");
        places.put(US, "a");
        Map<String, Long> known = new ConcurrentHashMap<>(places.view.snapshot().revisions());
        known.remove(OTHER); // as if it were a new Region
        places.put(US, "b");

        places.view.subscribe(listener().build(), known);

        Await.await(() -> told.size() == 2);
        assertEquals(Set.of("us-east-1 LIVE 1", "other-account INITIAL 0"), Set.copyOf(told));
        String message = assertThrows(
                        RevisionOutOfRangeException.class,
                        () -> places.view.subscribe(listener().build(), Map.of(US, 99L)))
                .getMessage();
        assertTrue(message.startsWith("member us-east-1: revision: 99"), message);
        assertThrows(
                IllegalArgumentException.class,
                () -> places.view.subscribe(listener().build(), Map.of("nowhere", 1L)));
        places.us.host.ready(false);
        assertThrows(
                NotReadyException.class, () -> places.view.subscribe(listener().build(), Map.of(US, 1L)));
    }

    @Test
    void aMemberThatFellBehindIsResetAlone() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        Subscription subscription = places.view.subscribe(ChangeListener.builder()
                .liveOnly()
                .behindAtMost(3)
                .onBatch(batch -> {
                    goOn.await();
                    note(batch);
                })
                .build());
        places.put(EU, "first");
        Await.await(() -> subscription.status().batches() == 1);
        places.put(US, "first");
        Await.await(() -> subscription.status().members().get(US).batches() == 1);
        for (int i = 0; i < 9; i++) {
            places.put(US, "t" + i);
        }
        places.put(OTHER, "a");
        goOn.countDown();

        Await.await(() -> told.contains("us-east-1 RESET 9"));
        Await.await(() -> told.size() == 4);
        assertTrue(told.contains("eu-west-1 LIVE 1") && told.contains("other-account LIVE 1"), told::toString);
        assertEquals(1, subscription.status().members().get(US).resets(), told::toString);
        assertEquals(1, subscription.status().resets());
    }

    @Test
    void noticesOfAllMembersAreTold() {
        List<String> heard = new ArrayList<>();
        CountDownLatch two = new CountDownLatch(2);
        places.view.subscribe(ChangeListener.builder()
                .onServiceNotice(notice -> {
                    heard.add(notice.clusterArn());
                    two.countDown();
                })
                .build());
        for (String place : List.of(EU, US)) {
            String cluster = Places.CLUSTERS.get(place);
            places.at(place)
                    .view
                    .noticed(new ServiceNotice("s", cluster, Optional.empty(), "E", Optional.empty(), Instant.EPOCH));
        }
        Await.await(() -> two.getCount() == 0);
        assertEquals(Set.of(Places.CLUSTERS.get(EU), Places.CLUSTERS.get(US)), Set.copyOf(heard));
    }

    @Test
    void aFilterThatThrowsEndsAll() {
        Subscription subscription = places.view.subscribe(ChangeListener.builder()
                .liveOnly()
                .tasks(tasks -> tasks.matching(query -> query.where(task -> {
                            throw new IllegalStateException("no such field");
                        }))
                        .onEach((change, batch) -> {}))
                .build());

        places.put(US, "a");

        Await.await(() -> !subscription.status().isActive());
        assertTrue(subscription.status().lastFailure().orElseThrow().contains("no such field"));
    }

    @Test
    void viewsByHandTellOnTheThreadOfTheTest() throws Exception {
        try (Places byHand = Places.byHand()) {
            byHand.view.subscribe(listener().build());
            assertEquals(1, byHand.us.tell());
            assertEquals(List.of("us-east-1 INITIAL 0"), told);
            byHand.put(EU, "a");
            assertEquals(1, byHand.eu.tell());
            assertEquals("eu-west-1 INITIAL 1", told.get(1));
            assertThrows(
                    java.util.concurrent.TimeoutException.class,
                    () -> byHand.view.awaitRunning(List.of(Places.arn(EU, "none")), Duration.ofHours(1)));
        }
    }
}
