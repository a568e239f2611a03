package io.clusterstate.etcd;

import io.clusterstate.Observed;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.Removal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Ends what is past its time, in the process that leads: ended entities become tombstones, and old tombstones are
 * deleted. Other writes go on between the batches. Tombstones can wait, so that each call deletes a bounded number.
 *
 * <p>Thread: safe for any thread.
 */
final class Retention {

    /** The most tombstones that one call deletes; with a call every 10 seconds, 500 a second. */
    static final int MAX_FORGOTTEN = 5_000;

    private static final int MAX_IN_A_BATCH = 500;

    private final Replica replica;
    private final Writer writer;
    private final LeaderWriter leaderWriter;
    private final WriteLimits limits;
    private final InstantSource clock;

    Retention(Replica replica, Writer writer, LeaderWriter leaderWriter, WriteLimits limits, InstantSource clock) {
        this.replica = replica;
        this.writer = writer;
        this.leaderWriter = leaderWriter;
        this.limits = limits;
        this.clock = clock;
    }

    /** Ends what is past its time; returns the removals of ended entities. */
    List<Applied> run(long inTerm) throws InterruptedException {
        Instant now = clock.instant();
        List<Applied> removed = removeEnded(now);
        leaderWriter.forget(replica.forgettableBy(now, MAX_FORGOTTEN), inTerm);
        return removed;
    }

    private List<Applied> removeEnded(Instant now) throws InterruptedException {
        List<Change<?>> removals = replica.endedBy(now.minus(limits.keepEnded())).stream()
                .<Change<?>>map(Retention::removalOf)
                .toList();
        List<Applied> removed = new ArrayList<>();
        for (int from = 0; from < removals.size(); from += MAX_IN_A_BATCH) {
            List<Change<?>> some = removals.subList(from, Math.min(removals.size(), from + MAX_IN_A_BATCH));
            writer.apply(some).stream()
                    .filter(applied -> applied.outcome() == Outcome.REMOVED)
                    .forEach(removed::add);
        }
        return removed;
    }

    private static Removal<?> removalOf(Observed<?> ended) {
        return Removal.of(ended, ended.observedAt(), Removal.Reason.RETENTION);
    }
}
