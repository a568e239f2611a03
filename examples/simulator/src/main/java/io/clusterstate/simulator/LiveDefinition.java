package io.clusterstate.simulator;

import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/** A revision of a task definition, ACTIVE or INACTIVE. */
final class LiveDefinition {
    private final TaskTemplate template;
    private final Supplier<TaskDefinition> content;
    private final List<Tag> tags;
    private @Nullable Instant deregisteredAt;

    private LiveDefinition(TaskTemplate template, Supplier<TaskDefinition> content, List<Tag> tags) {
        this.template = template;
        this.content = content;
        this.tags = List.copyOf(tags);
    }

    /** A definition that no caller registered. Its text is made when somebody reads it. */
    static LiveDefinition invented(TaskTemplate template, Instant at, Arns arns) {
        return new LiveDefinition(template, () -> InventedDefinitions.of(template, at, arns), List.of());
    }

    static LiveDefinition registered(TaskTemplate template, TaskDefinition definition, List<Tag> tags) {
        return new LiveDefinition(template, () -> definition, tags);
    }

    TaskTemplate template() {
        return template;
    }

    List<Tag> tags() {
        return tags;
    }

    boolean isActive() {
        return deregisteredAt == null;
    }

    /** Makes the definition INACTIVE. The time of the first call counts. */
    void deregister(Instant at) {
        if (deregisteredAt == null) {
            deregisteredAt = at;
        }
    }

    /** The definition as DescribeTaskDefinition shows it. */
    TaskDefinition view() {
        return content.get().toBuilder()
                .status(isActive() ? TaskDefinitionStatus.ACTIVE : TaskDefinitionStatus.INACTIVE)
                .deregisteredAt(deregisteredAt)
                .build();
    }
}
