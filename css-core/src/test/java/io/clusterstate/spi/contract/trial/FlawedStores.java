package io.clusterstate.spi.contract.trial;

import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.Decision;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.Upsert;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.spi.contract.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Variants of the reference store, each with one flaw. */
final class FlawedStores {

    private FlawedStores() {}

    static final class Overwriting extends ReferenceStore {
        Overwriting(TestClock clock, Duration keepEnded, Duration keepTombstones) {
            super(clock, keepEnded, keepTombstones);
        }

        @Override
        protected <T> Decision<T> decide(
                Observed<T> present, Removal<T> tombstone, Change<T> change, Instant keptSince) {
            return present != null && change instanceof Upsert<T> upsert
                    ? new Decision<>(Outcome.UPDATED, upsert.observed(), null)
                    : super.decide(present, tombstone, change, keptSince);
        }
    }

    static final class AcceptingEqual extends ReferenceStore {
        AcceptingEqual(TestClock clock, Duration keepEnded, Duration keepTombstones) {
            super(clock, keepEnded, keepTombstones);
        }

        @Override
        protected <T> Decision<T> decide(
                Observed<T> present, Removal<T> tombstone, Change<T> change, Instant keptSince) {
            return present != null
                            && change instanceof Upsert<T> upsert
                            && upsert.observed().version() == present.version()
                    ? new Decision<>(Outcome.UPDATED, upsert.observed(), null)
                    : super.decide(present, tombstone, change, keptSince);
        }
    }

    static final class IgnoringEnrichment extends ReferenceStore {
        IgnoringEnrichment(TestClock clock, Duration keepEnded, Duration keepTombstones) {
            super(clock, keepEnded, keepTombstones);
        }

        @Override
        protected <T> Decision<T> decide(
                Observed<T> present, Removal<T> tombstone, Change<T> change, Instant keptSince) {
            Decision<T> right = super.decide(present, tombstone, change, keptSince);
            return right.outcome() == Outcome.ENRICHED ? new Decision<>(Outcome.DUPLICATE, present, null) : right;
        }
    }

    static final class ForgettingRemovals extends ReferenceStore {
        ForgettingRemovals(TestClock clock, Duration keepEnded, Duration keepTombstones) {
            super(clock, keepEnded, keepTombstones);
        }

        @Override
        protected <T> Decision<T> decide(
                Observed<T> present, Removal<T> tombstone, Change<T> change, Instant keptSince) {
            return super.decide(present, null, change, keptSince);
        }
    }

    /** Compares a value's version with that of its tombstone by {@code >=} instead of {@code >}. */
    static final class Reviving extends ReferenceStore {
        Reviving(TestClock clock, Duration keepEnded, Duration keepTombstones) {
            super(clock, keepEnded, keepTombstones);
        }

        @Override
        protected <T> Decision<T> decide(
                Observed<T> present, Removal<T> tombstone, Change<T> change, Instant keptSince) {
            return tombstone != null
                            && change instanceof Upsert<T> upsert
                            && upsert.observed().version() == tombstone.version()
                    ? super.decide(present, null, change, keptSince)
                    : super.decide(present, tombstone, change, keptSince);
        }
    }

    static final class ObeyingAnyRemoval extends ReferenceStore {
        ObeyingAnyRemoval(TestClock clock, Duration keepEnded, Duration keepTombstones) {
            super(clock, keepEnded, keepTombstones);
        }

        @Override
        protected <T> Decision<T> decide(
                Observed<T> present, Removal<T> tombstone, Change<T> change, Instant keptSince) {
            return present != null && change instanceof Removal<T> removal
                    ? new Decision<>(Outcome.REMOVED, null, removal)
                    : super.decide(present, tombstone, change, keptSince);
        }
    }

    static final class RememberingForEver extends ReferenceStore {
        RememberingForEver(TestClock clock, Duration keepEnded, Duration keepTombstones) {
            super(clock, keepEnded, Duration.ofDays(9_999));
        }
    }

    static final class KeepingEnded extends ReferenceStore {
        KeepingEnded(TestClock clock, Duration keepEnded, Duration keepTombstones) {
            super(clock, Duration.ofDays(9_999), keepTombstones);
        }
    }

    /** Expires a thousand entities at a time, and relies on further calls. */
    static final class RemovingSome extends ReferenceStore {
        RemovingSome(TestClock clock, Duration keepEnded, Duration keepTombstones) {
            super(clock, keepEnded, keepTombstones);
        }

        @Override
        public synchronized List<Applied> apply(List<? extends Change<?>> changes) {
            boolean areExpired = !changes.isEmpty() && changes.get(0) instanceof Removal<?>;
            return super.apply(areExpired ? changes.subList(0, Math.min(1_000, changes.size())) : changes);
        }
    }

    static final class RemovingEndedAtOnce extends ReferenceStore {
        RemovingEndedAtOnce(TestClock clock, Duration keepEnded, Duration keepTombstones) {
            super(clock, Duration.ZERO, keepTombstones);
        }
    }

    static final class Evicting extends ReferenceStore {
        private int kept;

        Evicting(TestClock clock, Duration keepEnded, Duration keepTombstones) {
            super(clock, keepEnded, keepTombstones);
        }

        @Override
        protected <T> Decision<T> decide(
                Observed<T> present, Removal<T> tombstone, Change<T> change, Instant keptSince) {
            Decision<T> right = super.decide(present, tombstone, change, keptSince);
            kept += right.outcome() == Outcome.ADDED ? 1 : 0;
            return kept > 1_000 ? new Decision<>(right.outcome(), null, null) : right;
        }
    }

    static final class LosingWrites extends ReferenceStore {
        LosingWrites(TestClock clock, Duration keepEnded, Duration keepTombstones) {
            super(clock, keepEnded, keepTombstones);
        }

        @Override
        @SuppressWarnings({"UnsynchronizedOverridesSynchronized", "ThreadPriorityCheck"}) // the flaw
        public List<Applied> apply(List<? extends Change<?>> changes) {
            Snapshot read = snapshot();
            Thread.yield();
            return applyOn(read, changes);
        }
    }

    static final class PublishingHalf extends ReferenceStore {
        PublishingHalf(TestClock clock, Duration keepEnded, Duration keepTombstones) {
            super(clock, keepEnded, keepTombstones);
        }

        @Override
        public synchronized List<Applied> apply(List<? extends Change<?>> changes) {
            List<Applied> applied = new ArrayList<>();
            changes.forEach(change -> applied.addAll(applyOn(snapshot(), List.of(change))));
            return applied;
        }
    }

    static final class Late extends ReferenceStore {
        private volatile Snapshot before = super.snapshot();

        Late(TestClock clock, Duration keepEnded, Duration keepTombstones) {
            super(clock, keepEnded, keepTombstones);
        }

        @Override
        public synchronized List<Applied> apply(List<? extends Change<?>> changes) {
            before = super.snapshot();
            return super.apply(changes);
        }

        @Override
        public Snapshot snapshot() {
            return before;
        }
    }

    static final class StandingStill extends ReferenceStore {
        StandingStill(TestClock clock, Duration keepEnded, Duration keepTombstones) {
            super(clock, keepEnded, keepTombstones);
        }

        @Override
        protected long nextRevision(long revision) {
            return 1;
        }
    }

    static final class AnsweringBackwards extends ReferenceStore {
        AnsweringBackwards(TestClock clock, Duration keepEnded, Duration keepTombstones) {
            super(clock, keepEnded, keepTombstones);
        }

        @Override
        public synchronized List<Applied> apply(List<? extends Change<?>> changes) {
            List<Applied> applied = new ArrayList<>(super.apply(changes));
            Collections.reverse(applied);
            return applied;
        }
    }

    static final class Live extends ReferenceStore {
        Live(TestClock clock, Duration keepEnded, Duration keepTombstones) {
            super(clock, keepEnded, keepTombstones);
        }

        @Override
        public Snapshot snapshot() {
            return new LiveSnapshot(super::snapshot);
        }
    }

    static final class NeverClosing extends ReferenceStore {
        NeverClosing(TestClock clock, Duration keepEnded, Duration keepTombstones) {
            super(clock, keepEnded, keepTombstones);
        }

        @Override
        public void close() {
            // the flaw
        }
    }

    static final class TellingHalf extends ReferenceStore {
        TellingHalf(TestClock clock, Duration keepEnded, Duration keepTombstones) {
            super(clock, keepEnded, keepTombstones);
        }

        @Override
        protected void publish(Snapshot after, List<Applied> applied) {
            super.publish(after, applied.subList(0, (applied.size() + 1) / 2));
        }
    }

    static final class TellingBackwards extends ReferenceStore {
        TellingBackwards(TestClock clock, Duration keepEnded, Duration keepTombstones) {
            super(clock, keepEnded, keepTombstones);
        }

        @Override
        protected void publish(Snapshot after, List<Applied> applied) {
            List<Applied> backwards = new ArrayList<>(applied);
            Collections.reverse(backwards);
            super.publish(after, backwards);
        }
    }

    /** Does not publish that a retention has ended. */
    static final class TellingNoEnds extends ReferenceStore {
        TellingNoEnds(TestClock clock, Duration keepEnded, Duration keepTombstones) {
            super(clock, keepEnded, keepTombstones);
        }

        @Override
        protected void publish(Snapshot after, List<Applied> applied) {
            super.publish(
                    after, applied.stream().filter(each -> !isRetention(each)).toList());
        }

        private static boolean isRetention(Applied applied) {
            return applied.change() instanceof Removal<?> removal && removal.reason() == Removal.Reason.RETENTION;
        }
    }
}
