package io.clusterstate;

/**
 * A text is no expression of the cluster query language. The message names the column, the text there, and what was
 * expected instead.
 */
public final class InvalidExpressionException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 24;
    private static final int SHOWN_WHOLE = 200;

    private final String expression;
    private final int column;

    /**
     * Creates an exception. The library throws it, and applications need no constructor.
     *
     * @param expression the whole text
     * @param column the column of the first character that does not fit, from 1; one past the text for its end
     * @param expected the permitted continuations, in words
     */
    public InvalidExpressionException(String expression, int column, String expected) {
        super("expression, column " + column + ": " + shown(expression, column - 1) + " (expected: " + expected + ")"
                + (column > 1 ? " in " + clipped(expression, SHOWN_WHOLE) : ""));
        this.expression = expression;
        this.column = column;
    }

    /**
     * The whole text.
     *
     * @return the text as it was given
     */
    public String expression() {
        return expression;
    }

    /**
     * The place of the error.
     *
     * @return the column of the first character that does not fit, from 1; one past the text if its end came too early
     */
    public int column() {
        return column;
    }

    private static String shown(String expression, int from) {
        return from >= expression.length() ? "the end" : clipped(expression.substring(from), SHOWN);
    }

    private static String clipped(String text, int limit) {
        return text.length() <= limit ? text : text.substring(0, limit) + "…";
    }
}
