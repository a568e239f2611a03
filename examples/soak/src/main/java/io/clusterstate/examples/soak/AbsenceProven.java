package io.clusterstate.examples.soak;

import io.clusterstate.ChangeBatch;
import java.util.function.BooleanSupplier;

/** Promise 8: ECS does not have an entity that a view removes, or the entity has ended. */
final class AbsenceProven extends Law {

    private final TruthJournal truth;
    private final BooleanSupplier mayGoBack;

    /** @param mayGoBack whether a backup of the store was restored lately */
    AbsenceProven(String where, Findings findings, TruthJournal truth, BooleanSupplier mayGoBack) {
        super(where, findings);
        this.truth = truth;
        this.mayGoBack = mayGoBack;
    }

    @Override
    void batch(ChangeBatch batch) {
        if (batch.type() == ChangeBatch.Type.RESET && mayGoBack.getAsBoolean()) {
            return;
        }
        batch.changes().stream()
                .filter(change -> change.isRemoval())
                .forEach(change -> require(
                        !truth.isLiving(change.arn()),
                        () -> change + ", last " + change.before() + " (expected: no removal, since ECS has it as "
                                + truth.last(change.arn()) + ")"));
    }
}
