package io.clusterstate.internal.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.testing.Seeds;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {

    private static final DateTimeFormatter NINE_DIGITS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS");
    private static final long FIRST = Instant.parse("0000-01-01T00:00:00Z").getEpochSecond();
    private static final long LAST = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    @Test
    void everyInstantIsReadWithEveryLengthOfItsFraction() {
        Seeds.forEach(2_000, random -> {
            long second = FIRST + (long) (random.nextDouble() * (LAST - FIRST));
            for (int digits = 0; digits <= 9; digits++) {
                Instant instant = Instant.ofEpochSecond(second, fraction(random, digits));

                assertEquals(instant, Timestamps.parse(withDigits(instant, digits)));
            }
        });
    }

    @Test
    void everyDayOfFourYearsIsRead() {
        for (LocalDateTime day = LocalDateTime.of(2023, 1, 1, 23, 59, 59);
                day.getYear() < 2027;
                day = day.plusDays(1)) {
            assertEquals(day.toInstant(ZoneOffset.UTC), Timestamps.parse(day + "Z"));
        }
    }

    @Test
    void oneWrongCharacterIsSeenAsTheJdkSeesIt() {
        Seeds.forEach(5_000, random -> {
            int digits = random.nextInt(10);
            StringBuilder text = new StringBuilder(
                    withDigits(Instant.ofEpochSecond(random.nextInt(), fraction(random, digits)), digits));
            text.setCharAt(random.nextInt(text.length()), "0123456789-:.TZtz+ /x\u0663".charAt(random.nextInt(22)));

            assertReadAsByTheJdk(text.toString());
        });
    }

    @Test
    void aTextOfAnyLengthIsSeenAsTheJdkSeesIt() {
        String whole = "2024-02-29T12:34:56.123456789Z";
        for (int length = 0; length < whole.length(); length++) {
            assertReadAsByTheJdk(whole.substring(0, length));
            assertReadAsByTheJdk(whole.substring(0, length) + "Z");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2024-02-29T12:34:56+01:00, 2024-02-29T11:34:56Z",
        "2024-02-29T12:34:56.5-08:00, 2024-02-29T20:34:56.5Z",
        "2024-02-29T12:34Z, 2024-02-29T12:34:00Z",
        "+12024-02-29T12:34:56Z, +12024-02-29T12:34:56Z",
        "-0001-02-28T12:34:56Z, -0001-02-28T12:34:56Z"
    })
    void otherFormsWithAnOffsetAreRead(String text, String expected) {
        assertEquals(Instant.parse(expected), Timestamps.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "yesterday",
                "2024-02-29",
                "2024-02-29T12:34:56",
                "2023-02-29T12:34:56Z",
                "2024-04-31T12:34:56Z",
                "2024-13-01T12:34:56Z",
                "2024-00-01T12:34:56Z",
                "2024-02-00T12:34:56Z",
                "2024-02-29T24:00:00Z",
                "2024-02-29T12:60:00Z",
                "2016-12-31T23:59:60Z",
                "2024-02-29T12:34:56.1234567890Z",
                "2024-02-29T12:34:56,5Z",
                "2024-02-29 12:34:56Z",
                "1709210096",
                "2024-02-29T12:34:56.-5Z"
            })
    void whatIsNoTimestampIsRefused(String text) {
        assertThrows(DateTimeException.class, () -> Timestamps.parse(text));
    }

    private static void assertReadAsByTheJdk(String text) {
        Instant expected;
        try {
            expected = OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            assertThrows(DateTimeException.class, () -> Timestamps.parse(text), text);
            return;
        }
        assertEquals(expected, Timestamps.parse(text), text);
    }

    private static int fraction(Random random, int digits) {
        int unit = (int) Math.pow(10, 9 - digits);
        return digits == 0 ? 0 : random.nextInt(1_000_000_000 / unit) * unit;
    }

    private static String withDigits(Instant instant, int digits) {
        String text = NINE_DIGITS.format(instant.atOffset(ZoneOffset.UTC));
        return text.substring(0, digits == 0 ? 19 : 20 + digits) + "Z";
    }
}
