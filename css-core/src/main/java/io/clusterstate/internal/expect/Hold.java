package io.clusterstate.internal.expect;

import io.clusterstate.Snapshot;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Room that is held for a call without a known outcome.
 *
 * @param id the number of the hold
 * @param instanceArn the instance; null for a call that left the choice to ECS
 * @param cluster the name or ARN of the cluster
 * @param needs the resources that the task takes
 * @param mark the {@code startedBy} of the call; null if it was not named
 * @param before the view before the call: tasks in it are not the call's
 * @param noted when it was reserved, or its answer was lost
 * @param asking how far the search for the outcome is; null while the answer may still come
 */
record Hold(
        long id,
        @Nullable String instanceArn,
        String cluster,
        Footprint needs,
        @Nullable String mark,
        Snapshot before,
        Noted noted,
        @Nullable Asking asking) {

    /** After this many lists without the task, it was not started. */
    static final int LISTS = 5;

    /**
     * The search for an outcome.
     *
     * @param lists the number of answered lists that had no such task
     * @param next the monotonic time of the next list
     * @param isGivenUp whether ECS has left a list unanswered for too long
     */
    record Asking(int lists, long next, boolean isGivenUp) {

        static Asking from(long first) {
            return new Asking(0, first, false);
        }

        /** After a list at {@code now}; the next follow after 1, 2, 4 and 8 seconds. */
        Asking again(long now) {
            return new Asking(lists + 1, now + Duration.ofSeconds(1L << lists).toNanos(), false);
        }

        Asking givenUp() {
            return new Asking(lists, next, true);
        }
    }

    boolean isUnknown() {
        return asking != null;
    }

    Hold marked(String newMark) {
        return new Hold(id, instanceArn, cluster, needs, newMark, before, noted, asking);
    }

    Hold asking(Noted since, Asking next) {
        return new Hold(id, instanceArn, cluster, needs, mark, before, since, next);
    }
}
