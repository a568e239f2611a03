package io.clusterstate.examples.quickstart;

import java.util.ArrayList;
import java.util.List;

/**
 * One place where a view differs from the truth.
 *
 * @param kind what is wrong
 * @param words where, in words
 */
record Difference(Kind kind, String words) {

    private static final int SHOWN_OF_A_KIND = 4;

    /** What can be wrong, in the words of a report. */
    enum Kind {
        FOREIGN("shown, but of another account, Region or partition"),
        ENDED("shown, but ECS does not know it (any more)"),
        ABSENT("in ECS, but not shown"),
        OTHERWISE("shown otherwise than ECS has it"),
        FRESHNESS("said to be fresh up to a time that has not come yet");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /** How many there are of each kind, and some of each. */
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
