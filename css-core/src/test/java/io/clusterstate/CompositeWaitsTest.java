package io.clusterstate;

import static io.clusterstate.Places.EU;
import static io.clusterstate.Places.OTHER;
import static io.clusterstate.Places.US;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.testing.Await;
import io.clusterstate.testing.Entities;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/** Waits over several views: their conditions, and the members that they need. */
@Timeout(120)
@SuppressWarnings("unchecked") // arrays of the SDK's varargs
class CompositeWaitsTest {

    /** Longer than any wait for a result, so that a wait that nobody wakes fails. */
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private static final Duration SHORT = Duration.ofMillis(20);

    private final Places places = Places.live();
    private final CompositeView view = places.view;
    private final CompositeView lenient = view.readyWhen(EU);

    @AfterEach
    void close() {
        places.close();
    }

    @Test
    void aTaskThatRunsHasNotStopped() throws Exception {
        List<String> arns = List.of(places.put(EU, "a"));
        assertThrows(TimeoutException.class, () -> view.awaitStopped(arns, SHORT));
        CompletableFuture<List<Task>> future = view.whenStopped(arns);
        CompletableFuture<List<Task>> blocking = waiting(() -> view.awaitStopped(arns, LIMIT));

        places.eu.put(Entities.task(
                Places.CLUSTERS.get(EU), "a", task -> task.version(2L).lastStatus("STOPPED")));

        assertEquals("STOPPED", future.get(30, TimeUnit.SECONDS).get(0).lastStatus());
        assertEquals("STOPPED", blocking.get(30, TimeUnit.SECONDS).get(0).lastStatus());
    }

    @Test
    void aRolloutIsThatOfTheMemberWithTheService() throws Exception {
        Service updated = service(DeploymentRolloutState.IN_PROGRESS);
        CompletableFuture<Rollout> future = view.whenRolledOut(updated);
        assertThrows(TimeoutException.class, () -> view.awaitRollout(updated, SHORT));
        assertFalse(future.isDone());

        Service done = service(DeploymentRolloutState.COMPLETED);
        places.us.apply(Entities.upsert(EntityKind.SERVICE, Places.CLUSTERS.get(US), done));

        assertEquals(done, view.awaitRollout(updated, LIMIT).service());
        assertTrue(future.get(30, TimeUnit.SECONDS).isCompleted());
    }

    private static Service service(DeploymentRolloutState state) {
        return Entities.service(
                Places.CLUSTERS.get(US),
                "web",
                changes -> changes.deployments(only -> only.id("ecs-svc/2")
                        .status("PRIMARY")
                        .rolloutState(state)
                        .rolloutStateReason("as ECS says")));
    }

    @Test
    void aMemberThatIsNotNeededMayEndDuringAWait() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        CompletableFuture<CompositeSnapshot> condition = waiting(() -> lenient.awaitUntil(
                now -> looks.incrementAndGet() > 0 && now.tasks().count() == 1, LIMIT));
        Await.await(() -> looks.get() > 0);
        int before = looks.get();
        places.us.close();
        Await.await(() -> looks.get() > before); // it has noticed

        places.put(OTHER, "a");

        assertEquals(1, condition.get(30, TimeUnit.SECONDS).tasks().count());
    }

    @Test
    void eachReadyMemberIsAskedWhatItsStoreHolds() throws Exception {
        places.us.host.storeIsAt(1);
        String message = assertThrows(TimeoutException.class, () -> lenient.awaitCurrent(SHORT))
                .getMessage();
        assertTrue(message.startsWith("member us-east-1: not at revision 1"), message);

        places.put(US, "a");

        assertEquals(1, lenient.awaitCurrent(LIMIT).revisions().get(US));
    }

    @Test
    void theMembersShareTheLimitOfAWait() throws Exception {
        view.awaitCurrent(LIMIT);

        Duration first = places.eu.host.limits.get(0);
        Duration last = places.other.host.limits.get(0);
        assertTrue(last.compareTo(first) < 0, () -> last + " of " + first);
    }

    @Test
    void servicesDefinitionsAndConditionsAreWaitedFor() throws Exception {
        String cluster = Places.CLUSTERS.get(US);
        var service = Entities.service(
                cluster,
                "web",
                changes -> changes.deployments(only -> only.id("ecs-svc/1").status("PRIMARY")));
        CompletableFuture<?> stable = view.whenServiceStable(service);
        CompletableFuture<?> definition = waiting(() -> view.awaitDefinition("web:7", LIMIT));
        CompletableFuture<Snapshot> condition =
                waiting(() -> view.awaitUntil(now -> now.services().count() == 1, LIMIT));

        places.us.apply(Entities.upsert(EntityKind.SERVICE, cluster, service));
        places.us.apply(new io.clusterstate.spi.Upsert<>(Entities.definition(Entities.definition(cluster, "web", 7))));

        stable.get(30, TimeUnit.SECONDS);
        definition.get(30, TimeUnit.SECONDS);
        assertInstanceOf(CompositeSnapshot.class, condition.get(30, TimeUnit.SECONDS));
        view.awaitServiceStable(service, SHORT);
        assertThrows(IllegalArgumentException.class, () -> view.awaitDefinition("web", SHORT));
    }

    @Test
    void revisionsAreAwaitedByMember() throws Exception {
        Map<String, Long> wanted = Map.of(EU, 1L, US, 2L);
        CompletableFuture<CompositeSnapshot> future = waiting(() -> lenient.awaitRevisions(wanted, LIMIT));
        places.put(EU, "a");
        places.put(US, "a");
        String message = assertThrows(TimeoutException.class, () -> lenient.awaitRevisions(wanted, SHORT))
                .getMessage();
        assertTrue(message.contains("{eu-west-1=1, us-east-1=1"), message);

        places.put(US, "b");

        assertEquals(2, future.get(30, TimeUnit.SECONDS).revisions().get(US));
        places.other.close();
        lenient.awaitRevisions(wanted, SHORT);
        places.us.close();
        assertThrows(NotReadyException.class, () -> lenient.awaitRevisions(wanted, LIMIT));
    }

    @Test
    void freshAndCurrentAreThoseOfAllMembers() throws Exception {
        Instant moment = Instant.parse("2026-03-01T11:00:00Z");
        places.eu.host.freshUpTo(moment);
        places.other.host.freshUpTo(moment);
        String message = assertThrows(TimeoutException.class, () -> view.awaitFresh(moment, SHORT))
                .getMessage();
        assertTrue(message.contains("us-east-1=nothing yet"), message);
        CompletableFuture<?> fresh = waiting(() -> view.awaitFresh(moment, LIMIT));

        places.us.host.freshUpTo(moment);

        fresh.get(30, TimeUnit.SECONDS);
        assertEquals(3, view.awaitCurrent(LIMIT).members().size());
        places.us.host.ready(false);
        String named = assertThrows(TimeoutException.class, () -> view.awaitCurrent(SHORT))
                .getMessage();
        assertTrue(named.startsWith("member us-east-1: "), named);
        assertEquals(2, lenient.awaitCurrent(LIMIT).members().size());
        places.us.close();
        assertNames(US, assertThrows(NotReadyException.class, () -> view.awaitCurrent(LIMIT)));
    }

    private static void assertNames(String member, NotReadyException failure) {
        assertTrue(failure.getMessage().contains("member " + member), failure::getMessage);
    }

    private static <R> CompletableFuture<R> waiting(Callable<R> call) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return call.call();
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
    }
}
