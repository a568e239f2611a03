package io.clusterstate.internal.composite;

import io.clusterstate.Freshness;
import io.clusterstate.StoreLink;
import io.clusterstate.StoreLink.State;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The freshness that holds for several members at once: each part is that of the member for which it is worst. */
public final class LeastFreshness {

    /** The states of a link from the worst to the best. */
    private static final List<State> WORST_FIRST =
            List.of(State.LOADING, State.STALE, State.WARM, State.STANDBY, State.LIVE);

    private static final Comparator<StoreLink> WORST_LINK = Comparator.<StoreLink>comparingInt(
                    link -> WORST_FIRST.indexOf(link.state()))
            .thenComparing(StoreLink::since);

    private LeastFreshness() {}

    /**
     * The least freshness.
     *
     * @param members the freshness of each member
     * @return the freshness of them all; {@link Freshness#NONE} if there are none
     */
    public static Freshness of(Collection<Freshness> members) {
        if (members.isEmpty()) {
            return Freshness.NONE;
        }
        Map<String, Instant> clusters = new HashMap<>();
        Set<String> leftOut = new HashSet<>();
        for (Freshness each : members) {
            each.clusters().forEach((arn, upTo) -> clusters.merge(arn, upTo, LeastFreshness::earlier));
            leftOut.addAll(each.leftOut());
        }
        return new Freshness(
                earliest(members, Freshness::freshUpTo),
                Map.copyOf(clusters),
                Set.copyOf(leftOut),
                members.stream().flatMap(each -> each.eventLag().stream()).max(Comparator.naturalOrder()),
                earliest(members, Freshness::lastEventAt),
                members.stream().map(Freshness::link).min(WORST_LINK).orElseThrow());
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** The earliest moment; empty if a member has none. */
    private static Optional<Instant> earliest(
            Collection<Freshness> members, Function<Freshness, Optional<Instant>> part) {
        return members.stream().map(part).allMatch(Optional::isPresent)
                ? members.stream().map(part).map(Optional::orElseThrow).min(Comparator.naturalOrder())
                : Optional.empty();
    }
}
