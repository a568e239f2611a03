package io.clusterstate.examples.stateserver;

import io.clusterstate.EntityChange;
import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An entity with its metadata, as lists and streams have it. */
final class ItemJson {

    private final Map<EntityKind<?>, Kind<?, ?>> kinds = new HashMap<>();

    ItemJson(List<Kind<?, ?>> kinds) {
        kinds.forEach(kind -> this.kinds.put(kind.kind(), kind));
    }

    <T> void write(Fields fields, Observed<T> observed) throws IOException {
        fields.object(
                        "metadata",
                        observed,
                        (metadata, of) -> metadata.text("entityVersion", Long.toString(of.revision())))
                .object("entity", observed, kind(observed.kind()).json());
    }

    /** A line of a v1 stream. What was removed is told with its last known state, and marked. */
    <T> void writeLine(Fields fields, EntityChange<T> change) throws IOException {
        fields.object("metadata", change, ItemJson::writeMetadata)
                .object("entity", change.latest(), kind(change.kind()).json());
    }

    /** One of the changes of an event. */
    <T> void writeChange(Fields fields, EntityChange<T> change) throws IOException {
        fields.text("kind", change.kind().toString())
                .text("type", change.isAddition() ? "added" : change.isRemoval() ? "removed" : "changed")
                .text("cause", change.cause().name())
                .text("arn", change.arn());
        writeLine(fields, change);
    }

    private static void writeMetadata(Fields fields, EntityChange<?> change) throws IOException {
        fields.text("entityVersion", Long.toString(change.revision()));
        if (change.isRemoval()) {
            fields.flag("removed", true).text("cause", change.cause().name());
        }
    }

    @SuppressWarnings("unchecked") // each kind stands under its own key
    private <T> Kind<T, ?> kind(EntityKind<T> kind) {
        Kind<?, ?> found = kinds.get(kind);
        if (found == null) {
            throw new IllegalArgumentException("kind: " + kind + " (expected: one of " + kinds.keySet() + ")");
        }
        return (Kind<T, ?>) found;
    }
}
