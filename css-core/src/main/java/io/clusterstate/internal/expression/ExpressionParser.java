package io.clusterstate.internal.expression;

import io.clusterstate.InvalidExpressionException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A recursive descent parser: {@code or} of {@code and} of {@code not}, parentheses and comparisons. The guide names no
 * precedence; here {@code not} binds closest and {@code or} loosest.
 *
 * <p>Only parentheses and {@code not} recurse, and their depth is bounded.
 */
final class ExpressionParser {

    /** The length that ECS accepts. Source: the ECS API reference, {@code PlacementConstraint}. */
    static final int MAX_LENGTH = 2_000;

    static final int MAX_DEPTH = 50;

    private static final String NOT_IN_VALUES = "()[],'\"=<>!~&|";

    private final Cursor cursor;
    private int depth;

    private ExpressionParser(String text) {
        this.cursor = new Cursor(text);
    }

    static Node parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new InvalidExpressionException(
                    text, MAX_LENGTH + 1, "at most " + MAX_LENGTH + " characters, as in ECS");
        }
        ExpressionParser parser = new ExpressionParser(text);
        Node whole = parser.anyOf();
        parser.cursor.skipSpaces();
        if (!parser.cursor.isAtEnd()) {
            throw parser.cursor.expected("and, or, or the end; a value with spaces or symbols is quoted");
        }
        return whole;
    }

    private Node anyOf() {
        return chain(this::allOf, Node.Any::new, "||", "or");
    }

    private Node allOf() {
        return chain(this::unary, Node.All::new, "&&", "and");
    }

    private Node chain(Supplier<Node> part, Function<List<Node>, Node> join, String symbol, String word) {
        List<Node> parts = new ArrayList<>();
        do {
            parts.add(part.get());
        } while (cursor.take(symbol) || cursor.take(word));
        return parts.size() == 1 ? parts.get(0) : join.apply(List.copyOf(parts));
    }

    private Node unary() {
        cursor.skipSpaces();
        if (++depth > MAX_DEPTH) {
            throw cursor.expected("at most " + MAX_DEPTH + " levels of parentheses and not");
        }
        Node node;
        if (cursor.take("!") || cursor.take("not")) {
            node = new Node.Not(unary());
        } else {
            node = cursor.take("(") ? closed() : comparison();
        }
        depth--;
        return node;
    }

    private Node closed() {
        Node inner = anyOf();
        if (!cursor.take(")")) {
            throw cursor.expected("), and, or or");
        }
        return inner;
    }

    private Node comparison() {
        cursor.skipSpaces();
        int from = cursor.at();
        String name = cursor.takeWhile(ExpressionParser::isInNames);
        Subject<?> subject = Subject.named(name);
        if (subject == null) {
            throw cursor.expectedAt(from, Subject.names() + hint(name));
        }
        cursor.skipSpaces();
        int place = cursor.at();
        Operator operator = Operator.take(cursor);
        if (operator == null || !subject.operators().contains(operator)) {
            throw cursor.expectedAt(
                    place, "an operator of " + subject.name() + ": " + Operator.symbols(subject.operators()));
        }
        return compare(subject.comparedBy(operator), operator);
    }

    private static String hint(String name) {
        boolean isBare = !name.isEmpty() && name.indexOf(':') < 0;
        return isBare ? "; attribute:" + name + " for an attribute" : "";
    }

    private <C extends Comparable<C>> Comparison<C> compare(Subject<C> subject, Operator operator) {
        cursor.skipSpaces();
        if (Operator.EXISTENCE.contains(operator)) {
            return new Comparison<>(subject, operator, List.of(), null);
        }
        if (Operator.PATTERNS.contains(operator)) {
            return new Comparison<>(subject, operator, List.of(), pattern());
        }
        List<C> arguments = Operator.LISTS.contains(operator) ? list(subject) : List.of(argument(subject));
        return new Comparison<>(subject, operator, arguments, null);
    }

    private <C extends Comparable<C>> List<C> list(Subject<C> subject) {
        if (!cursor.take("[")) {
            throw cursor.expected("a list such as [a, b]");
        }
        List<C> arguments = new ArrayList<>();
        do {
            arguments.add(argument(subject));
        } while (cursor.take(","));
        if (!cursor.take("]")) {
            throw cursor.expected("a comma or ]");
        }
        return List.copyOf(arguments);
    }

    private <C extends Comparable<C>> C argument(Subject<C> subject) {
        cursor.skipSpaces();
        int from = cursor.at();
        String quoted = quoted();
        String text = quoted == null ? cursor.takeWhile(ExpressionParser::isInValues) : quoted;
        C value = text.isEmpty() && quoted == null ? null : subject.reader().read(text);
        if (value == null) {
            throw cursor.expectedAt(from, subject.expected());
        }
        return value;
    }

    private LinearPattern pattern() {
        int from = cursor.at();
        String quoted = quoted();
        if (quoted != null) {
            return PatternParser.parse(quoted, cursor, from + 1);
        }
        String bare = cursor.takeWhile(c -> isInPatterns(c) && !cursor.isBefore("&&") && !cursor.isBefore("||"));
        if (bare.isEmpty() || cursor.isBefore("(")) {
            throw cursor.expected("a pattern; one with spaces or parentheses is quoted");
        }
        return PatternParser.parse(bare, cursor, from);
    }

    /** The text between quotes; null if the cursor stands at none. Quotes have no escapes. */
    private @Nullable String quoted() {
        if (cursor.isAtEnd() || (cursor.next() != '\'' && cursor.next() != '"')) {
            return null;
        }
        char quote = cursor.next();
        cursor.take(String.valueOf(quote));
        String text = cursor.takeWhile(c -> c != quote);
        if (cursor.isAtEnd()) {
            throw cursor.expected("the closing " + quote);
        }
        cursor.take(String.valueOf(quote));
        return text;
    }

    private static boolean isInNames(int c) {
        return Character.isLetterOrDigit(c) || "-_./\\:".indexOf(c) >= 0;
    }

    private static boolean isInValues(int c) {
        return !Character.isWhitespace(c) && NOT_IN_VALUES.indexOf(c) < 0;
    }

    private static boolean isInPatterns(int c) {
        return !Character.isWhitespace(c) && "()'\"".indexOf(c) < 0;
    }
}
