package io.clusterstate.internal.index;

import io.clusterstate.ecs.EcsArn;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the family from a task definition's ARN, {@code arn:…:task-definition/FAMILY:REVISION}. */
final class Families {

    private static final Pattern REVISION = Pattern.compile(".+:[1-9]\\d*");

    private Families() {}

    /**
     * Refuses what can never name one revision, such as a family.
     *
     * @throws IllegalArgumentException unless the text is an ARN of a task definition, or FAMILY:REVISION
     */
    static void requireRevision(String text) {
        boolean isOneRevision = REVISION.matcher(text).matches()
                && (Ids.isArn(text) ? EcsArn.isOf("task-definition", text) : text.indexOf('/') < 0);
        if (!isOneRevision) {
            throw new IllegalArgumentException("taskDefinition: " + text
                    + " (expected: FAMILY:REVISION or an ARN; family(…) finds all revisions)");
        }
    }

    static @Nullable String familyOf(@Nullable String taskDefinition) {
        if (taskDefinition == null) {
            return null;
        }
        int from = taskDefinition.lastIndexOf('/') + 1;
        int revision = taskDefinition.lastIndexOf(':');
        return taskDefinition.substring(from, revision > from ? revision : taskDefinition.length());
    }
}
