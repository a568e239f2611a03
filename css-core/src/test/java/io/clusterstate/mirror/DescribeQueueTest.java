package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.internal.ecs.ApiBudget;
import io.clusterstate.internal.ecs.Inventory;
import io.clusterstate.mirror.DescribeQueue.DescribeCall;
import io.clusterstate.spi.Delivery;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DescribeQueueTest {

    private static final String CLUSTER = Entities.clusterArn("a");
    private static final String OTHER = Entities.clusterArn("b");
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final TestTime time = new TestTime();
    private final ApiBudget budget = new ApiBudget(1, time);
    private final DescribeQueue describeQueue = new DescribeQueue(time, budget);

    @Test
    void manyHintsAboutOneClusterBecomeOneEnquiry() throws InterruptedException {
        hint("1");
        hint("2");
        time.advance(DescribeQueue.HINT_WAITS);

        DescribeCall call = next();

        assertEquals(EntityKind.TASK, call.kind());
        assertEquals(CLUSTER, call.clusterArn());
        assertEquals(List.of(task("1"), task("2")), call.arns());
        assertEquals(2, call.deliveries());
        assertNone();
    }

    @Test
    void kindsAndClustersAreAskedAboutApart() throws InterruptedException {
        hint("1");
        describeQueue.hint(EntityKind.TASK, OTHER, Entities.taskArn(OTHER, "1"), delivery("other", "r"), false);
        describeQueue.hint(
                EntityKind.INSTANCE, CLUSTER, Entities.instanceArn(CLUSTER, "1"), delivery("instance", "r"), false);
        time.advance(DescribeQueue.HINT_WAITS);

        Set<String> asked = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            DescribeCall call = next();
            assertEquals(1, call.arns().size());
            asked.add(call.kind() + " of " + call.clusterArn());
        }

        assertEquals(Set.of("task of " + CLUSTER, "task of " + OTHER, "container-instance of " + CLUSTER), asked);
    }

    @Test
    void aHintWaitsAMomentForOthers() throws InterruptedException {
        hint("1");
        time.advance(DescribeQueue.HINT_WAITS.minus(MOMENT));
        assertNone();

        time.advance(MOMENT);

        assertEquals(List.of(task("1")), next().arns());
    }

    @Test
    void aFullCallWaitsForNoOthersAndLeavesTheRest() throws InterruptedException {
        for (int i = 0; i < 99; i++) {
            hint("" + i);
        }
        assertNone();
        hint("99");
        hint("100");

        assertEquals(100, next().arns().size());
        assertNone();
        time.advance(DescribeQueue.HINT_WAITS);
        assertEquals(List.of(task("100")), next().arns());
    }

    @Test
    void servicesAreAskedAboutByTens() throws InterruptedException {
        for (int i = 0; i < 11; i++) {
            String arn = Entities.serviceArn(CLUSTER, "s" + i);
            describeQueue.hint(EntityKind.SERVICE, CLUSTER, arn, delivery("m" + i, "r"), false);
        }

        assertEquals(10, next().arns().size());
        assertNone();
    }

    @Test
    void aRedeliveredMessageTakesItsOwnPlace() throws InterruptedException {
        describeQueue.hint(EntityKind.TASK, CLUSTER, task("1"), delivery("m", "early"), false);
        Delivery again = delivery("m", "late");
        describeQueue.hint(EntityKind.TASK, CLUSTER, task("1"), again, false);
        describeQueue.hint(EntityKind.TASK, CLUSTER, task("1"), delivery("n", "r"), false);
        time.advance(DescribeQueue.HINT_WAITS);

        DescribeCall call = next();

        assertEquals(List.of(task("1")), call.arns());
        assertEquals(2, call.deliveries());
        assertTrue(call.waiting().get(task("1")).stream()
                .anyMatch(each -> each.delivery().equals(again)));
    }

    @Test
    void hintsAreRefusedBeyondTheBoundUntilSomeAreTaken() throws InterruptedException {
        for (int i = 0; i < DescribeQueue.MOST_HINTS / 2; i++) {
            assertTrue(hint("" + i));
        }
        assertFalse(hint("one too many"));
        assertTrue(
                describeQueue.hint(EntityKind.TASK, OTHER, Entities.taskArn(OTHER, "1"), delivery("other", "r"), false),
                "there is room for others");
        assertEquals(List.of(task("0")), next().arns().subList(0, 1));
        time.advance(DescribeQueue.HINT_WAITS);
        assertEquals(OTHER, next().clusterArn());
        for (int i = 0; i < 100; i++) {
            assertTrue(hint("again" + i));
        }

        int taken = next().deliveries();

        for (int i = 0; i < taken; i++) {
            assertTrue(hint("more" + i));
        }
        assertFalse(hint("one too many again"));
    }

    @Test
    void redeliveredMessagesTakeNoMoreRoom() throws InterruptedException {
        for (int i = 0; i < DescribeQueue.MOST_HINTS; i++) {
            assertTrue(describeQueue.hint(EntityKind.TASK, CLUSTER, task("1"), delivery("m", "r" + i), false));
        }
        assertTrue(hint("2"));
    }

    @Test
    void enrichmentsBeyondTheBoundAreForgotten() throws InterruptedException {
        for (int i = 0; i <= DescribeQueue.MOST_ENRICHMENTS; i++) {
            enrich("" + i);
        }
        time.advance(DescribeQueue.ENRICHMENT_WAITS);

        int asked = 0;
        for (Optional<DescribeCall> each = take(); each.isPresent(); each = take()) {
            asked += each.get().arns().size();
        }

        assertEquals(DescribeQueue.MOST_ENRICHMENTS, asked);
        assertTrue(hint("hints have their own room"));
    }

    @Test
    void anEnrichmentWaitsSomeSecondsForOthers() throws InterruptedException {
        enrich("1");
        enrich("1");
        time.advance(DescribeQueue.ENRICHMENT_WAITS.minus(MOMENT));
        assertNone();

        time.advance(MOMENT);

        DescribeCall call = next();
        assertEquals(List.of(task("1")), call.arns());
        assertEquals(0, call.deliveries());
    }

    @Test
    void anEnrichmentWaitsUntilTheBudgetHasSomeToSpareAndAHintDoesNot() throws InterruptedException {
        enrich("1");
        time.advance(DescribeQueue.ENRICHMENT_WAITS);
        for (int i = 0; i < 51; i++) {
            budget.await(Inventory.categoryOf(EntityKind.TASK));
        }
        assertNone();
        for (int i = 0; i < 100; i++) {
            hint("hint" + i);
        }
        assertEquals(100, next().deliveries());
        assertNone();

        time.advance(Duration.ofSeconds(1));

        assertEquals(List.of(task("1")), next().arns());
    }

    @Test
    void hintsComeFirst() throws InterruptedException {
        enrich("enriched");
        time.advance(DescribeQueue.ENRICHMENT_WAITS.minus(DescribeQueue.HINT_WAITS));
        hint("hinted");
        time.advance(DescribeQueue.HINT_WAITS);

        assertEquals(List.of(task("hinted")), next().arns());
        assertEquals(List.of(task("enriched")), next().arns());
    }

    @Test
    void closeReturnsTheDeliveriesThatWaitAndTakesNoMore() throws InterruptedException {
        Delivery waiting = delivery("m", "r");
        describeQueue.hint(EntityKind.TASK, CLUSTER, task("1"), waiting, false);
        enrich("2");
        time.advance(DescribeQueue.ENRICHMENT_WAITS);

        assertEquals(List.of(waiting), describeQueue.close());

        assertNone();
        assertFalse(hint("3"));
        assertEquals(List.of(), describeQueue.close());
    }

    @Test
    void aBusyClusterLeavesEachOtherItsTurn() throws InterruptedException {
        for (int i = 0; i < 1_000; i++) {
            hint("" + i);
        }
        describeQueue.hint(EntityKind.TASK, OTHER, Entities.taskArn(OTHER, "1"), delivery("other", "r"), false);
        time.advance(DescribeQueue.HINT_WAITS);

        assertEquals(CLUSTER, next().clusterArn());
        for (int i = 0; i < 100; i++) {
            hint("more" + i);
        }
        assertEquals(OTHER, next().clusterArn());
        assertEquals(CLUSTER, next().clusterArn());
    }

    @Test
    void noTopicWaitsForMoreThanOneCallOfEachOther() throws InterruptedException {
        int clusters = 7;
        Map<String, Integer> asked = new HashMap<>();
        for (int call = 0; call < 700; call++) {
            for (int i = 0; i < clusters; i++) {
                int hints = i == 0 ? 200 : 1; // one is busy beyond what calls can take
                for (int k = 0;
                        k < hints
                                && describeQueue.hint(
                                        EntityKind.TASK,
                                        Entities.clusterArn("c" + i),
                                        Entities.taskArn("c" + i, call + "-" + k),
                                        delivery(i + "-" + call + "-" + k, "r"),
                                        false);
                        k++) {}
            }
            time.advance(DescribeQueue.HINT_WAITS);
            asked.merge(next().clusterArn(), 1, Integer::sum);
        }

        assertEquals(clusters, asked.size());
        assertTrue(asked.values().stream().allMatch(count -> count >= 99 && count <= 101), asked::toString);
    }

    @Test
    void aDeliveryIsKeptWithoutItsBody() throws InterruptedException {
        Delivery whole = new Delivery("m", "a long body", "r", Entities.NOW, Optional.empty(), 3);
        describeQueue.hint(EntityKind.TASK, CLUSTER, task("1"), whole, true);
        time.advance(DescribeQueue.HINT_WAITS);

        DescribeQueue.Waiting waiting =
                next().waiting().get(task("1")).stream().findFirst().orElseThrow();
        assertEquals(new Delivery("m", "", "r", Entities.NOW, Optional.empty(), 3), waiting.delivery());
        assertTrue(waiting.isOfThePast());
    }

    @Test
    @Promise(4)
    void whatEcsDidNotAnswerIsAskedAgainAndKeptFromComingAgain() throws InterruptedException {
        hint("1");
        enrich("2");
        time.advance(DescribeQueue.ENRICHMENT_WAITS);
        DescribeCall unanswered = next();
        DescribeCall notEnriched = next();

        assertEquals(List.of(), describeQueue.requeue(unanswered));
        assertEquals(List.of(), describeQueue.requeue(notEnriched));

        assertEquals(
                List.of(delivery("message 1", "r")),
                describeQueue.takeExpiring(),
                "at once: how long it has left is unknown");
        assertEquals(List.of(), describeQueue.takeExpiring());
        time.advance(DescribeQueue.EXTENDED_FOR.dividedBy(2));
        assertEquals(1, describeQueue.takeExpiring().size());
        assertEquals(List.of(task("1")), next().arns());
        assertEquals(List.of(task("2")), next().arns());
    }

    @Test
    void aDeliveryThatHasComeAgainMeanwhileIsNotTakenForTheOldOne() throws InterruptedException {
        hint("1");
        time.advance(DescribeQueue.HINT_WAITS);
        DescribeCall unanswered = next();
        Delivery again = delivery("message 1", "newer");
        describeQueue.hint(EntityKind.TASK, CLUSTER, task("1"), again, false);

        describeQueue.requeue(unanswered);

        time.advance(DescribeQueue.HINT_WAITS);
        assertEquals(
                List.of(again),
                next().waiting().get(task("1")).stream()
                        .map(DescribeQueue.Waiting::delivery)
                        .toList());
    }

    @Test
    void whatIsGivenBackAfterTheCloseIsForTheSource() throws InterruptedException {
        hint("1");
        time.advance(DescribeQueue.HINT_WAITS);
        DescribeCall unanswered = next();
        describeQueue.close();

        assertEquals(List.of(delivery("message 1", "r")), describeQueue.requeue(unanswered));
    }

    @Test
    void aHintThatWaitsLongIsKept() throws InterruptedException {
        hint("1");
        assertEquals(List.of(), describeQueue.takeExpiring());

        time.advance(DescribeQueue.EXTENDED_AFTER);

        assertEquals(List.of(delivery("message 1", "r")), describeQueue.takeExpiring());
    }

    private boolean hint(String id) {
        return describeQueue.hint(EntityKind.TASK, CLUSTER, task(id), delivery("message " + id, "r"), false);
    }

    private void enrich(String id) {
        describeQueue.enrich(EntityKind.TASK, CLUSTER, task(id));
    }

    private Optional<DescribeCall> take() throws InterruptedException {
        return describeQueue.take(Duration.ZERO);
    }

    private DescribeCall next() throws InterruptedException {
        return take().orElseThrow();
    }

    private void assertNone() throws InterruptedException {
        assertEquals(Optional.empty(), take());
    }

    private static String task(String id) {
        return Entities.taskArn(CLUSTER, id);
    }

    private static Delivery delivery(String id, String receipt) {
        return new Delivery(id, "", receipt, Entities.NOW, Optional.empty(), 1);
    }
}
