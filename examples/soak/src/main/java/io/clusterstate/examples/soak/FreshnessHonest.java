package io.clusterstate.examples.soak;

import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.examples.soak.TruthJournal.State;
import io.clusterstate.examples.soak.TruthJournal.ThenAndNow;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Promise 6: every change that ECS showed before {@code freshUpTo} is in the view. The law compares versions of tasks
 * and instances, and the presence of services and clusters, which have no versions.
 */
final class FreshnessHonest extends Law {

    private final TruthJournal truth;
    private final BooleanSupplier isClockWrong;
    private final Map<String, Instant> last = new HashMap<>();

    /** @param isClockWrong whether the clock of a mirror was ahead lately, so that its confirmations are too */
    FreshnessHonest(String where, Findings findings, TruthJournal truth, BooleanSupplier isClockWrong) {
        super(where, findings);
        this.truth = truth;
        this.isClockWrong = isClockWrong;
    }

    @Override
    void seen(Snapshot snapshot) {
        if (isClockWrong.getAsBoolean()) {
            return;
        }
        Instant now = Instant.now();
        snapshot.freshness().clusters().forEach((cluster, upTo) -> {
            require(!upTo.isAfter(now), () -> cluster + ": fresh up to " + upTo + " (expected: not after " + now + ")");
            if (!upTo.equals(last.put(cluster, upTo))) {
                truth.at(upTo, cluster).forEach(each -> judge(snapshot, upTo, each));
            }
        });
    }

    private void judge(Snapshot snapshot, Instant upTo, ThenAndNow entity) {
        State then = entity.then();
        Optional<? extends Observed<?>> shown = snapshot.observed(then.kind(), then.arn());
        boolean holds;
        if (then.isLiving()) {
            holds = shown.map(each -> each.version() >= then.version())
                    .orElseGet(() -> !truth.isLiving(then.arn())); // perhaps since the last sample
        } else {
            holds = entity.now().isLiving() || shown.map(Observed::hasEnded).orElse(true);
        }
        require(
                holds,
                () -> "fresh up to " + upTo + ", where ECS had " + then + ", and the view shows "
                        + shown.map(Object::toString).orElse("nothing") + "; ECS now has " + entity.now()
                        + "; removed: " + snapshot.removed(then.arn()));
    }
}
