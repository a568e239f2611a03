package io.clusterstate.internal.composite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.Freshness;
import io.clusterstate.StoreLink;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The freshness that holds for several members at once. */
class LeastFreshnessTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void aMemberWithoutEventsDoesNotHideTheLagOfAnother() {
        Freshness late = freshness(Optional.of(Duration.ofHours(1)), Optional.of(NOON));
        Freshness prompt = freshness(Optional.of(Duration.ofSeconds(1)), Optional.of(NOON.plusSeconds(60)));
        Freshness quiet = freshness(Optional.empty(), Optional.empty());

        assertEquals(
                Optional.of(Duration.ofHours(1)),
                LeastFreshness.of(List.of(prompt, quiet, late)).eventLag());
        assertEquals(Optional.empty(), LeastFreshness.of(List.of(quiet)).eventLag());
    }

    @Test
    void theLastEventIsKnownIfEachMemberHasHadOne() {
        Freshness early = freshness(Optional.of(Duration.ZERO), Optional.of(NOON));
        Freshness late = freshness(Optional.of(Duration.ZERO), Optional.of(NOON.plusSeconds(60)));
        Freshness quiet = freshness(Optional.empty(), Optional.empty());

        assertEquals(Optional.of(NOON), LeastFreshness.of(List.of(late, early)).lastEventAt());
        assertEquals(Optional.empty(), LeastFreshness.of(List.of(late, quiet)).lastEventAt());
    }

    private static Freshness freshness(Optional<Duration> lag, Optional<Instant> lastEventAt) {
        return new Freshness(Optional.of(NOON), Map.of(), lag, lastEventAt, StoreLink.LOCAL);
    }
}
