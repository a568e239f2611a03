package io.clusterstate;

import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StartTaskResponse;

/**
 * Room on an instance that {@link Expectations#reserve} holds for a start. Conclude it by exactly what ECS answered:
 * {@link #launched}, {@link #release} for an error that says so, or {@link #unknown} for a lost answer. The last word
 * counts, so that a repeated call can still conclude an unknown outcome.
 *
 * <p>The AWS SDK repeats a call whose connection breaks. It gives RunTask a {@code clientToken} that makes this safe.
 * StartTask has none, so turn the SDK's retries off for it: a repetition may start a second task.
 *
 * <p>Thread: safe for any thread. Blocks: never.
 */
public interface Reservation {

    /**
     * Names the {@code startedBy} of the call, before the call. With it, an event that overtakes the answer takes the
     * reservation's place at once, and an unknown outcome can be settled.
     *
     * @param mark the {@code startedBy}; other calls on this instance may have used it for tasks that the view shows,
     *     but none may use it while this reservation is open
     * @return this
     */
    Reservation startedBy(String mark);

    /**
     * Replaces the reservation by the tasks that the call has started. Without a task on the instance, as when ECS
     * reports a failure, the room is free again.
     *
     * @param response ECS's answer
     */
    void launched(RunTaskResponse response);

    /**
     * Replaces the reservation as {@link #launched(RunTaskResponse)} does.
     *
     * @param response ECS's answer
     */
    void launched(StartTaskResponse response);

    /** Frees the room: ECS refused the call, or it was not made. No effect once concluded otherwise. */
    void release();

    /**
     * Notes that the answer was lost: a timeout, a broken connection, or a server error. The room stays taken, and the
     * mirror lists the tasks with the {@code startedBy} up to five times within 15 seconds. If ECS lists one, it comes
     * into the view. If ECS lists none each time, the room is free again.
     *
     * @throws IllegalStateException if no {@link #startedBy} was named
     */
    void unknown();
}
