package io.clusterstate.internal.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.InvalidExpressionException;
import io.clusterstate.testing.Seeds;
import io.clusterstate.testing.Soak;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/** Random inputs: no failure but the language's own, and every valid expression means what its parts mean. */
class ExpressionFuzzTest {

    private static final int INPUTS_A_SEED = 100;
    private static final List<ContainerInstance> INSTANCES =
            SampleInstances.snapshot().query(EntityKind.INSTANCE).list();
    private static final String[] TOKENS = {
        "attribute:stack",
        "attribute:",
        "agentConnected",
        "agentVersion",
        "ec2InstanceId",
        "registeredAt",
        "runningTasksCount",
        "task:group",
        "==",
        "!=",
        ">",
        ">=",
        "<",
        "<=",
        "exists",
        "!exists",
        "in",
        "!in",
        "=~",
        "!~",
        "equals",
        "not_in",
        "matches",
        "and",
        "or",
        "not",
        "&&",
        "||",
        "!",
        "(",
        ")",
        "[",
        "]",
        ",",
        "'",
        "\"",
        "prod",
        "true",
        "1.14.5",
        "2018-06-18",
        "2018-06-18T22:28:28+99:99",
        "12",
        "99999999999",
        "c5.*",
        "'(a|b)*'",
        "[a-z]+",
        "a{1,1000}",
        "{",
        "\\",
        "\\d",
        "(?i)",
        "é",
        "\uD83D\uDE00",
        "\uD83D",
        "\u0000",
        "\n",
        " ",
        "  ",
        "="
    };

    @Test
    @Tag("soak")
    void anyInputIsAnExpressionOrASyntaxError() {
        int[] valid = new int[1];
        Seeds.forEach(Soak.size("hundred random inputs", 100, 1_000), random -> {
            for (int i = 0; i < INPUTS_A_SEED; i++) {
                valid[0] += isValid(input(random)) ? 1 : 0;
            }
        });
        assertTrue(valid[0] > 0, "valid inputs");
    }

    @Test
    @Tag("soak")
    void aValidExpressionMeansWhatItsPartsMean() {
        Seeds.forEach(Soak.size("valid expressions", 2_000, 100_000), random -> {
            ValidExpression valid = ValidExpression.random(random, 4);
            Expression parsed = Expression.parse(valid.text());
            for (ContainerInstance instance : INSTANCES) {
                assertEquals(
                        valid.test().test(instance),
                        parsed.matches(instance, ValidExpression::groupsOn),
                        () -> valid.text() + " on " + instance);
            }
        });
    }

    @Test
    void depthAndLengthAreBounded() {
        String part = "attribute:a exists";
        assertTrue(isValid("(".repeat(49) + part + ")".repeat(49)));
        assertTrue(isValid("!".repeat(49) + part));
        for (String deep : List.of("(".repeat(1_900), "!".repeat(1_900), "not ".repeat(450) + part)) {
            assertEquals(true, errorOf(deep).getMessage().contains("at most 50 levels"), deep);
        }
        assertEquals(2_001, errorOf("(".repeat(1_000_000)).column());
        assertEquals(51, errorOf("!".repeat(1_900)).column());
        assertTrue(errorOf("attribute:a =~ '" + "(".repeat(1_900) + "'")
                .getMessage()
                .contains("50 levels of groups"));
        assertTrue(isValid(part + (" or " + part).repeat(89)), "a long chain is not deep");
    }

    private static InvalidExpressionException errorOf(String text) {
        return assertThrows(InvalidExpressionException.class, () -> Expression.parse(text));
    }

    private static boolean isValid(String input) {
        try {
            Expression expression = Expression.parse(input);
            INSTANCES.forEach(instance -> expression.matches(instance, ValidExpression::groupsOn));
            expression.needs();
            return true;
        } catch (InvalidExpressionException e) {
            assertTrue(e.column() >= 1 && e.column() <= input.length() + 1, () -> e.column() + " in " + input);
            return false;
        }
    }

    private static String input(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> tokens(random);
            case 1 -> characters(random);
            default -> damaged(random, ValidExpression.random(random, 3).text());
        };
    }

    private static String tokens(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            text.append(TOKENS[random.nextInt(TOKENS.length)]).append(random.nextInt(3) > 0 ? " " : "");
        }
        return text.toString();
    }

    private static String characters(Random random) {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "" : "attribute:a =~ ");
        for (int i = random.nextInt(30); i > 0; i--) {
            text.append((char) (random.nextInt(20) == 0 ? random.nextInt(65_536) : 32 + random.nextInt(96)));
        }
        return text.toString();
    }

    private static String damaged(Random random, String text) {
        StringBuilder damaged = new StringBuilder(text);
        for (int i = random.nextInt(3); i >= 0 && !damaged.isEmpty(); i--) {
            int at = random.nextInt(damaged.length());
            switch (random.nextInt(3)) {
                case 0 -> damaged.deleteCharAt(at);
                case 1 -> damaged.insert(at, TOKENS[random.nextInt(TOKENS.length)]);
                default -> damaged.setLength(at);
            }
        }
        return damaged.toString();
    }
}
