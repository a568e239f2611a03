package io.clusterstate.internal.composite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.Freshness;
import io.clusterstate.StoreLink;
import io.clusterstate.StoreLink.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
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

    @Test
    void aClusterOfTwoMembersIsAsFreshAsTheEarlierOneSays() {
        Freshness first = clusters(Map.of("shared", NOON, "a", NOON), Set.of("x"));
        Freshness second = clusters(Map.of("shared", NOON.minusSeconds(60), "b", NOON), Set.of("y"));
        Map<String, Instant> all = Map.of("shared", NOON.minusSeconds(60), "a", NOON, "b", NOON);

        assertEquals(all, LeastFreshness.of(List.of(first, second)).clusters());
        assertEquals(all, LeastFreshness.of(List.of(second, first)).clusters());
        assertEquals(Set.of("x", "y"), LeastFreshness.of(List.of(first, second)).leftOut());
    }

    private static Freshness clusters(Map<String, Instant> clusters, Set<String> leftOut) {
        return new Freshness(Optional.of(NOON), clusters, leftOut, Optional.empty(), Optional.empty(), StoreLink.LOCAL);
    }

    @Test
    void theLinkIsTheWorstOneAndTheOldestOfThose() {
        List<State> worstFirst = List.of(State.LOADING, State.STALE, State.WARM, State.STANDBY, State.LIVE);
        for (int worst = 0; worst < worstFirst.size(); worst++) {
            StoreLink link = new StoreLink(worstFirst.get(worst), NOON);
            for (int other = worst; other < worstFirst.size(); other++) {
                StoreLink later = new StoreLink(worstFirst.get(other), NOON.plusSeconds(60));
                assertEquals(link, linkOf(link, later), later::toString);
                assertEquals(link, linkOf(later, link), later::toString);
            }
        }
    }

    private static StoreLink linkOf(StoreLink... links) {
        return LeastFreshness.of(Stream.of(links)
                        .map(link ->
                                new Freshness(Optional.empty(), Map.of(), Optional.empty(), Optional.empty(), link))
                        .toList())
                .link();
    }

    @Test
    void nothingIsConfirmedOfNoMembers() {
        assertEquals(Freshness.NONE, LeastFreshness.of(List.of()));
    }

    private static Freshness freshness(Optional<Duration> lag, Optional<Instant> lastEventAt) {
        return new Freshness(Optional.of(NOON), Map.of(), lag, lastEventAt, StoreLink.LOCAL);
    }
}
