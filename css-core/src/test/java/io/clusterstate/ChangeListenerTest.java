package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** The batches that a listener is told, step by step, in a view by hand. */
class ChangeListenerTest {

    private final Watched watched = Watched.byHand();
    private final List<String> told = new ArrayList<>();
    private final List<ChangeBatch> batches = new ArrayList<>();

    @AfterEach
    void close() {
        watched.close();
    }

    @Test
    void isToldWhatIsThereAndThenWhatHappens() throws Exception {
        watched.put("a", 1);
        watched.view.subscribe(
                words().onInitial(batch -> told.add("that was all")).build());
        assertEquals(List.of(), told);

        watched.tell();
        assertEquals(List.of("added a1", "that was all"), told);

        watched.put("a", 2);
        watched.put("b", 1);
        watched.remove("a");
        watched.tell();
        assertEquals(List.of("added a1", "that was all", "a1 -> a2", "added b1", "removed a2"), told);
    }

    @Test
    void eachBatchSaysWhatItIsAndHasTheSnapshotAfterIt() throws Exception {
        watched.put("a", 1);
        watched.view.subscribe(ChangeListener.builder().onBatch(batches::add).build());
        watched.tell();
        watched.put("a", 2);
        Snapshot afterTwo = watched.view.snapshot();
        watched.put("a", 3);
        watched.tell();

        assertEquals(
                List.of(ChangeBatch.Type.INITIAL, ChangeBatch.Type.LIVE, ChangeBatch.Type.LIVE),
                batches.stream().map(ChangeBatch::type).toList());
        assertEquals(
                List.of(0L, 1L, 2L), batches.stream().map(ChangeBatch::since).toList());
        assertSame(afterTwo, batches.get(1).snapshot(), "just after the change, whatever has happened since");
        EntityChange<Task> change = batches.get(1).of(EntityKind.TASK).get(0);
        assertEquals(1, change.before().version());
        assertEquals(2, change.after().version());
        assertEquals(ChangeCause.EVENT, change.cause());
        assertEquals(List.of(), batches.get(1).of(EntityKind.INSTANCE));
    }

    @Test
    void liveOnlyLeavesOutWhatIsThere() throws Exception {
        watched.put("a", 1);
        watched.view.subscribe(words().liveOnly().build());
        watched.put("a", 2);
        watched.tell();
        watched.put("a", 3);
        watched.tell();

        assertEquals(List.of("a1 -> a2", "a2 -> a3"), told, "from the subscription on");
    }

    @Test
    @Promise(5)
    void nothingIsToldBeforeTheViewIsReady() throws Exception {
        watched.host.ready(false);
        watched.view.subscribe(words().build());
        watched.put("a", 1);
        watched.put("a", 2);
        assertEquals(0, watched.tell());

        watched.host.ready(true);
        watched.tell();

        assertEquals(List.of("added a2"), told);
    }

    @Test
    void theCauseOfARemovalIsTold() throws Exception {
        List<ChangeCause> causes = new ArrayList<>();
        watched.view.subscribe(ChangeListener.builder()
                .tasks(tasks -> tasks.onEach((change, batch) -> causes.add(change.cause())))
                .build());
        watched.apply(SampleChanges.answer(1, 0), SampleChanges.gone(1, 10));
        watched.tell();
        watched.apply(SampleChanges.event("b", 1));
        watched.apply(SampleChanges.missing(EntityKind.TASK, Entities.taskArn("prod", "b"), 1, 10));
        watched.tell();

        assertEquals(List.of(ChangeCause.EVENT, ChangeCause.MISSING), causes, "what came and went before is not told");
    }

    @Test
    void whatComesToMatchIsAddedAndWhatCeasesToIsRemoved() throws Exception {
        watched.view.subscribe(
                words().tasks(tasks -> tasks.matching(query -> query.in("prod").status("RUNNING")))
                        .onBatch(batches::add)
                        .build());
        watched.tell();
        watched.put(Entities.task("prod", "a", task -> task.lastStatus("PENDING")));
        watched.put(Entities.task("test", "a", 1));
        watched.tell();
        assertEquals(List.of(), told);

        watched.put("a", 2);
        watched.put("a", 3);
        watched.put(
                Entities.task("prod", "a", task -> task.lastStatus("STOPPED").version(4L)));
        watched.put(
                Entities.task("prod", "a", task -> task.lastStatus("STOPPED").version(5L)));
        watched.remove("a");
        watched.tell();

        assertEquals(List.of("added a2", "a2 -> a3", "removed a3"), told);
        ChangeBatch last = batches.get(batches.size() - 1);
        assertEquals(ChangeCause.FILTER, last.changes().get(0).cause());
    }

    @Test
    void filtersAskLikeSnapshotsDo() throws Exception {
        watched.view.subscribe(ChangeListener.builder()
                .instances(instances -> instances
                        .matching(query -> query.withFree(Requirement.cpu(1_000))
                                .attribute("ecs.os-type", "linux")
                                .where(instance -> instance.agentConnected()))
                        .onAdded(instance -> told.add(instance.ec2InstanceId()))
                        .onRemoved(instance -> told.add("not " + instance.ec2InstanceId())))
                .services(services -> services.matching(query -> query.status("ACTIVE")))
                .services(services -> services.onAdded(service -> told.add(service.serviceName())))
                .build());
        watched.tell();
        watched.apply(
                SampleChanges.service("ACTIVE", 1),
                SampleChanges.byEvent(EntityKind.INSTANCE, Entities.instance("prod", "one")),
                SampleChanges.byEvent(
                        EntityKind.INSTANCE, Entities.instance("prod", "two", i -> i.remainingResources(List.of()))));
        watched.apply(
                SampleChanges.byEvent(EntityKind.INSTANCE, Entities.instance("prod", "one", i -> i.agentConnected(false)
                        .version(2L))));
        watched.tell();

        assertEquals(List.of("web", "i-one", "not i-one"), told);
    }

    @Test
    @Promise(9)
    void aListenerThatIsTooFarBehindGetsOneResetWithTheDifference() throws Exception {
        watched.put("a", 1);
        watched.put("b", 1);
        watched.view.subscribe(words().behindAtMost(2).onBatch(batches::add).build());
        watched.tell();
        told.clear();
        batches.clear();

        watched.put("a", 2);
        watched.put("a", 3);
        watched.put("c", 1);
        watched.remove("c");
        watched.remove("b");
        watched.tell();

        assertEquals(1, batches.size());
        ChangeBatch reset = batches.get(0);
        assertEquals(ChangeBatch.Type.RESET, reset.type());
        assertSame(watched.view.snapshot(), reset.snapshot());
        assertEquals(List.of("a1 -> a3", "removed b1"), told.stream().sorted().toList());
        watched.put("a", 4);
        watched.tell();
        assertEquals("a3 -> a4", told.get(2), "and then goes on");
        assertEquals(1, watched.view.subscriptions().get(0).resets());
    }

    @Test
    @Promise(9)
    void aListenerThatFallsOutOfTheJournalGetsAResetToo() throws Exception {
        watched.view.subscribe(words().onReset(reset -> told.add("reset to " + reset.revision()))
                .build());
        watched.tell();
        for (int i = 1; i <= 2_500; i++) {
            watched.put("a", i);
        }
        watched.tell();

        assertEquals(List.of("reset to 2500"), told, "its handlers of changes are not called beside it");
    }

    @Test
    void aResetCanBeAskedFor() throws Exception {
        watched.view.subscribe(words().onReset(reset -> told.add("reset")).build());
        watched.tell();
        watched.view.reset();
        watched.tell();

        assertEquals(List.of("reset"), told);
    }

    @Test
    void resumesAfterARevision() throws Exception {
        watched.put("a", 1);
        long known = watched.view.snapshot().revision();
        watched.put("a", 2);
        watched.apply(SampleChanges.event("b", 1), SampleChanges.event("c", 1));
        watched.view.subscribe(words().build(), known);
        watched.view.subscribe(
                words().tasks(tasks -> tasks.matching(query -> query.where(task -> task.version() == 1)))
                        .build(),
                known + 2);
        watched.tell();

        assertEquals(List.of("a1 -> a2", "added b1", "added c1", "added c1"), told);
    }

    @Test
    void aQueryThatNeedsTheMomentIsRefused() {
        ChangeListenerBuilder builder = ChangeListener.builder().instances(instances -> instances
                .matching(query -> query.matching("agentConnected == true and not(task:group == web)"))
                .onAdded(instance -> {}));
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, builder::build);
        assertTrue(
                refusal.getMessage().contains("(expected: no task:group in a listener's query"), refusal.getMessage());
    }

    @Test
    void aRevisionThatIsTooLongAgoOrNotThereYetIsOutOfRange() {
        for (int i = 1; i <= 2_001; i++) {
            watched.put("a", i);
        }
        RevisionOutOfRangeException tooOld =
                assertThrows(RevisionOutOfRangeException.class, () -> watched.view.subscribe(words().build(), 0));
        assertEquals("revision: 0 (expected: from 1 to 2001)", tooOld.getMessage());
        assertEquals(1, tooOld.oldest());
        assertThrows(RevisionOutOfRangeException.class, () -> watched.view.subscribe(words().build(), 2_002));
        assertEquals(List.of(), watched.view.subscriptions());
    }

    @Test
    void byDefaultAFailureIsSkipped() throws Exception {
        watched.view.subscribe(words().tasks(tasks -> tasks.onAdded(task -> {
                    throw new IllegalStateException("no " + task.version());
                }))
                .build());
        watched.apply(SampleChanges.event("a", 1), SampleChanges.event("b", 1));
        watched.tell();

        assertEquals(List.of("added a1", "added b1"), told.stream().sorted().toList());
        SubscriptionStatus status = watched.view.subscriptions().get(0);
        assertTrue(status.isActive());
        assertEquals(2, status.failures());
        assertTrue(status.lastFailure().orElseThrow().contains("no 1"));
    }

    @Test
    void aFailureIsToldAgainWhereThatIsWished() throws Exception {
        List<ListenerFailure> failures = new ArrayList<>();
        watched.view.subscribe(ChangeListener.builder()
                .tasks(tasks -> tasks.onAdded(task -> {
                    told.add("tried " + task.version());
                    if (failures.size() < 2) {
                        throw new IllegalStateException("not yet");
                    }
                }))
                .onError(failure -> {
                    failures.add(failure);
                    return ErrorAction.RETRY;
                })
                .build());
        watched.put("a", 1);
        watched.tell();
        assertEquals(List.of("tried 1"), told, "by hand, again when asked again");
        watched.put("b", 7);
        watched.tell();
        watched.tell();

        assertEquals(List.of("tried 1", "tried 1", "tried 1", "tried 7"), told);
        assertEquals(
                List.of(1, 2), failures.stream().map(ListenerFailure::attempt).toList());
        assertEquals("not yet", failures.get(0).error().getMessage());
        assertTrue(failures.get(0).change().orElseThrow().isAddition());
    }

    @Test
    void aFailureMayEndTheSubscription() throws Exception {
        Subscription subscription = watched.view.subscribe(words().tasks(tasks -> tasks.onAdded(task -> {
                    throw new IllegalStateException("enough");
                }))
                .onError(failure -> ErrorAction.CANCEL)
                .build());
        watched.apply(SampleChanges.event("a", 1), SampleChanges.event("b", 1));
        watched.tell();
        watched.put("c", 1);
        watched.tell();

        assertEquals(1, told.size());
        assertFalse(subscription.status().isActive());
        assertTrue(subscription.status().lastFailure().orElseThrow().contains("enough"));
        assertEquals(List.of(subscription.status()), watched.view.subscriptions(), "shows, although it has ended");
    }

    @Test
    void whoFailsToSayWhatToDoIsToldNoMore() throws Exception {
        Subscription subscription = watched.view.subscribe(ChangeListener.builder()
                .tasks(tasks -> tasks.onAdded(task -> {
                    throw new AssertionError("an error, too, is the listener's");
                }))
                .onError(failure -> {
                    throw new IllegalStateException("I do not know");
                })
                .build());
        watched.put("a", 1);
        watched.tell();

        assertFalse(subscription.status().isActive());
        assertTrue(subscription.status().lastFailure().orElseThrow().contains("I do not know"));
    }

    @Test
    void aFilterThatThrowsEndsTheSubscription() throws Exception {
        Subscription subscription =
                watched.view.subscribe(words().tasks(tasks -> tasks.matching(query -> query.where(task -> {
                            throw new IllegalStateException("a bad test");
                        })))
                        .build());
        Subscription other = watched.view.subscribe(words().build());
        watched.put("a", 1);
        watched.tell();

        assertFalse(subscription.status().isActive());
        assertTrue(subscription.status().lastFailure().orElseThrow().contains("a bad test"));
        assertTrue(other.status().isActive());
        assertEquals(List.of("added a1"), told);
    }

    @Test
    void canBeCancelledFromInside() throws Exception {
        AtomicReference<Subscription> subscription = new AtomicReference<>();
        subscription.set(watched.view.subscribe(
                words().tasks(tasks -> tasks.onAdded(task -> subscription.get().cancel()))
                        .build()));
        watched.apply(SampleChanges.event("a", 1), SampleChanges.event("b", 1));
        watched.tell();
        watched.put("c", 1);
        watched.tell();

        assertEquals(1, told.size(), "not even the rest of the batch");
        assertFalse(subscription.get().status().isActive());
        assertEquals(List.of(), watched.view.subscriptions(), "leaves no trace");
    }

    @Test
    void whatHappenedToServicesIsToldToThoseWhoListen() throws Exception {
        watched.view.subscribe(words().build());
        watched.view.subscribe(ChangeListener.builder()
                .onServiceNotice(notice -> told.add(notice.eventName()))
                .build());
        watched.view.noticed(notice("SERVICE_STEADY_STATE"));
        watched.put("a", 1);
        watched.tell();

        assertEquals(List.of("added a1", "SERVICE_STEADY_STATE"), told);
    }

    @Test
    void ofManyNoticesTheLastAreTold() throws Exception {
        watched.view.subscribe(ChangeListener.builder()
                .onServiceNotice(notice -> told.add(notice.eventName()))
                .build());
        for (int i = 1; i <= 101; i++) {
            watched.view.noticed(notice("EVENT_" + i));
        }
        watched.tell();

        assertEquals(100, told.size());
        assertEquals("EVENT_2", told.get(0));
        assertEquals("EVENT_101", told.get(99));
    }

    private static ServiceNotice notice(String eventName) {
        return new ServiceNotice(
                Entities.serviceArn("prod", "web"),
                Entities.clusterArn("prod"),
                Optional.of("INFO"),
                eventName,
                Optional.empty(),
                Entities.NOW);
    }

    @Test
    void noticesComeAfterWhatIsThereAndHoldNoChangeBack() throws Exception {
        watched.host.ready(false);
        watched.put("a", 1);
        watched.view.subscribe(
                words().onServiceNotice(notice -> told.add(notice.eventName())).build());
        watched.view.noticed(notice("EARLY"));
        watched.host.ready(true);
        watched.view.noticed(notice("LATE"));
        watched.tell();

        assertEquals(List.of("added a1", "EARLY", "LATE"), told);
    }

    @Test
    void whenItClosesTheViewNotEvenTheRestOfTheBatchIsTold() throws Exception {
        watched.apply(SampleChanges.event("a", 1), SampleChanges.event("b", 1));
        watched.view.subscribe(words().tasks(
                        tasks -> tasks.onAdded(task -> watched.close()).onAdded(task -> told.add("the next handler")))
                .build());
        watched.tell();

        assertEquals(1, told.size(), told::toString);
    }

    @Test
    void resumesInTheMiddleOfABatchAlsoWhereAResetFollows() throws Exception {
        watched.apply(
                SampleChanges.event("a", 1),
                SampleChanges.event("b", 1),
                SampleChanges.missing(EntityKind.TASK, Entities.taskArn("prod", "a"), 1, 10));
        watched.view.subscribe(words().onBatch(batches::add).build(), 1);
        watched.view.reset();
        watched.tell();

        assertEquals(List.of("added b1", "removed a1"), told, "it knows of a, and has to be told that it is gone");
        assertEquals(1, batches.get(0).since());
        assertEquals(ChangeBatch.Type.RESET, batches.get(1).type());
        assertEquals(List.of(), batches.get(1).changes());
    }

    @Test
    void aLargeBatchAloneIsNoReasonForAReset() throws Exception {
        watched.view.subscribe(words().behindAtMost(0).onBatch(batches::add).build());
        watched.tell();
        watched.apply(SampleChanges.event("a", 1), SampleChanges.event("b", 1), SampleChanges.event("c", 1));
        watched.tell();

        assertEquals(ChangeBatch.Type.LIVE, batches.get(1).type());
    }

    @Test
    void whoAsksForTheInitialBatchAloneGetsAllOfIt() throws Exception {
        watched.put("a", 1);
        watched.view.subscribe(ChangeListener.builder().onInitial(batches::add).build());
        watched.tell();

        assertEquals(1, batches.get(0).of(EntityKind.TASK).size());
    }

    @Test
    void whatIsBeingToldCountsAsBehind() throws Exception {
        List<Long> seen = new ArrayList<>();
        AtomicReference<Subscription> self = new AtomicReference<>();
        watched.apply(SampleChanges.event("a", 1), SampleChanges.event("b", 1));
        self.set(watched.view.subscribe(ChangeListener.builder()
                .tasks(tasks -> tasks.onEach(
                        (change, batch) -> seen.add(self.get().status().behind())))
                .build()));
        watched.tell();

        assertEquals(List.of(2L, 2L), seen);
        assertEquals(0, self.get().status().behind());
        self.get().cancel();
        watched.tell();
        watched.put("c", 1);
        assertEquals(0, self.get().status().behind(), "nothing is owed to who has left");
    }

    @Test
    void aViewThatIsClosedTakesNothingMoreFromItsStore() {
        watched.view.close();

        assertThrows(NotReadyException.class, watched.view::snapshot);
        assertThrows(NotReadyException.class, () -> watched.view.subscribe(words().build()));
        watched.put("a", 1);
        assertFalse(watched.view.isReady());
    }

    @Test
    void howFarBehindItIsShows() throws Exception {
        Subscription subscription =
                watched.view.subscribe(words().named("placement").build());
        assertEquals(0, subscription.status().behind());
        watched.tell();
        watched.put("a", 1);
        watched.put("b", 1);

        SubscriptionStatus status = subscription.status();
        assertTrue(status.name().startsWith("placement-"));
        assertEquals(2, status.behind());
        watched.tell();
        assertEquals(0, subscription.status().behind());
        assertEquals(3, subscription.status().batches());
    }

    @Test
    void aListenerNeedsAHandler() {
        assertThrows(IllegalStateException.class, () -> ChangeListener.builder().build());
        assertThrows(
                IllegalArgumentException.class, () -> ChangeListener.builder().behindAtMost(-1));
    }

    @Test
    void aViewThatIsOverTakesNoSubscription() throws Exception {
        Subscription subscription = watched.view.subscribe(words().build());
        watched.host.over(new IllegalStateException("the queue is taken"));
        watched.tell();

        assertFalse(subscription.status().isActive());
        assertTrue(subscription.status().lastFailure().isEmpty());
        assertThrows(NotReadyException.class, () -> watched.view.subscribe(words().build()));
        assertThrows(NotReadyException.class, () -> watched.view.subscribe(words().build(), 0));
    }

    private ChangeListenerBuilder words() {
        return ChangeListener.builder().tasks(tasks -> tasks.onAdded(task -> told.add("added " + word(task)))
                .onChanged((before, after) -> told.add(word(before) + " -> " + word(after)))
                .onRemoved(task -> told.add("removed " + word(task))));
    }

    private static String word(Task task) {
        return task.taskArn().substring(task.taskArn().lastIndexOf('/') + 1) + task.version();
    }
}
