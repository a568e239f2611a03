package io.clusterstate.internal.expression;

import static io.clusterstate.internal.expression.Operator.EQUALITY;
import static io.clusterstate.internal.expression.Operator.EXISTENCE;
import static io.clusterstate.internal.expression.Operator.LISTS;
import static io.clusterstate.internal.expression.Operator.ORDER;
import static io.clusterstate.internal.expression.Operator.PATTERNS;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/**
 * A property of instances that expressions compare. Source: the ECS developer guide, "Cluster query language".
 *
 * @param name the name in expressions
 * @param operators the operators that the guide permits
 * @param expected the permitted arguments, in words
 * @param reader an argument's value; null for an argument that is not permitted
 * @param values the values of an instance: none, one, or several
 * @param <C> the type of the values
 */
record Subject<C extends Comparable<C>>(
        String name, Set<Operator> operators, String expected, Reader<C> reader, Function<Candidate, List<C>> values) {

    /** Reads an argument. */
    interface Reader<C> {
        @Nullable C read(String text);
    }

    private interface Property<C> {
        @Nullable C of(ContainerInstance instance);
    }

    static final String ATTRIBUTE_PREFIX = "attribute:";
    static final String TASK_GROUP = "task:group";

    private static final Set<Operator> TEXT = union(List.of(EQUALITY, LISTS, PATTERNS));
    private static final Set<Operator> ORDERED = union(List.of(EQUALITY, ORDER));
    private static final String ANY = "a value";
    private static final Pattern COUNT = Pattern.compile("\\d{1,9}");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,30}(\\.\\d{1,30})?");

    static final Subject<String> AGENT_CONNECTED = new Subject<String>(
            "agentConnected",
            TEXT,
            "true or false",
            text -> text.equals("true") || text.equals("false") ? text : null,
            property(instance -> instance.agentConnected() == null
                    ? null
                    : instance.agentConnected().toString()));

    static final Subject<String> EC2_INSTANCE_ID =
            new Subject<String>("ec2InstanceId", TEXT, ANY, text -> text, property(ContainerInstance::ec2InstanceId));

    private static final List<Subject<?>> ALL = List.of(
            AGENT_CONNECTED,
            new Subject<AgentVersion>(
                    "agentVersion",
                    ORDERED,
                    "a version such as 1.14.5",
                    AgentVersion::of,
                    property(Subject::agentVersionOf)),
            EC2_INSTANCE_ID,
            new Subject<Instant>(
                    "registeredAt",
                    ORDERED,
                    RegistrationTime.EXPECTED,
                    RegistrationTime::of,
                    property(Subject::registeredAtOf)),
            new Subject<Integer>(
                    "runningTasksCount",
                    ORDERED,
                    "a number of tasks",
                    text -> COUNT.matcher(text).matches() ? Integer.valueOf(text) : null,
                    property(ContainerInstance::runningTasksCount)),
            new Subject<String>(TASK_GROUP, union(List.of(TEXT, EXISTENCE)), ANY, text -> text, Candidate::taskGroups));

    /** The subject with a name; null if the language has none. */
    static @Nullable Subject<?> named(String name) {
        if (name.startsWith(ATTRIBUTE_PREFIX) && name.length() > ATTRIBUTE_PREFIX.length()) {
            return attribute(name.substring(ATTRIBUTE_PREFIX.length()));
        }
        return ALL.stream().filter(each -> each.name.equals(name)).findFirst().orElse(null);
    }

    static String names() {
        return "agentConnected, agentVersion, attribute:NAME, ec2InstanceId, registeredAt, runningTasksCount or"
                + " task:group";
    }

    /** An attribute by its text. An attribute without a value counts as one with an empty value. */
    private static Subject<String> attribute(String attribute) {
        return new Subject<String>(
                ATTRIBUTE_PREFIX + attribute, EnumSet.allOf(Operator.class), ANY, text -> text, candidate -> textsOf(
                                candidate.instance(), attribute)
                        .toList());
    }

    /** This subject, as the operator compares it: attributes are ordered as numbers. */
    Subject<?> comparedBy(Operator operator) {
        if (!ORDER.contains(operator) || !name.startsWith(ATTRIBUTE_PREFIX)) {
            return this;
        }
        String attribute = name.substring(ATTRIBUTE_PREFIX.length());
        return new Subject<BigDecimal>(
                name, operators, "a number", Subject::number, candidate -> textsOf(candidate.instance(), attribute)
                        .flatMap(text -> Stream.ofNullable(number(text)))
                        .toList());
    }

    private static Stream<String> textsOf(ContainerInstance instance, String name) {
        return instance.attributes().stream()
                .filter(attribute -> name.equals(attribute.name()))
                .map(Subject::textOf);
    }

    private static String textOf(Attribute attribute) {
        return attribute.value() == null ? "" : attribute.value();
    }

    private static @Nullable BigDecimal number(String text) {
        return NUMBER.matcher(text).matches() ? new BigDecimal(text) : null;
    }

    private static @Nullable AgentVersion agentVersionOf(ContainerInstance instance) {
        String version =
                instance.versionInfo() == null ? null : instance.versionInfo().agentVersion();
        return version == null ? null : AgentVersion.leading(version);
    }

    /** The time in whole seconds, as the language writes it. */
    private static @Nullable Instant registeredAtOf(ContainerInstance instance) {
        return instance.registeredAt() == null ? null : instance.registeredAt().truncatedTo(ChronoUnit.SECONDS);
    }

    private static <C extends Comparable<C>> Function<Candidate, List<C>> property(Property<C> property) {
        return candidate -> {
            C value = property.of(candidate.instance());
            return value == null ? List.of() : List.of(value);
        };
    }

    private static Set<Operator> union(List<Set<Operator>> sets) {
        Set<Operator> all = EnumSet.noneOf(Operator.class);
        sets.forEach(all::addAll);
        return all;
    }
}
