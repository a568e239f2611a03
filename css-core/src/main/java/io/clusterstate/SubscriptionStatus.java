package io.clusterstate;

import java.util.Optional;

/**
 * How a {@link Subscription} is doing.
 *
 * @param name as the listener was named, or by a number
 * @param isActive whether it is still told of changes
 * @param behind how many changes it has not been told to their end; 0 before it is told anything, and after its end
 * @param batches how many batches it was told, the one under way included
 * @param resets how many of them were resets, because it was too far behind
 * @param failures how often it threw
 * @param lastFailure the last of these, or why the subscription ended other than by its own wish
 */
public record SubscriptionStatus(
        String name,
        boolean isActive,
        long behind,
        long batches,
        long resets,
        long failures,
        Optional<String> lastFailure) {}
