package io.clusterstate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionPlacementConstraint;

/**
 * The container instances on which one task of a definition can be placed, at a snapshot's moment. Each step returns a
 * new placement. Source: the ECS developer guide, "How Amazon ECS places tasks on container instances".
 *
 * <p>An instance fits if it meets all of these conditions:
 *
 * <ol>
 *   <li>It is {@code ACTIVE}, and its agent is connected.
 *   <li>Its kind, EC2 or external, is among the definition's compatibilities.
 *   <li>It has the definition's {@code requiresAttributes}.
 *   <li>It has the resources of {@link Requirement#of(TaskDefinition)} free.
 *   <li>It satisfies the {@code memberOf} constraints of the definition and of this placement.
 *   <li>With {@link #distinctInstance}, it has no active task of the group.
 * </ol>
 *
 * <p>ECS decides by its own state, and may refuse an instance that fits here. It also counts network interfaces and
 * volumes, which no instance reports, and the tasks of concurrent calls. After each launch, ask a newer snapshot, or
 * one that includes the own launches.
 *
 * <p>Strategies apply in the order in which they are added: a later one decides between instances that the earlier ones
 * rank alike. Instances that all strategies rank alike are in the order of their ARNs, so that the result repeats.
 *
 * <p>A task counts as active unless it is stopped or being stopped, since ECS looks at the desired status for
 * placement.
 *
 * <p>Thread: immutable. Blocks: never.
 */
public final class Placement {

    private static final List<String> HOST = List.of("instanceId", "host");
    private static final String ATTRIBUTE_PREFIX = "attribute:";

    /**
     * The choices of the caller.
     *
     * @param cluster a name or an ARN; null for all clusters
     * @param group the task group of the task to be placed
     * @param isDistinct whether an instance with an active task of the group is unfit
     * @param expressions the expressions that all must hold, those of the definition first
     * @param ranks the strategies, the deciding one first
     */
    record Choices(
            @Nullable String cluster,
            String group,
            boolean isDistinct,
            List<String> expressions,
            List<PlacementRank> ranks) {}

    private final Snapshot snapshot;
    private final TaskDefinition definition;
    private final Choices choices;

    private Placement(Snapshot snapshot, TaskDefinition definition, Choices choices) {
        this.snapshot = snapshot;
        this.definition = definition;
        this.choices = choices;
    }

    static Placement of(Snapshot snapshot, TaskDefinition definition) {
        List<String> expressions = definition.placementConstraints().stream()
                .map(Placement::expressionOf)
                .toList();
        Choices choices = new Choices(null, "family:" + definition.family(), false, List.of(), List.of());
        Placement placement = new Placement(snapshot, definition, choices);
        for (String expression : expressions) {
            placement = placement.memberOf(expression);
        }
        return placement;
    }

    private static String expressionOf(TaskDefinitionPlacementConstraint constraint) {
        if (!"memberOf".equals(constraint.typeAsString()) || constraint.expression() == null) {
            throw new IllegalArgumentException(
                    "placementConstraints: " + constraint + " (expected: the type memberOf, with an expression)");
        }
        return constraint.expression();
    }

    /**
     * Narrows to the instances of a cluster. Without this step, the instances of all clusters compete.
     *
     * @param cluster a name or an ARN
     * @return the narrower placement
     */
    public Placement in(String cluster) {
        return with(new Choices(cluster, choices.group, choices.isDistinct, choices.expressions, choices.ranks));
    }

    /**
     * Sets the task group, whose tasks {@link #distinctInstance} and {@link #spread} count. By default it is
     * {@code family:} and the definition's family, as for a RunTask call without a group.
     *
     * @param group a group such as {@code service:web}
     * @return the placement for that group
     */
    public Placement group(String group) {
        return with(new Choices(choices.cluster, group, choices.isDistinct, choices.expressions, choices.ranks));
    }

    /**
     * Narrows to instances that match an expression, in addition to those of the definition.
     *
     * @param expression an expression of the cluster query language; see {@link InstanceQuery#matching}
     * @return the narrower placement
     * @throws InvalidExpressionException if the text is no expression
     */
    public Placement memberOf(String expression) {
        snapshot.instances().matching(expression); // fails here rather than at the first use
        return with(new Choices(
                choices.cluster,
                choices.group,
                choices.isDistinct,
                append(choices.expressions, expression),
                choices.ranks));
    }

    /**
     * Narrows to instances without an active task of the group.
     *
     * @return the narrower placement
     */
    public Placement distinctInstance() {
        return with(new Choices(choices.cluster, choices.group, true, choices.expressions, choices.ranks));
    }

    /**
     * Prefers instances with the least of a resource free, so that few instances are in use.
     *
     * @param resource {@code cpu} or {@code memory}, in any case
     * @return the placement with one more strategy
     * @throws IllegalArgumentException if the resource is another one
     */
    public Placement binpack(String resource) {
        String name = resource.toUpperCase(Locale.ROOT);
        if (!List.of("CPU", "MEMORY").contains(name)) {
            throw new IllegalArgumentException("resource: " + resource + " (expected: cpu or memory)");
        }
        return rankedBy(new PlacementRank.Binpack(name));
    }

    /**
     * Prefers instances whose value of a field has the fewest active tasks of the group, in the instance's cluster.
     * Instances without the attribute count as one value of their own.
     *
     * @param field {@code instanceId}, {@code host}, which is the same, or an attribute such as
     *     {@code attribute:ecs.availability-zone}
     * @return the placement with one more strategy
     * @throws IllegalArgumentException if the field is another one
     */
    public Placement spread(String field) {
        boolean isAttribute = field.startsWith(ATTRIBUTE_PREFIX) && field.length() > ATTRIBUTE_PREFIX.length();
        if (!isAttribute && !HOST.contains(field)) {
            throw new IllegalArgumentException("field: " + field + " (expected: instanceId, host or attribute:NAME)");
        }
        return rankedBy(new PlacementRank.Spread(isAttribute ? field.substring(ATTRIBUTE_PREFIX.length()) : null));
    }

    /**
     * Orders instances at random.
     *
     * @param seed decides the order, which is the same for the same seed and instances
     * @return the placement with one more strategy
     */
    public Placement random(long seed) {
        return rankedBy(new PlacementRank.Shuffle(seed));
    }

    /**
     * The instances on which the task can be placed.
     *
     * <p><b>Cost</b>: indexes narrow to instances with a connected agent, room and the expressions' attributes. The
     * walk is over these, and {@link #spread} walks the group's tasks.
     *
     * @return the instances, the best first
     */
    public List<ContainerInstance> fits() {
        PlacementConditions conditions = new PlacementConditions(snapshot, definition, choices);
        return best(conditions.narrow(scope()).observed().filter(instance -> conditions.obstacle(instance) == null))
                .map(Observed::value)
                .toList();
    }

    /**
     * The reasons why the other instances do not fit, for people. Conditions are checked in the order in which the
     * class names them, and the first that fails is the reason.
     *
     * @return by ARN, in the order of the ARNs: a reason such as {@code MEMORY: 512 free (needs 1024)}
     */
    public Map<String, String> explain() {
        PlacementConditions conditions = new PlacementConditions(snapshot, definition, choices);
        Map<String, String> reasons = new TreeMap<>();
        scope().observed().forEach(instance -> {
            String obstacle = conditions.obstacle(instance);
            if (obstacle != null) {
                reasons.put(instance.arn(), obstacle);
            }
        });
        return Collections.unmodifiableMap(reasons);
    }

    /** Sorts instances, the best first. */
    private Stream<Observed<ContainerInstance>> best(Stream<Observed<ContainerInstance>> instances) {
        PlacementOrder order = order();
        return instances.map(order::place).sorted().map(PlacementOrder.Place::instance);
    }

    PlacementOrder order() {
        return new PlacementOrder(
                choices.ranks.stream().map(rank -> rank.in(snapshot, choices)).toList());
    }

    private InstanceQuery scope() {
        return choices.cluster == null
                ? snapshot.instances()
                : snapshot.instances().in(choices.cluster);
    }

    private Placement rankedBy(PlacementRank rank) {
        return with(new Choices(
                choices.cluster, choices.group, choices.isDistinct, choices.expressions, append(choices.ranks, rank)));
    }

    private Placement with(Choices changed) {
        return new Placement(snapshot, definition, changed);
    }

    private static <E> List<E> append(List<E> list, E last) {
        List<E> longer = new ArrayList<>(list);
        longer.add(last);
        return List.copyOf(longer);
    }
}
