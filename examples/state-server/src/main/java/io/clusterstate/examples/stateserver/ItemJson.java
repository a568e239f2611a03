package io.clusterstate.examples.stateserver;

import io.clusterstate.EntityChange;
import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes an entity with its metadata, as an item of a list or a stream. */
final class ItemJson {

    private final Map<EntityKind<?>, Kind<?, ?>> kinds = new HashMap<>();
    private final boolean isBrief;

    private ItemJson(List<Kind<?, ?>> kinds, boolean isBrief) {
        kinds.forEach(kind -> this.kinds.put(kind.kind(), kind));
        this.isBrief = isBrief;
    }

    /** Writes entities with all fields. */
    static ItemJson full(List<Kind<?, ?>> kinds) {
        return new ItemJson(kinds, false);
    }

    /** Writes entities with the fields of an overview. */
    static ItemJson brief(List<Kind<?, ?>> kinds) {
        return new ItemJson(kinds, true);
    }

    boolean isBrief() {
        return isBrief;
    }

    /** Whether REST serves the kind. It serves no task definitions, in which environment variables have values. */
    boolean shows(EntityChange<?> change) {
        return kinds.containsKey(change.kind());
    }

    <T> void write(Fields fields, Observed<T> observed) throws IOException {
        fields.object(
                        "metadata",
                        observed,
                        (metadata, of) -> metadata.text("entityVersion", Long.toString(of.revision())))
                .object("entity", observed, form(observed.kind()));
    }

    /**
     * A line of a v1 stream. A removed entity has its last known state and a mark.
     *
     * @param cursor the revisions that a client has after this line; empty if its own revision suffices
     */
    <T> void writeLine(Fields fields, EntityChange<T> change, String cursor) throws IOException {
        fields.object("metadata", change, (metadata, of) -> writeMetadata(metadata, of, cursor))
                .object("entity", change.latest(), form(change.kind()));
    }

    /** A change in an event. */
    <T> void writeChange(Fields fields, EntityChange<T> change) throws IOException {
        fields.text("kind", change.kind().toString())
                .text("type", change.isAddition() ? "added" : change.isRemoval() ? "removed" : "changed")
                .text("cause", change.cause().name())
                .text("arn", change.arn());
        writeLine(fields, change, "");
    }

    private static void writeMetadata(Fields fields, EntityChange<?> change, String cursor) throws IOException {
        fields.text("entityVersion", Long.toString(change.revision())).text("cursor", cursor);
        if (change.isRemoval()) {
            fields.flag("removed", true).text("cause", change.cause().name());
        }
    }

    private <T> Fields.Part<Observed<T>> form(EntityKind<T> kind) {
        Kind<T, ?> known = kind(kind);
        return isBrief ? known.brief() : known.json();
    }

    @SuppressWarnings("unchecked") // the map holds each kind under its own key
    private <T> Kind<T, ?> kind(EntityKind<T> kind) {
        Kind<?, ?> found = kinds.get(kind);
        if (found == null) {
            throw new IllegalArgumentException("kind: " + kind + " (expected: one of " + kinds.keySet() + ")");
        }
        return (Kind<T, ?>) found;
    }
}
