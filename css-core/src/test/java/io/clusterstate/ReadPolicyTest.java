package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ReadPolicy.Result;
import io.clusterstate.spi.SnapshotEditor;
import io.clusterstate.testing.Entities;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReadPolicyTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Snapshot AT_7 = SnapshotEditor.of(SnapshotEditor.empty())
            .put(Entities.observed(EntityKind.CLUSTER, "new", Entities.cluster("new")))
            .toSnapshot(7);
    /** Of two clusters, one is at the limit and the other, and so the whole, over it. */
    private static final Freshness HALF_STALE = new Freshness(
            Optional.of(NOW.minusSeconds(601)),
            Map.of(
                    Entities.clusterArn("fresh"),
                    NOW.minusSeconds(600),
                    Entities.clusterArn("stale"),
                    NOW.minusSeconds(601)),
            Optional.empty(),
            Optional.empty(),
            StoreLink.LOCAL);

    private static final Freshness UNKNOWN =
            new Freshness(Optional.empty(), Map.of(), Optional.empty(), Optional.empty(), StoreLink.LOCAL);

    @Test
    void anyIsMetByWhateverThereIs() {
        Result answer = ReadPolicy.any().judge(SnapshotEditor.empty(), UNKNOWN, NOW);

        assertTrue(answer.isMet());
        assertSame(SnapshotEditor.empty(), answer.snapshot());
        assertSame(UNKNOWN, answer.freshness());
    }

    @Test
    void whatIsTooStaleFailsTheRead() {
        assertFault(
                "fresh up to: 2026-01-01T11:49:59Z, PT10M1S ago (expected: at most PT10M ago)",
                ReadPolicy.any().atMostStale(LONGEST),
                HALF_STALE);
    }

    @Test
    void whatIsAtTheLimitDoesNot() {
        assertTrue(ReadPolicy.any()
                .atMostStale(LONGEST)
                .judge(AT_7, HALF_STALE, NOW.minusSeconds(1))
                .isMet());
    }

    @Test
    void whatIsTooStaleIsServedMarkedOnDemand() {
        Result answer = ReadPolicy.any().atMostStale(LONGEST).servingMarked().judge(AT_7, HALF_STALE, NOW);

        assertFalse(answer.isMet());
        assertSame(AT_7, answer.snapshot());
        assertEquals(
                List.of("fresh up to: 2026-01-01T11:49:59Z, PT10M1S ago (expected: at most PT10M ago)"),
                answer.unmet());
    }

    @Test
    void oneClusterIsJudgedByItself() {
        ReadPolicy policy = ReadPolicy.any().atMostStale(LONGEST);

        assertTrue(policy.in("fresh").judge(AT_7, HALF_STALE, NOW).isMet());
        assertTrue(policy.in(Entities.clusterArn("fresh"))
                .judge(AT_7, HALF_STALE, NOW)
                .isMet());
        assertFault(
                "fresh up to of cluster stale: 2026-01-01T11:49:59Z, PT10M1S ago (expected: at most PT10M ago)",
                policy.in("stale"),
                HALF_STALE);
    }

    @Test
    void unknownFreshnessIsNoFreshness() {
        ReadPolicy policy = ReadPolicy.any().atMostStale(Duration.ofDays(365));

        assertFault("fresh up to: unknown (expected: at most PT8760H ago)", policy, UNKNOWN);
        assertFault(
                "fresh up to of cluster new: unknown (expected: at most PT8760H ago)", policy.in("new"), HALF_STALE);
    }

    @Test
    void aRevisionThatIsNotReachedFailsTheRead() {
        assertTrue(ReadPolicy.any().atLeastRevision(7).judge(AT_7, UNKNOWN, NOW).isMet());
        assertFault("revision: 7 (expected: at least 8)", ReadPolicy.any().atLeastRevision(8), UNKNOWN);
    }

    @Test
    void allThatIsUnmetIsNamed() {
        assertFault(
                "revision: 7 (expected: at least 8); fresh up to: unknown (expected: at most PT10M ago)",
                ReadPolicy.any().atMostStale(LONGEST).atLeastRevision(8),
                UNKNOWN);
    }

    @Test
    void aClusterThatTheViewDoesNotKnowIsNoStaleOne() {
        ReadPolicy policy = ReadPolicy.any().in("nwe");

        assertEquals(
                "cluster: nwe (expected: one of the 1 in the view: [new])",
                assertThrows(UnknownClusterException.class, () -> policy.judge(AT_7, UNKNOWN, NOW))
                        .getMessage());
        assertEquals(
                List.of("cluster: nwe (expected: one of the 1 in the view: [new])"),
                policy.servingMarked().judge(AT_7, UNKNOWN, NOW).unmet());
        assertTrue(ReadPolicy.any().in("new").judge(AT_7, UNKNOWN, NOW).isMet());
    }

    @Test
    void aClusterThatMayNotBeReadIsNamedAsSuch() {
        Freshness denied = new Freshness(
                Optional.of(NOW), Map.of(), Set.of("secret"), Optional.empty(), Optional.empty(), StoreLink.LOCAL);

        assertEquals(
                "cluster: secret, which is left out since ECS denies access (expected: a readable cluster)",
                assertThrows(
                                UnknownClusterException.class,
                                () -> ReadPolicy.any().in("secret").judge(AT_7, denied, NOW))
                        .getMessage());
    }

    @Test
    void aNegativeLimitIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> ReadPolicy.any().atMostStale(Duration.ofNanos(-1)));
    }

    private static void assertFault(String expected, ReadPolicy policy, Freshness freshness) {
        StaleViewException fault = assertThrows(StaleViewException.class, () -> policy.judge(AT_7, freshness, NOW));
        assertEquals(expected, fault.getMessage());
    }

    @Test
    void aViewThatIsCutOffDoesNotMeetADemandToBeLive() {
        Freshness cutOff = new Freshness(
                Optional.of(NOW),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                new StoreLink(StoreLink.State.STALE, NOW.minusSeconds(60)));

        StaleViewException refused = assertThrows(
                StaleViewException.class, () -> ReadPolicy.any().live().judge(SnapshotEditor.empty(), cutOff, NOW));

        assertTrue(refused.getMessage().contains("STALE"), refused.getMessage());
        assertTrue(ReadPolicy.any()
                .live()
                .judge(SnapshotEditor.empty(), HALF_STALE, NOW)
                .isMet());
        assertTrue(ReadPolicy.any().judge(SnapshotEditor.empty(), cutOff, NOW).isMet());
    }

    @Test
    void theViewOfAStandbyDoesNotMeetADemandToBeLive() {
        Freshness standby = new Freshness(
                Optional.of(NOW),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                new StoreLink(StoreLink.State.STANDBY, NOW.minusSeconds(60)));

        assertFault(
                "store: STANDBY since 2026-01-01T11:59:00Z, while another mirror holds the queue (expected: LIVE)",
                ReadPolicy.any().live(),
                standby);
    }
}
