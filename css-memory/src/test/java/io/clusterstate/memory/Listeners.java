package io.clusterstate.memory;

import io.clusterstate.ChangeBatch;
import io.clusterstate.ChangeListener;
import io.clusterstate.EntityChange;
import java.util.List;

/** Listeners that take down what they are told. */
final class Listeners {

    private Listeners() {}

    /** In words: kind, id, what became of it, and its version. */
    static ChangeListener words(List<String> told) {
        return ChangeListener.builder()
                .onBatch(batch ->
                        batch.changes().stream().map(Listeners::inWords).forEach(told::add))
                .build();
    }

    static ChangeListener types(List<ChangeBatch.Type> types) {
        return ChangeListener.builder()
                .onBatch(batch -> types.add(batch.type()))
                .build();
    }

    private static String inWords(EntityChange<?> change) {
        String what = change.isAddition() ? "added" : change.isRemoval() ? "removed" : "changed";
        String id = change.arn().substring(change.arn().lastIndexOf('/') + 1);
        return what + " " + id + change.latest().version() + " " + change.cause();
    }
}
