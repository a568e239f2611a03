package io.clusterstate.internal.expect;

import io.clusterstate.Observed;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * A task that ECS answered to have started.
 *
 * @param row the task as ECS answered it
 * @param noted when the answer was noted
 * @param wasAsked whether ECS was asked about it since its time was over
 */
record Launch(Observed<Task> row, Noted noted, boolean wasAsked) {

    String arn() {
        return row.arn();
    }

    /** The instance; null until ECS has placed the task. */
    @Nullable String instanceArn() {
        return row.value().containerInstanceArn();
    }

    boolean isOn(String instanceArn) {
        return instanceArn.equals(instanceArn());
    }

    Launch asked() {
        return new Launch(row, noted, true);
    }
}
