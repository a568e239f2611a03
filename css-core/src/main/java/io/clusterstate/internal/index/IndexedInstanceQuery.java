package io.clusterstate.internal.index;

import io.clusterstate.InstanceQuery;
import io.clusterstate.Observed;
import io.clusterstate.Requirement;
import io.clusterstate.ecs.Capacity;
import io.clusterstate.internal.expression.Expression;
import io.clusterstate.internal.expression.Expression.Need;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/** The query over container instances. */
final class IndexedInstanceQuery extends IndexedQuery<ContainerInstance, InstanceQuery> implements InstanceQuery {

    private static final int CLASSES = 32;

    private static final IndexField<ContainerInstance> STATUS = IndexField.of("status", ContainerInstance::status);
    private static final IndexField<ContainerInstance> AGENT = IndexField.derived(
            "agentConnected", ContainerInstance::agentConnected, IndexedInstanceQuery::agentConnectedIn);
    private static final IndexField<ContainerInstance> EC2_INSTANCE =
            IndexField.of("ec2Instance", ContainerInstance::ec2InstanceId);
    private static final IndexField<ContainerInstance> ATTRIBUTE =
            new IndexField<>("attribute", ContainerInstance::attributes, instance -> instance.attributes().stream()
                    .flatMap(IndexedInstanceQuery::keysOf)
                    .distinct()
                    .toList());
    private static final IndexField<ContainerInstance> FREE_CPU = free("CPU");
    private static final IndexField<ContainerInstance> FREE_MEMORY = free("MEMORY");
    private static final Map<String, IndexField<ContainerInstance>> FREE =
            Map.of("CPU", FREE_CPU, "MEMORY", FREE_MEMORY);

    static final List<IndexField<ContainerInstance>> FIELDS =
            List.of(STATUS, AGENT, EC2_INSTANCE, ATTRIBUTE, FREE_CPU, FREE_MEMORY);

    /** The tasks of the same moment, for {@code task:group}; null for a query without a moment. */
    private final @Nullable Table<Task> tasks;

    IndexedInstanceQuery(Steps<ContainerInstance> steps, @Nullable Table<Task> tasks) {
        super("instances", steps);
        this.tasks = tasks;
    }

    @Override
    InstanceQuery with(Steps<ContainerInstance> narrower) {
        return new IndexedInstanceQuery(narrower, tasks);
    }

    @Override
    public InstanceQuery status(String status) {
        return where(STATUS, KnownValues.INSTANCE_STATUS, status, ContainerInstance::status);
    }

    @Override
    public InstanceQuery tagged(String key, String value) {
        return tagged(ContainerInstance::tags, key, value);
    }

    @Override
    public InstanceQuery capacityProvider(String name) {
        return where(instance -> name.equals(instance.capacityProviderName()), "capacityProvider " + name);
    }

    @Override
    public InstanceQuery agentConnected(boolean connected) {
        return where(AGENT, String.valueOf(connected), IndexedInstanceQuery::agentConnectedIn);
    }

    @Override
    public InstanceQuery attribute(String name) {
        return whereAttribute(name, attribute -> name.equals(attribute.name()));
    }

    @Override
    public InstanceQuery attribute(String name, String value) {
        return whereAttribute(
                key(name, value), attribute -> name.equals(attribute.name()) && value.equals(attribute.value()));
    }

    @Override
    public InstanceQuery ec2Instance(String ec2InstanceId) {
        return where(EC2_INSTANCE, ec2InstanceId, ContainerInstance::ec2InstanceId);
    }

    @Override
    public InstanceQuery matching(String expression) {
        return with(ExpressionSteps.of(expression, tasks).added(steps(), expression));
    }

    @Override
    public InstanceQuery withFree(Requirement... requirements) {
        InstanceQuery narrower = this;
        for (Requirement requirement : requirements) {
            narrower = ((IndexedInstanceQuery) narrower).withFree(requirement);
        }
        return narrower;
    }

    private InstanceQuery withFree(Requirement requirement) {
        String text = "free " + requirement;
        IndexField<ContainerInstance> field = FREE.get(requirement.resource());
        return field != null && requirement instanceof Requirement.Amount amount
                ? where(atLeast(field, amount), text)
                : where(requirement::isMetBy, text);
    }

    private InstanceQuery whereAttribute(String key, Predicate<Attribute> test) {
        Predicate<Observed<ContainerInstance>> hasAny =
                observed -> observed.value().attributes().stream().anyMatch(test);
        return where(new Criterion<>(ATTRIBUTE, List.of(key), hasAny, true), "attribute " + key);
    }

    /** The index that knows a condition of an expression. */
    static IndexField<ContainerInstance> fieldOf(Need need) {
        return switch (need.key()) {
            case ATTRIBUTE -> ATTRIBUTE;
            case AGENT_CONNECTED -> AGENT;
            case EC2_INSTANCE -> EC2_INSTANCE;
        };
    }

    /** The keys in that index. */
    static List<String> keysOf(Need need) {
        if (need.key() != Expression.Key.ATTRIBUTE) {
            return need.values();
        }
        return need.values().isEmpty()
                ? List.of(need.attribute())
                : need.values().stream()
                        .map(value -> key(need.attribute(), value))
                        .toList();
    }

    private static @Nullable String agentConnectedIn(ContainerInstance instance) {
        Boolean connected = instance.agentConnected();
        return connected == null ? null : connected.toString();
    }

    private static Stream<String> keysOf(Attribute attribute) {
        if (attribute.name() == null) {
            return Stream.empty();
        }
        return attribute.value() == null
                ? Stream.of(attribute.name())
                : Stream.of(attribute.name(), key(attribute.name(), attribute.value()));
    }

    private static String key(String name, String value) {
        return name + '=' + value;
    }

    /** An index by the binary order of magnitude of a free amount. */
    private static IndexField<ContainerInstance> free(String resource) {
        return IndexField.derived(
                "free " + resource,
                ContainerInstance::remainingResources,
                instance -> magnitude(Capacity.number(instance.remainingResources(), resource)));
    }

    private static Criterion<ContainerInstance> atLeast(
            IndexField<ContainerInstance> field, Requirement.Amount amount) {
        int lowest = CLASSES - Integer.numberOfLeadingZeros(amount.least());
        List<String> magnitudes = IntStream.rangeClosed(lowest, CLASSES)
                .mapToObj(Integer::toString)
                .toList();
        return new Criterion<>(field, magnitudes, observed -> amount.isMetBy(observed.value()), false);
    }

    private static String magnitude(int amount) {
        return Integer.toString(CLASSES - Integer.numberOfLeadingZeros(Math.max(amount, 0)));
    }
}
