package io.clusterstate.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Parses an expression of the cluster query language into a test of hosts. {@code not} binds closer than {@code and},
 * {@code and} closer than {@code or}. Source: the ECS developer guide, "Cluster query language".
 */
final class Expression {
    private static final int LONGEST = 2_000;
    private static final int DEEPEST = 50;
    private static final Pattern SUBJECT = Pattern.compile("[A-Za-z0-9:._/\\\\-]+");
    private static final Pattern OPERATOR = Pattern.compile("==|!=|>=|<=|=~|!~|>|<|!exists|!in|[a-z_]+");
    private static final Pattern WORD = Pattern.compile("'[^']*'|\"[^\"]*\"|(?:(?!&&|\\|\\|)[^\\s()\\[\\],'\"])+");
    private static final Pattern REGEX = Pattern.compile("'[^']*'|\"[^\"]*\"|(?:(?!&&|\\|\\|)[^\\s()'\"])+");
    private static final Map<String, String> SYMBOLS = Map.of(
            "equals", "==",
            "not_equals", "!=",
            "greater_than", ">",
            "greater_than_equal", ">=",
            "less_than", "<",
            "less_than_equal", "<=",
            "not_exists", "!exists",
            "not_in", "!in",
            "matches", "=~",
            "not_matches", "!~");

    private final String text;
    private int at;
    private int depth;

    private Expression(String text) {
        this.text = text;
    }

    static Predicate<LiveHost> parse(String text) {
        if (text.isBlank() || text.length() > LONGEST) {
            throw EcsError.invalid("expression: " + text.length() + " characters (expected: 1 to " + LONGEST + ")");
        }
        var expression = new Expression(text);
        var test = expression.alternatives();
        expression.skipBlanks();
        if (expression.at < text.length()) {
            throw expression.expected("the end, and, or");
        }
        return test;
    }

    private Predicate<LiveHost> alternatives() {
        var test = conjunction();
        while (takes("||") || takesWord("or")) {
            test = test.or(conjunction());
        }
        return test;
    }

    private Predicate<LiveHost> conjunction() {
        var test = negation();
        while (takes("&&") || takesWord("and")) {
            test = test.and(negation());
        }
        return test;
    }

    private Predicate<LiveHost> negation() {
        if (++depth > DEEPEST) {
            throw expected("at most " + DEEPEST + " levels");
        }
        var test = takes("!") || takesWord("not") ? negation().negate() : single();
        depth--;
        return test;
    }

    private Predicate<LiveHost> single() {
        if (takes("(")) {
            var test = alternatives();
            if (!takes(")")) {
                throw expected(")");
            }
            return test;
        }
        var name = next(SUBJECT, "a subject");
        int begin = at - name.length();
        var subject = HostField.named(name);
        if (subject.isEmpty()) {
            at = begin;
            throw expected("a subject");
        }
        var operator = next(OPERATOR, "an operator");
        var symbol = SYMBOLS.getOrDefault(operator, operator);
        if (!subject.get().operators().contains(symbol)) {
            at -= operator.length();
            throw expected("an operator of " + name);
        }
        return comparison(subject.get(), symbol);
    }

    private Predicate<LiveHost> comparison(HostField subject, String operator) {
        return switch (operator) {
            case "exists" -> subject::exists;
            case "!exists" -> host -> !subject.exists(host);
            case "in" -> among(subject, list(subject));
            case "!in" -> otherwise(subject, among(subject, list(subject)));
            case "=~" -> matching(subject, unquoted(next(REGEX, "a pattern")));
            case "!~" -> otherwise(subject, matching(subject, unquoted(next(REGEX, "a pattern"))));
            case "==" -> equal(subject, value(subject));
            case "!=" -> otherwise(subject, equal(subject, value(subject)));
            default -> ordered(subject, operator, value(subject));
        };
    }

    /**
     * Holds for hosts that have the subject, with other values. The developer guide reads {@code attribute:stack !=
     * prod} as the instances with the attribute unless its value is that ("Filtering by attribute").
     */
    private static Predicate<LiveHost> otherwise(HostField subject, Predicate<LiveHost> positive) {
        return host -> subject.exists(host) && !positive.test(host);
    }

    private static Predicate<LiveHost> equal(HostField subject, String value) {
        return host -> subject.valuesOf(host).stream().anyMatch(it -> subject.compare(it, value) == 0);
    }

    private static Predicate<LiveHost> among(HostField subject, List<String> values) {
        return host -> subject.valuesOf(host).stream()
                .anyMatch(it -> values.stream().anyMatch(value -> subject.compare(it, value) == 0));
    }

    private Predicate<LiveHost> matching(HostField subject, String regex) {
        try {
            var pattern = Pattern.compile(regex);
            return host -> subject.valuesOf(host).stream()
                    .anyMatch(it -> pattern.matcher(it).matches());
        } catch (PatternSyntaxException e) {
            throw expected("a regular expression");
        }
    }

    private static Predicate<LiveHost> ordered(HostField subject, String operator, String value) {
        return host -> subject.valuesOf(host).stream().anyMatch(it -> {
            int order = subject.compare(it, value);
            return switch (operator) {
                case ">" -> order > 0;
                case ">=" -> order >= 0;
                case "<" -> order < 0;
                default -> order <= 0;
            };
        });
    }

    /** A value that can be compared with those of the subject. */
    private String value(HostField subject) {
        var value = unquoted(next(WORD, "a value"));
        subject.compare(value, value);
        return value;
    }

    private List<String> list(HostField subject) {
        if (!takes("[")) {
            throw expected("[");
        }
        var values = new ArrayList<String>();
        do {
            values.add(value(subject));
        } while (takes(","));
        if (!takes("]")) {
            throw expected(", or ]");
        }
        return values;
    }

    private String next(Pattern pattern, String what) {
        skipBlanks();
        var matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            throw expected(what);
        }
        at = matcher.end();
        return matcher.group();
    }

    private boolean takes(String symbol) {
        skipBlanks();
        boolean isThere = text.startsWith(symbol, at);
        at += isThere ? symbol.length() : 0;
        return isThere;
    }

    private boolean takesWord(String word) {
        skipBlanks();
        int end = at + word.length();
        boolean isThere =
                text.startsWith(word, at) && (end == text.length() || "( \t\n!".indexOf(text.charAt(end)) >= 0);
        at = isThere ? end : at;
        return isThere;
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private static String unquoted(String word) {
        boolean isQuoted = word.length() > 1 && (word.charAt(0) == '\'' || word.charAt(0) == '"');
        return isQuoted ? word.substring(1, word.length() - 1) : word;
    }

    private EcsError expected(String what) {
        return EcsError.invalid(
                "Invalid expression: " + text + " (expected: " + what + " at character " + (at + 1) + ")");
    }
}
