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
        Instant direct = parseUtc(text);
        return direct != null ? direct : OffsetDateTime.parse(text).toInstant();
    }

    private static @Nullable Instant parseUtc(String text) {
        int end = text.length() - 1;
        if (end < FRACTION - 1 || end > FRACTION + 9 || text.charAt(end) != 'Z' || !hasSeparators(text)) {
            return null;
        }
        int nanos = end == FRACTION - 1 ? 0 : fraction(text, end);
        int year = digits(text, 0, 4);
        int month = digits(text, 5, 2);
        int day = digits(text, 8, 2);
        int hour = digits(text, 11, 2);
        int minute = digits(text, 14, 2);
        int second = digits(text, 17, 2);
        if ((nanos | year | month | day | hour | minute | second) < 0 || hour > 23 || minute > 59 || second > 59) {
            return null;
        }
        try {
            long days = LocalDate.of(year, month, day).toEpochDay();
            return Instant.ofEpochSecond(days * 86_400 + hour * 3_600L + minute * 60L + second, nanos);
        } catch (DateTimeException e) {
            throw new DateTimeParseException("timestamp: " + text + " (expected: a date that exists)", text, 0, e);
        }
    }

    private static boolean hasSeparators(String text) {
        return text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && text.charAt(10) == 'T'
                && text.charAt(13) == ':'
                && text.charAt(16) == ':';
    }

    /** The nanoseconds of the fraction between the seconds and {@code end}; negative if it is invalid. */
    private static int fraction(String text, int end) {
        int length = end - FRACTION;
        if (text.charAt(FRACTION - 1) != '.' || length == 0) {
            return -1;
        }
        int nanos = digits(text, FRACTION, length);
        for (int i = length; i < 9; i++) {
            nanos *= 10;
        }
        return nanos;
    }

    /** The number of {@code length} digits at {@code from}; negative if a character is no digit. */
    private static int digits(String text, int from, int length) {
        int number = 0;
        for (int i = from; i < from + length; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
