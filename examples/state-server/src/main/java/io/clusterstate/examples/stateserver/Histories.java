package io.clusterstate.examples.stateserver;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The histories of all places.
 *
 * @param places the histories by the place's name; under {@link Revisions#ONLY} that of the only place
 */
record Histories(Map<String, HistoryStore> places) implements AutoCloseable {

    static Histories open(Options options, Places places) {
        Map<String, HistoryStore> opened = new LinkedHashMap<>();
        try {
            places.views().forEach((name, view) -> opened.put(name, HistoryStore.open(options, name, view)));
        } catch (RuntimeException e) {
            opened.values().forEach(HistoryStore::close);
            throw e;
        }
        return new Histories(opened);
    }

    /** The word for clients. */
    String source() {
        return places.values().iterator().next().source();
    }

    /** The history of a place. */
    HistoryStore place(String name) {
        return Objects.requireNonNull(places.get(name), name);
    }

    /** Writes the status of the archives on disk. */
    void writeStatus(Fields fields) throws IOException {
        if (places.containsKey(Revisions.ONLY)) {
            place(Revisions.ONLY).writeStatus(fields);
            return;
        }
        List<String> recorded = places.keySet().stream()
                .filter(name -> place(name).files().isPresent())
                .toList();
        fields.listIfAny("archives", recorded, (archive, name) -> {
            archive.text("name", name);
            place(name).writeStatus(archive);
        });
    }

    void bindTo(MeterRegistry registry) {
        places.forEach(
                (name, store) -> store.bindTo(registry, name.isEmpty() ? Tags.empty() : Tags.of("mirror", name)));
    }

    @Override
    public void close() {
        places.values().forEach(HistoryStore::close);
    }
}
