package io.clusterstate.internal.expression;

import io.clusterstate.InvalidExpressionException;
import io.clusterstate.internal.expression.PatternTree.Border;
import io.clusterstate.internal.expression.PatternTree.Choice;
import io.clusterstate.internal.expression.PatternTree.One;
import io.clusterstate.internal.expression.PatternTree.Repeat;
import io.clusterstate.internal.expression.PatternTree.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Parses the part of Java's regular expressions that needs no backtracking: characters, classes, groups, alternatives
 * and repetitions. Lookaround, back references, possessive repetitions and flags are errors.
 */
final class PatternParser {

    static final int MAX_STEPS = 10_000;
    static final int MAX_COUNT = 1_000;
    static final int MAX_DEPTH = 50;

    private static final String QUANTIFIERS = "*+?{";
    private static final String LINE_ENDS = "\n\r\u0085\u2028\u2029";

    private final String text;
    private final Cursor whole;
    private final int offset;
    private int at;
    private int depth;

    private PatternParser(String text, Cursor whole, int offset) {
        this.text = text;
        this.whole = whole;
        this.offset = offset;
    }

    /**
     * Parses a pattern.
     *
     * @param text the pattern
     * @param whole the expression, for errors
     * @param offset the place of the pattern in the expression
     */
    static LinearPattern parse(String text, Cursor whole, int offset) {
        PatternParser parser = new PatternParser(text, whole, offset);
        PatternTree tree = parser.choice();
        if (parser.at < text.length()) {
            throw parser.expected("no ) without a (");
        }
        return PatternTree.compile(tree, MAX_STEPS)
                .orElseThrow(() -> whole.expectedAt(offset, "a pattern of at most " + MAX_STEPS + " steps"));
    }

    private PatternTree choice() {
        List<PatternTree> parts = new ArrayList<>();
        do {
            parts.add(sequence());
        } while (take('|'));
        return parts.size() == 1 ? parts.get(0) : new Choice(parts);
    }

    private PatternTree sequence() {
        List<PatternTree> parts = new ArrayList<>();
        while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
            parts.add(quantified(atom()));
        }
        return new Sequence(parts);
    }

    private PatternTree quantified(PatternTree part) {
        if (at == text.length() || QUANTIFIERS.indexOf(text.charAt(at)) < 0) {
            return part;
        }
        char quantifier = text.charAt(at);
        PatternTree repeat;
        if (quantifier == '{') {
            repeat = counted(part);
        } else {
            at++;
            repeat = new Repeat(part, quantifier == '+' ? 1 : 0, quantifier == '?' ? 1 : PatternTree.UNLIMITED);
        }
        take('?'); // a lazy repetition matches the same texts
        if (at < text.length() && QUANTIFIERS.indexOf(text.charAt(at)) >= 0) {
            throw expected("one repetition; possessive ones are not supported");
        }
        return repeat;
    }

    private PatternTree counted(PatternTree part) {
        at++;
        int min = number();
        int max = min;
        if (take(',')) {
            max = at < text.length() && text.charAt(at) == '}' ? PatternTree.UNLIMITED : number();
        }
        if (max != PatternTree.UNLIMITED && max < min) {
            throw expected("a second number that is at least the first");
        }
        if (!take('}')) {
            throw expected("}");
        }
        return new Repeat(part, min, max);
    }

    private int number() {
        int from = at;
        int value = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9' && value <= MAX_COUNT) {
            value = 10 * value + text.charAt(at) - '0';
            at++;
        }
        if (at == from || value > MAX_COUNT) {
            at = from;
            throw expected("a number from 0 to " + MAX_COUNT);
        }
        return value;
    }

    private PatternTree atom() {
        char c = text.charAt(at);
        if (QUANTIFIERS.indexOf(c) >= 0) {
            throw expected("something to repeat; \\" + c + " is the character");
        }
        if (take('^')) {
            return new Border(false);
        }
        if (take('$')) {
            return new Border(true);
        }
        if (take('.')) {
            return new One(each -> LINE_ENDS.indexOf(each) < 0);
        }
        if (take('(')) {
            return group();
        }
        return new One(c == '[' || c == '\\' ? new ClassReader().read() : literal());
    }

    private PatternTree group() {
        if (text.startsWith("?:", at)) {
            at += 2;
        } else if (at < text.length() && text.charAt(at) == '?') {
            throw expected("a group, or (?: for one; lookaround, names and flags are not supported");
        }
        if (++depth > MAX_DEPTH) {
            throw expected("at most " + MAX_DEPTH + " levels of groups");
        }
        PatternTree inner = choice();
        depth--;
        if (!take(')')) {
            throw expected(")");
        }
        return inner;
    }

    private IntPredicate literal() {
        int c = text.codePointAt(at);
        at += Character.charCount(c);
        return each -> each == c;
    }

    private boolean take(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private InvalidExpressionException expected(String what) {
        return whole.expectedAt(offset + at, "in a pattern: " + what);
    }

    /** Reads a class in brackets, or an escape. */
    private final class ClassReader {

        IntPredicate read() {
            return take('[') ? brackets() : escape();
        }

        private IntPredicate brackets() {
            boolean isNegated = take('^');
            List<IntPredicate> members = new ArrayList<>();
            do {
                members.add(member());
            } while (!take(']'));
            IntPredicate any = c -> members.stream().anyMatch(each -> each.test(c));
            return isNegated ? any.negate() : any;
        }

        private IntPredicate member() {
            if (at == text.length() || text.charAt(at) == ']' || text.charAt(at) == '[' || text.startsWith("&&", at)) {
                throw expected("a character of a class; [, ] and && are escaped");
            }
            if (text.charAt(at) == '\\' && isClassEscape()) {
                return escape();
            }
            int low = character();
            boolean isRange = at + 1 < text.length() && text.charAt(at) == '-' && text.charAt(at + 1) != ']';
            if (!isRange) {
                return c -> c == low;
            }
            int place = at;
            at++;
            int high = isClassEscape() || text.charAt(at) == '[' ? -1 : character();
            if (high < low) {
                at = place;
                throw expected("a range that ascends; \\- is the character");
            }
            return c -> c >= low && c <= high;
        }

        private int character() {
            if (text.charAt(at) == '\\') {
                at++;
                if (at == text.length() || Character.isLetterOrDigit(text.charAt(at))) {
                    throw expected("a symbol after \\, or one of d, D, s, S, w, W");
                }
            }
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            return c;
        }

        private boolean isClassEscape() {
            return text.charAt(at) == '\\' && at + 1 < text.length() && "dDsSwW".indexOf(text.charAt(at + 1)) >= 0;
        }

        private IntPredicate escape() {
            if (!isClassEscape()) {
                int c = character();
                return each -> each == c;
            }
            char name = text.charAt(at + 1);
            at += 2;
            IntPredicate test =
                    switch (Character.toLowerCase(name)) {
                        case 'd' -> c -> c >= '0' && c <= '9';
                        case 's' -> c -> " \t\n\u000B\f\r".indexOf(c) >= 0;
                        default -> c -> c < 128 && (Character.isLetterOrDigit(c) || c == '_');
                    };
            return Character.isUpperCase(name) ? test.negate() : test;
        }
    }
}
