package io.clusterstate.archive;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ended tasks of an equal cause: stop code, reason and exit code.
 *
 * @param stopCode the stop code; null if ECS gave none
 * @param reason the reasons of the task and its containers, in which what differs from task to task is {@code …}; null
 *     if ECS gave none
 * @param exitCode the first exit code of a container that is not 0; 0 if all of them are; null if none is known
 * @param tasks the number of tasks
 * @param firstEndedAt the end of the first of them
 * @param lastEndedAt the end of the last of them
 * @param services the names of up to five of their services, those with the newest ends first
 * @param example the ARN of the last of them
 */
public record StopCause(
        @Nullable String stopCode,
        @Nullable String reason,
        @Nullable Integer exitCode,
        long tasks,
        Instant firstEndedAt,
        Instant lastEndedAt,
        List<String> services,
        String example) {}
