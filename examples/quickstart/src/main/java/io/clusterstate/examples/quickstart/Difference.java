package io.clusterstate.examples.quickstart;

import java.util.ArrayList;
import java.util.List;

/**
 * A difference between a view and the truth.
 *
 * @param kind the kind of difference
 * @param words the entity or cluster, and the values that differ
 */
record Difference(Kind kind, String words) {

    private static final int SHOWN_OF_A_KIND = 4;

    /** The kinds of differences, with their headings in the report. */
    enum Kind {
        FOREIGN("in the view, but of another account, Region or partition"),
        ENDED("in the view, but not (or no longer) in ECS"),
        ABSENT("in ECS, but not in the view"),
        OTHERWISE("in both, with different values"),
        FRESHNESS("freshness in the future");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /** The number of differences of each kind, and the first {@value #SHOWN_OF_A_KIND} of each. */
    static List<String> report(List<Difference> differences) {
        List<String> lines = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            List<Difference> ofKind =
                    differences.stream().filter(each -> each.kind() == kind).toList();
            if (!ofKind.isEmpty()) {
                lines.add("%d %s:".formatted(ofKind.size(), kind.words));
                ofKind.stream().limit(SHOWN_OF_A_KIND).forEach(each -> lines.add("  " + each.words()));
            }
        }
        return lines;
    }
}
