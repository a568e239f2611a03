package io.clusterstate.examples.soak;

import io.clusterstate.ChangeBatch;

/** A view shows no entity that ECS never had, or had long ago, whatever foreign and replayed events say. */
final class NothingInvented extends Law {

    private final TruthJournal truth;

    NothingInvented(String where, Findings findings, TruthJournal truth) {
        super(where, findings);
        this.truth = truth;
    }

    @Override
    void batch(ChangeBatch batch) {
        batch.changes().stream()
                .filter(change -> change.isAddition())
                .forEach(change -> require(
                        truth.hasBeen(change.arn()),
                        () -> change + ", as " + change.after() + " (expected: none, since ECS did not have it)"));
    }
}
