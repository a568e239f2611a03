package io.clusterstate.internal.expression;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/** An expression of the cluster query language. Immutable. */
public final class Expression {

    /** The properties that an index can look up. */
    public enum Key {
        /** An attribute, or an attribute with a value. */
        ATTRIBUTE,
        /** The state of the agent's connection. */
        AGENT_CONNECTED,
        /** The id of the EC2 instance. */
        EC2_INSTANCE
    }

    /**
     * A condition that every matching instance meets, though not only these.
     *
     * @param key the property
     * @param attribute the attribute's name; empty for other properties
     * @param values the values, of which the instance has one; none if any value will do
     */
    public record Need(Key key, String attribute, List<String> values) {}

    private final Node root;

    private Expression(Node root) {
        this.root = root;
    }

    /**
     * Parses a text.
     *
     * @param text the text
     * @return the expression
     * @throws io.clusterstate.InvalidExpressionException if the text is none
     */
    public static Expression parse(String text) {
        return new Expression(ExpressionParser.parse(text));
    }

    /**
     * Whether an instance matches.
     *
     * @param instance the instance
     * @param taskGroups the groups of the tasks on an instance; called only for expressions that have
     *     {@code task:group}
     * @return whether it matches
     */
    public boolean matches(ContainerInstance instance, Function<ContainerInstance, List<String>> taskGroups) {
        return root.test(new Candidate(instance, taskGroups));
    }

    /**
     * Whether the expression asks for task groups.
     *
     * @return whether it has {@code task:group}
     */
    public boolean needsTaskGroups() {
        return root.needsTaskGroups();
    }

    /**
     * Conditions for an index, from the parts that {@code and} joins.
     *
     * @return the conditions, in the order of the text
     */
    public List<Need> needs() {
        Stream<Node> parts = root instanceof Node.All all ? all.parts().stream() : Stream.of(root);
        return parts.flatMap(part -> part instanceof Comparison<?> comparison ? needOf(comparison) : Stream.empty())
                .toList();
    }

    private static Stream<Need> needOf(Comparison<?> comparison) {
        boolean isListed = comparison.operator() == Operator.EQUALS || comparison.operator() == Operator.IN;
        List<String> values = isListed
                ? comparison.arguments().stream()
                        .map(Object::toString)
                        .distinct()
                        .toList()
                : List.of();
        String name = comparison.subject().name();
        if (name.startsWith(Subject.ATTRIBUTE_PREFIX) && comparison.operator() != Operator.NOT_EXISTS) {
            // The index knows an attribute without a value by its name alone.
            List<String> known = values.contains("") ? List.of() : values;
            return Stream.of(new Need(Key.ATTRIBUTE, name.substring(Subject.ATTRIBUTE_PREFIX.length()), known));
        }
        if (!isListed) {
            return Stream.empty();
        }
        return comparison.subject().equals(Subject.AGENT_CONNECTED)
                ? Stream.of(new Need(Key.AGENT_CONNECTED, "", values))
                : comparison.subject().equals(Subject.EC2_INSTANCE_ID)
                        ? Stream.of(new Need(Key.EC2_INSTANCE, "", values))
                        : Stream.empty();
    }
}
