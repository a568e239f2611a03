package io.clusterstate.spring;

import io.clusterstate.CompositeSnapshot;
import io.clusterstate.NotReadyException;
import io.clusterstate.ReadPolicy;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * The health of a view: UP while it is ready and ECS has confirmed it within the limit, else OUT_OF_SERVICE. Problems
 * that leave the view usable are details, and do not change the status.
 */
final class ViewHealthIndicator implements HealthIndicator {

    private final ManagedView managed;
    private final ReadPolicy fresh;

    ViewHealthIndicator(ManagedView managed, ReadPolicy healthy) {
        this.managed = managed;
        this.fresh = healthy.servingMarked();
    }

    @Override
    public Health health() {
        Health.Builder health = Health.up();
        try {
            note(managed.view().read(fresh), health);
        } catch (NotReadyException e) {
            health.outOfService().withDetail("notReady", String.valueOf(e.getMessage()));
        }
        List<String> problems = managed.problems().get();
        return problems.isEmpty()
                ? health.build()
                : health.withDetail("problems", problems).build();
    }

    private static void note(ReadPolicy.Result read, Health.Builder health) {
        if (!read.isMet()) {
            health.outOfService().withDetail("stale", read.unmet());
        }
        read.freshness().freshUpTo().ifPresent(upTo -> health.withDetail("freshUpTo", upTo.toString()));
        if (read.snapshot() instanceof CompositeSnapshot composite) {
            health.withDetail("revisions", composite.revisions());
            health.withDetail("missing", composite.missing());
        } else {
            health.withDetail("revision", read.snapshot().revision());
        }
    }
}
