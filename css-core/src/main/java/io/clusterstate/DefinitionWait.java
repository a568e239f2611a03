package io.clusterstate;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * Waits until a view has a task definition.
 *
 * @param definition the ARN, or family and revision
 */
record DefinitionWait(String definition) implements Wait<TaskDefinition> {

    @Override
    public Collection<String> arns() {
        return List.of(definition);
    }

    @Override
    public @Nullable TaskDefinition test(Snapshot snapshot) {
        return snapshot.taskDefinition(definition).orElse(null);
    }

    @Override
    public String missing() {
        return "no task definition " + definition;
    }

    @Override
    public String state(Snapshot snapshot) {
        return snapshot.toString();
    }
}
