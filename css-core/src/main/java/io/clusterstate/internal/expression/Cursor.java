package io.clusterstate.internal.expression;

import io.clusterstate.InvalidExpressionException;
import java.util.function.IntPredicate;

/** A position in an expression. */
final class Cursor {

    private final String text;
    private int at;

    Cursor(String text) {
        this.text = text;
    }

    int at() {
        return at;
    }

    boolean isAtEnd() {
        return at == text.length();
    }

    void skipSpaces() {
        takeWhile(Character::isWhitespace);
    }

    /** The text up to the first character that does not pass, and moves past it. */
    String takeWhile(IntPredicate test) {
        int from = at;
        while (at < text.length() && test.test(text.charAt(at))) {
            at++;
        }
        return text.substring(from, at);
    }

    /** Skips spaces and moves past a symbol or a word, unless a longer word stands there. */
    boolean take(String symbolOrWord) {
        skipSpaces();
        int end = at + symbolOrWord.length();
        if (!text.startsWith(symbolOrWord, at)) {
            return false;
        }
        boolean isWord = isWordCharacter(symbolOrWord.charAt(symbolOrWord.length() - 1));
        if (isWord && end < text.length() && isWordCharacter(text.charAt(end))) {
            return false;
        }
        at = end;
        return true;
    }

    boolean isBefore(String symbol) {
        return text.startsWith(symbol, at);
    }

    char next() {
        return text.charAt(at);
    }

    InvalidExpressionException expected(String what) {
        return expectedAt(at, what);
    }

    InvalidExpressionException expectedAt(int place, String what) {
        return new InvalidExpressionException(text, place + 1, what);
    }

    private static boolean isWordCharacter(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == ':' || c == '.' || c == '-';
    }
}
