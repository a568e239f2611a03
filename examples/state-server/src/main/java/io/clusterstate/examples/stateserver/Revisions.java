package io.clusterstate.examples.stateserver;

import io.clusterstate.CompositeSnapshot;
import io.clusterstate.Snapshot;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The revisions that an answer shows, as text: the revision of the only place, such as {@code 12}, or those of several
 * places by name, such as {@code eu-west-1:12,us-east-1:34}. Revisions of different places have no order.
 *
 * @param of the revisions by the place's name; under {@link #ONLY} that of the only place
 */
record Revisions(SortedMap<String, Long> of) {

    /** The name of the only place. */
    static final String ONLY = "";

    static final Revisions NONE = new Revisions(new TreeMap<>());

    private static final int MOST_PLACES = 1_000;

    Revisions {
        of = Collections.unmodifiableSortedMap(new TreeMap<>(of));
    }

    static Revisions only(long revision) {
        return new Revisions(new TreeMap<>(Map.of(ONLY, revision)));
    }

    static Revisions in(Snapshot now) {
        return now instanceof CompositeSnapshot several
                ? new Revisions(new TreeMap<>(several.revisions()))
                : only(now.revision());
    }

    /** Reads a text that a client had from an answer. */
    static Revisions parse(String text) {
        SortedMap<String, Long> found = new TreeMap<>();
        for (String each : text.split(",", MOST_PLACES)) {
            int colon = each.lastIndexOf(':');
            String name = colon < 0 ? ONLY : each.substring(0, colon);
            if (colon == 0 || found.put(name, number(each.substring(colon + 1))) != null) {
                throw HttpError.bad("Invalid entity version");
            }
        }
        if (found.size() > 1 && found.containsKey(ONLY)) {
            throw HttpError.bad("Invalid entity version");
        }
        return new Revisions(found);
    }

    /** A revision; a view may begin empty, at 0. */
    private static long number(String text) {
        return text.equals("0") ? 0 : Filters.entityVersion(text);
    }

    /** These revisions, with another one for a place. */
    Revisions with(String place, long revision) {
        SortedMap<String, Long> changed = new TreeMap<>(of);
        changed.put(place, revision);
        return new Revisions(changed);
    }

    /** These revisions and others, which win. */
    Revisions with(Revisions others) {
        SortedMap<String, Long> changed = new TreeMap<>(of);
        changed.putAll(others.of);
        return new Revisions(changed);
    }

    /** Whether these are of the same places as the present ones, and none is later. */
    boolean areIn(Revisions present) {
        return of.keySet().equals(present.of.keySet())
                && of.entrySet().stream()
                        .allMatch(each -> each.getValue() <= present.of.getOrDefault(each.getKey(), 0L));
    }

    @Override
    public String toString() {
        return of.entrySet().stream()
                .map(each ->
                        each.getKey().isEmpty() ? each.getValue().toString() : each.getKey() + ':' + each.getValue())
                .collect(Collectors.joining(","));
    }
}
