package io.clusterstate;

import io.clusterstate.ecs.Capacity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/** A placement strategy. Source: the ECS developer guide, "Use strategies to define Amazon ECS task placement". */
sealed interface PlacementRank {

    /** The rank of each instance in a snapshot; lower is better. */
    ToLongFunction<Observed<ContainerInstance>> in(Snapshot snapshot, Placement.Choices choices);

    /** The least free amount of a resource first. */
    record Binpack(String resource) implements PlacementRank {

        @Override
        public ToLongFunction<Observed<ContainerInstance>> in(Snapshot snapshot, Placement.Choices choices) {
            return instance -> Capacity.number(instance.value().remainingResources(), resource);
        }
    }

    /** An order that the seed decides. */
    record Shuffle(long seed) implements PlacementRank {

        @Override
        public ToLongFunction<Observed<ContainerInstance>> in(Snapshot snapshot, Placement.Choices choices) {
            return instance -> new SplittableRandom(seed + 31L * instance.arn().hashCode()).nextLong();
        }
    }

    /**
     * The fewest active tasks of the group first, by the value of an attribute.
     *
     * @param attribute the attribute; null for each instance by itself
     */
    record Spread(@Nullable String attribute) implements PlacementRank {

        private record Field(String clusterArn, @Nullable String value) {}

        @Override
        public ToLongFunction<Observed<ContainerInstance>> in(Snapshot snapshot, Placement.Choices choices) {
            Map<Field, Long> tasks = new HashMap<>();
            PlacementConditions.activeTasks(snapshot, choices)
                    .map(Task::containerInstanceArn)
                    .filter(arn -> arn != null)
                    .flatMap(arn -> snapshot.observed(EntityKind.INSTANCE, arn).stream())
                    .forEach(instance -> tasks.merge(fieldOf(instance), 1L, Long::sum));
            return instance -> tasks.getOrDefault(fieldOf(instance), 0L);
        }

        private Field fieldOf(Observed<ContainerInstance> instance) {
            return new Field(
                    instance.clusterArn(),
                    attribute == null
                            ? instance.arn()
                            : valueOf(instance.value().attributes(), attribute));
        }

        private static @Nullable String valueOf(List<Attribute> attributes, String name) {
            for (Attribute each : attributes) {
                if (name.equals(each.name())) {
                    return each.value() == null ? "" : each.value();
                }
            }
            return null;
        }
    }
}
