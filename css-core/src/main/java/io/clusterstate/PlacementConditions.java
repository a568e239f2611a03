package io.clusterstate;

import io.clusterstate.ecs.Capacity;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** The conditions that an instance must meet for a placement, each with the words for an instance that does not. */
final class PlacementConditions {

    private static final String STOPPED = "STOPPED";
    private static final String EXTERNAL_MARK = "ecs.capability.external";

    private final List<Function<Observed<ContainerInstance>, @Nullable String>> conditions = new ArrayList<>();
    private final List<Requirement> requirements;
    private final List<String> expressions;

    PlacementConditions(Snapshot snapshot, TaskDefinition definition, Placement.Choices choices) {
        this.requirements = Requirement.of(definition);
        this.expressions = choices.expressions();
        add(PlacementConditions::statusObstacle);
        List<String> kinds = kindsOf(definition);
        add(instance -> kindObstacle(instance, kinds));
        definition.requiresAttributes().forEach(attribute -> add(instance -> attributeObstacle(instance, attribute)));
        requirements.forEach(requirement -> add(instance -> resourceObstacle(instance, requirement)));
        expressions.forEach(expression -> addExpression(snapshot, expression));
        if (choices.isDistinct()) {
            addDistinct(snapshot, choices);
        }
    }

    /** Narrows by indexes to a superset of the instances that meet all conditions. */
    InstanceQuery narrow(InstanceQuery scope) {
        InstanceQuery narrower = scope.placeable().withFree(requirements.toArray(Requirement[]::new));
        for (String expression : expressions) {
            narrower = narrower.matching(expression);
        }
        return narrower;
    }

    /** The first condition that an instance does not meet, in words; null if it meets all. */
    @Nullable String obstacle(Observed<ContainerInstance> instance) {
        for (Function<Observed<ContainerInstance>, @Nullable String> condition : conditions) {
            String obstacle = condition.apply(instance);
            if (obstacle != null) {
                return obstacle;
            }
        }
        return null;
    }

    /** The tasks of the group that are neither stopped nor being stopped. */
    static Stream<Task> activeTasks(Snapshot snapshot, Placement.Choices choices) {
        TaskQuery tasks = snapshot.tasks().group(choices.group());
        String cluster = choices.cluster();
        return (cluster == null ? tasks : tasks.in(cluster))
                .stream().filter(task -> !STOPPED.equals(task.lastStatus()) && !STOPPED.equals(task.desiredStatus()));
    }

    private void add(Function<ContainerInstance, @Nullable String> condition) {
        conditions.add(instance -> condition.apply(instance.value()));
    }

    private void addExpression(Snapshot snapshot, String expression) {
        InstanceQuery members = snapshot.instances().matching(expression);
        conditions.add(instance -> members.matches(instance) ? null : "memberOf: " + expression + " does not hold");
    }

    private void addDistinct(Snapshot snapshot, Placement.Choices choices) {
        Set<String> taken = activeTasks(snapshot, choices)
                .map(Task::containerInstanceArn)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        conditions.add(instance -> taken.contains(instance.arn())
                ? "distinctInstance: has an active task of the group " + choices.group()
                : null);
    }

    private static @Nullable String statusObstacle(ContainerInstance instance) {
        if (!"ACTIVE".equals(instance.status())) {
            return "status: " + instance.status() + " (needs ACTIVE)";
        }
        return Boolean.TRUE.equals(instance.agentConnected())
                ? null
                : "agentConnected: " + instance.agentConnected() + " (needs true)";
    }

    /** The launch types that a definition permits; none if it does not say. */
    private static List<String> kindsOf(TaskDefinition definition) {
        return definition.requiresCompatibilities().isEmpty()
                ? definition.compatibilitiesAsStrings()
                : definition.requiresCompatibilitiesAsStrings();
    }

    private static @Nullable String kindObstacle(ContainerInstance instance, List<String> kinds) {
        boolean isExternal = instance.attributes().stream().anyMatch(each -> EXTERNAL_MARK.equals(each.name()));
        String kind = isExternal ? "EXTERNAL" : "EC2";
        boolean isManaged = !isExternal && kinds.contains("MANAGED_INSTANCES");
        return kinds.isEmpty() || kinds.contains(kind) || isManaged
                ? null
                : "compatibility: " + kind + " (needs " + String.join(" or ", kinds) + ")";
    }

    private static @Nullable String attributeObstacle(ContainerInstance instance, Attribute required) {
        String found = null;
        for (Attribute attribute : instance.attributes()) {
            if (Objects.equals(required.name(), attribute.name())) {
                if (required.value() == null || required.value().equals(attribute.value())) {
                    return null;
                }
                found = attribute.value();
            }
        }
        String needed = required.value() == null ? "it" : required.value();
        return "attribute " + required.name() + ": " + (found == null ? "none" : found) + " (needs " + needed + ")";
    }

    private static @Nullable String resourceObstacle(ContainerInstance instance, Requirement requirement) {
        if (requirement.isMetBy(instance)) {
            return null;
        }
        String name = requirement.resource();
        if (requirement instanceof Requirement.Amount amount) {
            int free = Capacity.number(instance.remainingResources(), name);
            return name + ": " + free + " free (needs " + amount.least() + ")";
        }
        if (requirement instanceof Requirement.Gpus gpus) {
            int free = Capacity.members(instance.remainingResources(), name).size();
            return name + ": " + free + " free (needs " + gpus.count() + ")";
        }
        return name + ": " + ((Requirement.Port) requirement).number() + " taken (needs it free)";
    }
}
