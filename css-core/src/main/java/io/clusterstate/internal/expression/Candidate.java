package io.clusterstate.internal.expression;

import java.util.List;
import java.util.function.Function;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/**
 * An instance that an expression is tested on.
 *
 * @param instance the instance
 * @param groups the groups of the tasks on an instance, asked for only where the expression needs them
 */
record Candidate(ContainerInstance instance, Function<ContainerInstance, List<String>> groups) {

    List<String> taskGroups() {
        return groups.apply(instance);
    }
}
