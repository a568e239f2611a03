package io.clusterstate.memory;

import io.clusterstate.EntityKind;
import io.clusterstate.memory.FakeEcsNewTasks.Order;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.PlacementConstraintType;

/**
 * Picks the instance of a task that RunTask starts: the first with room, in the order of ARNs.
 *
 * <p>Thread: guarded by the lock of the fake.
 */
final class FakeEcsPlacement {

    private static final Pattern ONE_INSTANCE = Pattern.compile("ec2InstanceId *== *([\\w-]+)");

    private final FakeEcsState state;
    private final FakeEcsFaults faults;

    FakeEcsPlacement(FakeEcsState state, FakeEcsFaults faults) {
        this.state = state;
        this.faults = faults;
    }

    Optional<ContainerInstance> place(Order order) {
        return instances(order)
                .filter(instance -> refusal(instance, order).isEmpty())
                .findFirst();
    }

    /** The reason of each instance that takes no task of the order. */
    List<Failure> refusals(Order order) {
        List<Failure> failures = new ArrayList<>();
        instances(order).forEach(instance -> refusal(instance, order)
                .map(reason -> FakeEcsErrors.failure(instance.containerInstanceArn(), reason))
                .ifPresent(failures::add));
        if (failures.isEmpty()) {
            throw FakeEcsErrors.invalid("No Container Instances were found in your cluster.");
        }
        return failures;
    }

    private Stream<ContainerInstance> instances(Order order) {
        return state.in(EntityKind.INSTANCE, order.clusterArn()).stream()
                .map(FakeEcsState.Held::value)
                .filter(instance -> !EntityKind.INSTANCE.hasEnded(instance))
                .sorted(Comparator.comparing(ContainerInstance::containerInstanceArn));
    }

    /** The reason why an instance takes no task of the order: that of the test, its lack of room, or a constraint. */
    Optional<String> refusal(ContainerInstance instance, Order order) {
        return faults.refusal()
                .or(() -> FakeEcsRoom.refusal(instance, order.needs()))
                .or(() -> constraint(instance, order));
    }

    private Optional<String> constraint(ContainerInstance instance, Order order) {
        if (!isNamed(instance, order)) {
            return Optional.of("MemberOf placement constraint unsatisfied.");
        }
        return isDistinct(order) && hasTaskOfGroup(instance, order)
                ? Optional.of("DistinctInstance placement constraint unsatisfied.")
                : Optional.empty();
    }

    private static boolean isDistinct(Order order) {
        return order.request().placementConstraints().stream()
                .anyMatch(each -> each.type() == PlacementConstraintType.DISTINCT_INSTANCE);
    }

    /**
     * Whether an instance has a task of the order's group that is not to stop. Source: the ECS developer guide, "Define
     * which container instances Amazon ECS uses for tasks".
     */
    private boolean hasTaskOfGroup(ContainerInstance instance, Order order) {
        return state.in(EntityKind.TASK, order.clusterArn()).stream()
                .map(FakeEcsState.Held::value)
                .anyMatch(task -> instance.containerInstanceArn().equals(task.containerInstanceArn())
                        && order.group().equals(task.group())
                        && !FakeEcsLife.isToStop(task));
    }

    /** Whether an instance is the one that each {@code memberOf} of the request names. */
    private static boolean isNamed(ContainerInstance instance, Order order) {
        return order.request().placementConstraints().stream()
                .filter(each -> each.type() == PlacementConstraintType.MEMBER_OF)
                .allMatch(each -> ONE_INSTANCE
                        .matcher(each.expression())
                        .replaceFirst("$1")
                        .equals(instance.ec2InstanceId()));
    }

    /** Fails for a constraint that the fake cannot keep, of the request or of the definition. */
    static void requireKnown(Order order) {
        order.request().placementConstraints().stream()
                .filter(each -> each.type() != PlacementConstraintType.DISTINCT_INSTANCE)
                .filter(each -> !ONE_INSTANCE.matcher(each.expression()).matches())
                .forEach(each -> fail(each.typeAsString(), each.expression()));
        order.definition().placementConstraints().forEach(each -> fail(each.typeAsString(), each.expression()));
    }

    private static void fail(String type, String expression) {
        throw new UnsupportedOperationException("placementConstraints: " + type + " " + expression
                + " (expected: distinctInstance, or ec2InstanceId == ID; the fake evaluates no other expression)");
    }
}
