package io.clusterstate.internal.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.testing.Seeds;
import io.clusterstate.testing.Soak;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearPatternTest {

    private static final int MOST_READS = 10_000;

    /** Java's own patterns are the authority, since the guide names them. */
    @Test
    @Tag("soak")
    void randomPatternsMatchWhatJavaMatches() {
        int[] matches = new int[1];
        Seeds.forEach(Soak.size("random patterns", 3_000, 20_000), random -> {
            String pattern = choice(random, 2);
            LinearPattern linear = parse(pattern);
            Pattern java = Pattern.compile(pattern);
            for (int i = 0; i < 10; i++) {
                String text = text(random);
                Optional<Boolean> expected = matches(java, text);
                matches[0] += expected.orElse(false) ? 1 : 0;
                expected.ifPresent(it -> assertEquals(it, linear.matches(text), () -> pattern + " on " + text));
            }
        });
        assertTrue(matches[0] > 100, "matches: " + matches[0]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a*)*b", "(a|a)*b", "(a?){1000}b", "((a*)*)*b", "(.*)*x", "(a|b|ab)*c", "(){1000}a*c"})
    void aPatternThatTakesJavaLongIsLinear(String pattern) {
        LinearPattern linear = parse(pattern);
        String text = "a".repeat(2_000);
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertEquals(false, linear.matches(text)));
    }

    @Test
    void alternativesWithoutNumberNeedNoStack() {
        assertTrue(parse("a|".repeat(900) + "b").matches("b"));
    }

    /** Whether Java's pattern matches; empty if it backtracks for too long to wait. */
    private static Optional<Boolean> matches(Pattern java, String text) {
        int[] reads = new int[1];
        CharSequence counting = new CharSequence() {
            @Override
            public int length() {
                return text.length();
            }

            @Override
            public char charAt(int index) {
                if (++reads[0] > MOST_READS) {
                    throw new IllegalStateException("reads: " + reads[0]);
                }
                return text.charAt(index);
            }

            @Override
            public CharSequence subSequence(int start, int end) {
                return text.subSequence(start, end);
            }
        };
        try {
            return Optional.of(java.matcher(counting).matches());
        } catch (IllegalStateException e) {
            return Optional.empty();
        }
    }

    private static LinearPattern parse(String pattern) {
        return PatternParser.parse(pattern, new Cursor(pattern), 0);
    }

    private static String choice(Random random, int depth) {
        StringBuilder text = new StringBuilder(sequence(random, depth));
        while (random.nextInt(4) == 0) {
            text.append('|').append(sequence(random, depth));
        }
        return text.toString();
    }

    private static String sequence(Random random, int depth) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(atom(random, depth))
                    .append(pick(random, "", "", "", "*", "+", "?", "{2}", "{0,2}", "{1,}", "+?"));
        }
        return text.toString();
    }

    private static String atom(Random random, int depth) {
        if (depth > 0 && random.nextInt(3) == 0) {
            return pick(random, "(", "(?:") + choice(random, depth - 1) + ")";
        }
        return pick(
                random, "a", "b", ".", "[ab]", "[^a]", "[a-c.]", "\\d", "\\w", "\\W", "\\.", "-", "[\\d-]", "\\s", "é");
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(pick(random, "a", "a", "b", "b", "c", "1", ".", "-", " ", "é", "\uD83D\uDE00"));
        }
        return text.toString();
    }

    private static String pick(Random random, String... words) {
        return words[random.nextInt(words.length)];
    }
}
