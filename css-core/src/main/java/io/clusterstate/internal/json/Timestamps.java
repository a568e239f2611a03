package io.clusterstate.internal.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * A parser for the timestamps of events. ISO-8601 in UTC with 0 to 9 digits of fraction, as ECS writes them, takes a
 * direct path; the JDK parses any other ISO-8601 form with an offset.
 */
public final class Timestamps {

    private static final int FRACTION = 20;

    private Timestamps() {}

    /**
     * Parses a timestamp.
     *
     * @param text the text in ISO-8601
     * @return the moment
     * @throws DateTimeParseException if the text is no timestamp
     */
    public static Instant parse(String text) {
        return parse(text.toCharArray(), 0, text.length());
    }

    /**
     * Parses a timestamp.
     *
     * @param chars the characters of a text in ISO-8601
     * @param offset the index of the first
     * @param length their number
     * @return the moment
     * @throws DateTimeParseException if the text is no timestamp
     */
    public static Instant parse(char[] chars, int offset, int length) {
        Instant direct = parseUtc(chars, offset, length);
        return direct != null
                ? direct
                : OffsetDateTime.parse(new String(chars, offset, length)).toInstant();
    }

    private static @Nullable Instant parseUtc(char[] text, int at, int length) {
        int end = length - 1;
        if (end < FRACTION - 1 || end > FRACTION + 9 || text[at + end] != 'Z' || !hasSeparators(text, at)) {
            return null;
        }
        int nanos = end == FRACTION - 1 ? 0 : fraction(text, at + FRACTION, end - FRACTION);
        int year = digits(text, at, 4);
        int month = digits(text, at + 5, 2);
        int day = digits(text, at + 8, 2);
        int hour = digits(text, at + 11, 2);
        int minute = digits(text, at + 14, 2);
        int second = digits(text, at + 17, 2);
        if ((nanos | year | month | day | hour | minute | second) < 0 || hour > 23 || minute > 59 || second > 59) {
            return null;
        }
        try {
            long days = LocalDate.of(year, month, day).toEpochDay();
            return Instant.ofEpochSecond(days * 86_400 + hour * 3_600L + minute * 60L + second, nanos);
        } catch (DateTimeException e) {
            String date = new String(text, at, length);
            throw new DateTimeParseException("timestamp: " + date + " (expected: a date that exists)", date, 0, e);
        }
    }

    private static boolean hasSeparators(char[] text, int at) {
        return text[at + 4] == '-'
                && text[at + 7] == '-'
                && text[at + 10] == 'T'
                && text[at + 13] == ':'
                && text[at + 16] == ':';
    }

    /** The nanoseconds of the fraction at {@code from}, which a point precedes; negative if it is invalid. */
    private static int fraction(char[] text, int from, int length) {
        if (text[from - 1] != '.' || length == 0) {
            return -1;
        }
        int nanos = digits(text, from, length);
        for (int i = length; i < 9; i++) {
            nanos *= 10;
        }
        return nanos;
    }

    /** The number of {@code length} digits at {@code from}; negative if a character is no digit. */
    private static int digits(char[] text, int from, int length) {
        int number = 0;
        for (int i = from; i < from + length; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
