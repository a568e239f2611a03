package io.clusterstate.internal.expression;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The comparisons, each with a symbol and a word. Source: the ECS developer guide, "Cluster query language". */
enum Operator {
    EQUALS("==", "equals"),
    NOT_EQUALS("!=", "not_equals"),
    GREATER_THAN(">", "greater_than"),
    GREATER_THAN_EQUAL(">=", "greater_than_equal"),
    LESS_THAN("<", "less_than"),
    LESS_THAN_EQUAL("<=", "less_than_equal"),
    EXISTS("exists", "exists"),
    NOT_EXISTS("!exists", "not_exists"),
    IN("in", "in"),
    NOT_IN("!in", "not_in"),
    MATCHES("=~", "matches"),
    NOT_MATCHES("!~", "not_matches");

    static final Set<Operator> EQUALITY = EnumSet.of(EQUALS, NOT_EQUALS);
    static final Set<Operator> ORDER = EnumSet.of(GREATER_THAN, GREATER_THAN_EQUAL, LESS_THAN, LESS_THAN_EQUAL);
    static final Set<Operator> LISTS = EnumSet.of(IN, NOT_IN);
    static final Set<Operator> PATTERNS = EnumSet.of(MATCHES, NOT_MATCHES);
    static final Set<Operator> EXISTENCE = EnumSet.of(EXISTS, NOT_EXISTS);

    private record Spelling(String text, Operator operator) {}

    /** All spellings, longer ones first, so that none hides another that it begins. */
    private static final List<Spelling> SPELLINGS = Arrays.stream(values())
            .flatMap(each -> Stream.of(each.symbol, each.word).map(text -> new Spelling(text, each)))
            .distinct()
            .sorted(Comparator.comparing((Spelling each) -> -each.text.length()))
            .toList();

    private final String symbol;
    private final String word;

    Operator(String symbol, String word) {
        this.symbol = symbol;
        this.word = word;
    }

    /** Moves the cursor past an operator. */
    static @Nullable Operator take(Cursor cursor) {
        for (Spelling each : SPELLINGS) {
            if (cursor.take(each.text)) {
                return each.operator;
            }
        }
        return null;
    }

    /** Symbols for an error message, in this enum's order. */
    static String symbols(Set<Operator> operators) {
        return Arrays.stream(values())
                .filter(operators::contains)
                .map(each -> each.symbol)
                .collect(Collectors.joining(", "));
    }
}
