package io.clusterstate.internal.expression;

import io.clusterstate.ecs.EcsArn;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/**
 * A valid text, built together with a test that is written without the parser.
 *
 * @param text the text
 * @param test the test that the text stands for
 * @param rank how closely its outermost operator binds: 0 for or, 1 for and, 2 for the others
 */
record ValidExpression(String text, Predicate<ContainerInstance> test, int rank) {

    static List<String> groupsOn(ContainerInstance instance) {
        return switch (EcsArn.nameOf(instance.containerInstanceArn())) {
            case "b" -> List.of("database");
            case "c" -> List.of("service:production", "database");
            default -> List.of();
        };
    }

    static ValidExpression random(Random random, int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            return comparison(random);
        }
        ValidExpression left = random(random, depth - 1);
        ValidExpression right = random(random, depth - 1);
        return switch (random.nextInt(4)) {
            case 0 ->
                new ValidExpression(
                        pick(random, "not ", "!", "! ", "not  ") + left.inParentheses(random, 2),
                        left.test.negate(),
                        2);
            case 1 -> new ValidExpression("( " + left.text + pick(random, ")", " )"), left.test, 2);
            case 2 ->
                new ValidExpression(
                        left.inParentheses(random, 1)
                                + pick(random, " and ", " && ", "&&")
                                + right.inParentheses(random, 2),
                        left.test.and(right.test),
                        1);
            default ->
                new ValidExpression(
                        left.text + pick(random, " or ", " || ", "||") + right.inParentheses(random, 1),
                        left.test.or(right.test),
                        0);
        };
    }

    private String inParentheses(Random random, int leastRank) {
        return rank >= leastRank && random.nextInt(4) > 0 ? text : "(" + text + ")";
    }

    private static ValidExpression comparison(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> attribute(random);
            case 1 -> attributeIn(random);
            case 2 -> number("runningTasksCount", random, random.nextInt(14), ContainerInstance::runningTasksCount);
            case 3 -> number("attribute:size", random, 9 + random.nextInt(3), ValidExpression::size);
            case 4 -> agent(random);
            case 5 ->
                new ValidExpression(
                        pick(random, "task:group == ", "task:group=~") + "database",
                        each -> groupsOn(each).contains("database"),
                        2);
            case 6 ->
                new ValidExpression(
                        "attribute:stack !exists", each -> values(each, "stack").isEmpty(), 2);
            default ->
                new ValidExpression(
                        "ec2InstanceId =~ 'i-(a|b).*'",
                        each -> each.ec2InstanceId() != null
                                && each.ec2InstanceId().matches("i-(a|b).*"),
                        2);
        };
    }

    private static ValidExpression attribute(Random random) {
        String value = pick(random, "prod", "test", "two words", "");
        boolean isEqual = random.nextBoolean();
        boolean isQuoted = value.isEmpty() || value.contains(" ") || random.nextBoolean();
        String quote = isQuoted ? pick(random, "'", "\"") : "";
        return new ValidExpression(
                "attribute:stack" + pick(random, " ", "") + (isEqual ? "==" : "!=") + pick(random, " ", "") + quote
                        + value + quote,
                each -> values(each, "stack").stream().anyMatch(found -> found.equals(value) == isEqual),
                2);
    }

    private static ValidExpression attributeIn(Random random) {
        String first = pick(random, "prod", "x", "test");
        return new ValidExpression(
                "attribute:stack" + pick(random, " in [", " in[", " in  [ ") + first + pick(random, ",", ", ", " , ")
                        + "'two words' ]",
                each -> values(each, "stack").contains(first)
                        || values(each, "stack").contains("two words"),
                2);
    }

    private static ValidExpression agent(Random random) {
        boolean connected = random.nextBoolean();
        return new ValidExpression(
                "agentConnected == " + connected,
                each -> each.agentConnected() != null && each.agentConnected() == connected,
                2);
    }

    private interface Amount {
        Number of(ContainerInstance instance);
    }

    private static ValidExpression number(String subject, Random random, int argument, Amount amount) {
        String symbol = pick(random, "<", "<=", ">", ">=", " less_than ", " greater_than_equal ");
        Predicate<ContainerInstance> test = each -> {
            Number number = amount.of(each);
            int order = number == null ? 0 : Double.compare(number.doubleValue(), argument);
            return number != null
                    && switch (symbol) {
                        case "<", " less_than " -> order < 0;
                        case "<=" -> order <= 0;
                        case ">" -> order > 0;
                        default -> order >= 0;
                    };
        };
        return new ValidExpression(subject + symbol + argument, test, 2);
    }

    private static Number size(ContainerInstance instance) {
        return values(instance, "size").stream()
                .filter(each -> !each.equals("big"))
                .map(Double::valueOf)
                .findFirst()
                .orElse(null);
    }

    private static List<String> values(ContainerInstance instance, String name) {
        return instance.attributes().stream()
                .filter(each -> each.name().equals(name))
                .map(each -> each.value() == null ? "" : each.value())
                .toList();
    }

    private static String pick(Random random, String... words) {
        return words[random.nextInt(words.length)];
    }
}
