package io.clusterstate.examples.stateserver;

import io.clusterstate.archive.EndedTask;
import io.clusterstate.archive.HistoryStep;
import io.clusterstate.archive.StopCause;
import java.io.IOException;
import java.util.Locale;

/** Writes the history: ended tasks, their causes, and steps. */
final class HistoryJson {

    private HistoryJson() {}

    static void writeTask(Fields fields, EndedTask task) throws IOException {
        fields.text("taskARN", task.taskArn())
                .text("clusterARN", task.clusterArn())
                .text("service", task.service())
                .text("group", task.group())
                .text("family", task.family())
                .text("taskDefinitionARN", task.taskDefinitionArn())
                .text("launchType", task.launchType())
                .text("containerInstanceARN", task.containerInstanceArn())
                .text("EC2InstanceID", task.ec2InstanceId())
                .text("availabilityZone", task.availabilityZone())
                .text("lastStatus", task.lastStatus())
                .text("stopCode", task.stopCode())
                .text("stoppedReason", task.stoppedReason())
                .list("containers", task.containers(), HistoryJson::writeContainer)
                .moment("createdAt", task.createdAt())
                .moment("startedAt", task.startedAt())
                .moment("stoppingAt", task.stoppingAt())
                .moment("stoppedAt", task.stoppedAt());
    }

    private static void writeContainer(Fields fields, EndedTask.Container container) throws IOException {
        fields.textAlways("name", container.name())
                .text("image", container.image())
                .number("exitCode", container.exitCode())
                .text("reason", container.reason());
    }

    static void writeCause(Fields fields, StopCause cause) throws IOException {
        fields.text("stopCode", cause.stopCode())
                .text("reason", cause.reason())
                .number("exitCode", cause.exitCode())
                .number("tasks", cause.tasks())
                .moment("lastStoppedAt", cause.lastEndedAt())
                .moment("firstStoppedAt", cause.firstEndedAt())
                .texts("services", cause.services())
                .text("example", cause.example());
    }

    static void writeStep(Fields fields, HistoryStep step) throws IOException {
        fields.moment("at", step.at())
                .text("what", step.what().name().toLowerCase(Locale.ROOT))
                .textAlways("text", step.text())
                .text("reason", step.reason())
                .text("revision", step.revision() == 0 ? null : Long.toString(step.revision()));
    }
}
