package io.clusterstate.examples.soak;

import io.clusterstate.ChangeBatch;
import io.clusterstate.EntityChange;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Promise 3: an entity that a view has removed stays away. It may return in a later version, or if ECS has it after
 * all.
 */
final class NoResurrection extends Law {

    private static final int MOST_REMEMBERED = 20_000;

    private final TruthJournal truth;
    private final BooleanSupplier mayGoBack;
    private final Map<String, Long> removed = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    /** @param mayGoBack whether a backup of the store was restored lately */
    NoResurrection(String where, Findings findings, TruthJournal truth, BooleanSupplier mayGoBack) {
        super(where, findings);
        this.truth = truth;
        this.mayGoBack = mayGoBack;
    }

    @Override
    void batch(ChangeBatch batch) {
        if (mayGoBack.getAsBoolean()) {
            removed.clear();
            return;
        }
        batch.changes().forEach(this::judge);
    }

    private void judge(EntityChange<?> change) {
        if (change.isRemoval()) {
            removed.put(change.arn(), change.latest().version());
        } else if (change.isAddition()) {
            Long gone = removed.remove(change.arn());
            require(
                    gone == null || change.latest().version() > gone || truth.isLiving(change.arn()),
                    () -> change + " (expected: none, since version " + gone + " was removed, and ECS has none)");
        }
    }
}
