package io.clusterstate.internal.expression;

import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A comparison of a subject with its arguments. It holds if any value of the subject passes; with a negative operator,
 * if there is a value and none passes. An instance without a value therefore passes {@code !exists} alone.
 *
 * @param subject the subject
 * @param operator the operator
 * @param arguments the arguments; none for existence and patterns
 * @param pattern the pattern of {@code matches} and {@code not_matches}
 * @param <C> the type of the values
 */
record Comparison<C extends Comparable<C>>(
        Subject<C> subject, Operator operator, List<C> arguments, @Nullable LinearPattern pattern) implements Node {

    @Override
    public boolean test(Candidate candidate) {
        List<C> values = subject.values().apply(candidate);
        return switch (operator) {
            case EXISTS -> !values.isEmpty();
            case NOT_EXISTS -> values.isEmpty();
            case NOT_EQUALS, NOT_IN, NOT_MATCHES ->
                !values.isEmpty() && values.stream().noneMatch(this::passes);
            default -> values.stream().anyMatch(this::passes);
        };
    }

    @Override
    public boolean needsTaskGroups() {
        return subject.name().equals(Subject.TASK_GROUP);
    }

    /** Whether a value passes the operator, or the positive one of a negative operator. */
    private boolean passes(C value) {
        return switch (operator) {
            case EQUALS, NOT_EQUALS, IN, NOT_IN -> arguments.stream().anyMatch(each -> value.compareTo(each) == 0);
            case MATCHES, NOT_MATCHES -> pattern != null && pattern.matches(value.toString());
            case GREATER_THAN -> order(value, difference -> difference > 0);
            case GREATER_THAN_EQUAL -> order(value, difference -> difference >= 0);
            case LESS_THAN -> order(value, difference -> difference < 0);
            case LESS_THAN_EQUAL -> order(value, difference -> difference <= 0);
            case EXISTS, NOT_EXISTS -> throw new IllegalStateException("operator: " + operator);
        };
    }

    private boolean order(C value, IntPredicate test) {
        return test.test(value.compareTo(arguments.get(0)));
    }
}
