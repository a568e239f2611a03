package io.clusterstate.archive;

import io.clusterstate.Observed;
import software.amazon.awssdk.services.ecs.model.Task;

/** Makes the parts of profiles. */
final class Profiles {

    private Profiles() {}

    static TaskProfile.Parts of(Observed<Task> observed) {
        Task task = observed.value();
        return new TaskProfile.Parts(
                Catalogue.TaskId.of(observed.arn()).prefix(),
                observed.clusterArn(),
                task.group(),
                EndedTask.familyIn(task.taskDefinitionArn()),
                task.stopCodeAsString(),
                task.stoppedReason(),
                EndedTask.containersOf(task));
    }

    static TaskProfile.Parts of(EndedTask task) {
        return new TaskProfile.Parts(
                Catalogue.TaskId.of(task.taskArn()).prefix(),
                task.clusterArn(),
                task.group(),
                task.family(),
                task.stopCode(),
                task.stoppedReason(),
                task.containers());
    }
}
