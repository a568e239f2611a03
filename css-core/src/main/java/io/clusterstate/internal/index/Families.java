package io.clusterstate.internal.index;

import org.jspecify.annotations.Nullable;

/** Reads the family from a task definition's ARN, {@code arn:…:task-definition/FAMILY:REVISION}. */
final class Families {

    private Families() {}

    static @Nullable String familyOf(@Nullable String taskDefinition) {
        if (taskDefinition == null) {
            return null;
        }
        int from = taskDefinition.lastIndexOf('/') + 1;
        int revision = taskDefinition.lastIndexOf(':');
        return taskDefinition.substring(from, revision > from ? revision : taskDefinition.length());
    }
}
