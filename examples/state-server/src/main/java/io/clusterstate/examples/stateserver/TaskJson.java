package io.clusterstate.examples.stateserver;

import io.clusterstate.Observed;
import java.io.IOException;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.NetworkBinding;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/** Writes a task: the fields of REST v1, then further fields. */
record TaskJson(boolean showsEnvironment) implements Fields.Part<Observed<Task>> {

    /** The replacement for a value that may be a secret. */
    static final String REDACTED = "(redacted)";

    private static final TaskOverride NO_OVERRIDES = TaskOverride.builder().build();

    @Override
    public void write(Fields fields, Observed<Task> observed) throws IOException {
        Task task = observed.value();
        fields.text("clusterARN", task.clusterArn())
                .text("containerInstanceARN", task.containerInstanceArn())
                .list("containers", task.containers(), TaskJson::writeContainer)
                .moment("createdAt", task.createdAt())
                .text("desiredStatus", task.desiredStatus())
                .text("lastStatus", task.lastStatus())
                .object("overrides", task.overrides() == null ? NO_OVERRIDES : task.overrides(), this::writeOverrides)
                .moment("startedAt", task.startedAt())
                .text("startedBy", task.startedBy())
                .moment("stoppedAt", task.stoppedAt())
                .text("stoppedReason", task.stoppedReason())
                .text("taskARN", task.taskArn())
                .text("taskDefinitionARN", task.taskDefinitionArn());
        writeWhatIsNew(fields, task);
    }

    private static void writeWhatIsNew(Fields fields, Task task) throws IOException {
        fields.text("availabilityZone", task.availabilityZone())
                .text("capacityProviderName", task.capacityProviderName())
                .text("connectivity", task.connectivityAsString())
                .text("cpu", task.cpu())
                .text("group", task.group())
                .text("healthStatus", task.healthStatusAsString())
                .text("launchType", task.launchTypeAsString())
                .text("memory", task.memory())
                .text("platformVersion", task.platformVersion())
                .text("stopCode", task.stopCodeAsString())
                .moment("stoppingAt", task.stoppingAt())
                .number("version", task.version());
    }

    private static void writeContainer(Fields fields, Container container) throws IOException {
        fields.text("containerARN", container.containerArn())
                .number("exitCode", container.exitCode())
                .text("lastStatus", container.lastStatus())
                .text("name", container.name())
                .listIfAny("networkBindings", container.networkBindings(), TaskJson::writeBinding)
                .text("reason", container.reason())
                .text("healthStatus", container.healthStatusAsString())
                .text("image", container.image());
    }

    private static void writeBinding(Fields fields, NetworkBinding binding) throws IOException {
        fields.text("bindIP", binding.bindIP())
                .number("containerPort", binding.containerPort())
                .number("hostPort", binding.hostPort())
                .text("protocol", binding.protocolAsString());
    }

    private void writeOverrides(Fields fields, TaskOverride overrides) throws IOException {
        fields.list("containerOverrides", overrides.containerOverrides(), this::writeOverride)
                .text("taskRoleArn", overrides.taskRoleArn());
    }

    private void writeOverride(Fields fields, ContainerOverride override) throws IOException {
        fields.text("name", override.name());
        if (!override.command().isEmpty()) {
            fields.texts("command", override.command());
        }
        fields.listIfAny("environment", override.environment(), this::writeVariable);
    }

    private void writeVariable(Fields fields, KeyValuePair variable) throws IOException {
        fields.text("name", variable.name()).textAlways("value", showsEnvironment ? variable.value() : REDACTED);
    }
}
