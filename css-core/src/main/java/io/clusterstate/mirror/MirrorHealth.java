package io.clusterstate.mirror;

import io.clusterstate.mirror.MirrorStatus.Role;
import io.clusterstate.spi.EventSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges the health of a mirror by that of its parts, for its status.
 *
 * @param claim the claim on the source; empty if the mirror has none
 */
record MirrorHealth(
        Lifecycle lifecycle,
        ReconcileContext context,
        CountingStore store,
        EventSource source,
        EventPathMonitor monitor,
        Optional<SourceClaim> claim,
        Reconciler reconciler,
        LeadWatch leadWatch) {

    /** The problems of the set-up, such as a rule without a queue. */
    List<String> setUp() {
        List<String> problems = new ArrayList<>(source.problem().stream().toList());
        problems.addAll(monitor.problems());
        if (lifecycle.isReady() && reconciler.isLeading()) {
            context.selection().problem().ifPresent(problems::add);
        }
        return problems;
    }

    Role role() {
        if (store.coordination().isEmpty()) {
            return claim.filter(SourceClaim::isStandby).isPresent() ? Role.STANDBY : Role.SOLE;
        }
        return reconciler.isLeading() ? Role.LEADER : Role.FOLLOWER;
    }

    /** The failure that keeps the mirror from following ECS; empty if none does. */
    Optional<String> failure() {
        return context.coordination()
                .problem()
                .or(reconciler.clientCheck()::problem)
                .or(() -> lifecycle.isReady() ? reconciler.listFailure() : reconciler.failure())
                .or(() -> leadWatch.problem(lifecycle.phase()))
                .or(() -> claim.flatMap(SourceClaim::problem));
    }
}
