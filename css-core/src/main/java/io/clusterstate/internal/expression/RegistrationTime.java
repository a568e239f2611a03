package io.clusterstate.internal.expression;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the dates that the language permits. Source: the ECS developer guide, "Cluster query language",
 * {@code registeredAt}. The guide names no time zone for a date without one; here it is UTC.
 */
final class RegistrationTime {

    static final String EXPECTED =
            "a date such as 2018-06-18, 2018-06-18T22:28:28, 2018-06-18T22:28:28Z or 2018-06-18T22:28:28+00:00";

    private static final String DAY = "\\d{4}-\\d{2}-\\d{2}";
    private static final Pattern DATE = Pattern.compile(DAY);
    private static final Pattern LOCAL = Pattern.compile(DAY + "T\\d{2}:\\d{2}:\\d{2}");
    private static final Pattern OFFSET = Pattern.compile(LOCAL.pattern() + "(Z|[+-]\\d{2}:\\d{2})");

    private RegistrationTime() {}

    static @Nullable Instant of(String text) {
        try {
            if (DATE.matcher(text).matches()) {
                return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            if (LOCAL.matcher(text).matches()) {
                return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
            }
            return OFFSET.matcher(text).matches() ? OffsetDateTime.parse(text).toInstant() : null;
        } catch (DateTimeException e) { // such as the 31st of February
            return null;
        }
    }
}
