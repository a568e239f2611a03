package io.clusterstate;

import java.util.Map;
import java.util.Optional;

/**
 * The status of a {@link Subscription}.
 *
 * @param name the listener's name; a number if it has none
 * @param isActive whether the listener is still told of changes
 * @param behind the number of changes that the listener has not handled yet; 0 before its first batch and after its end
 * @param batches the number of batches that the listener was told, including the current one
 * @param resets the number of those batches that were resets
 * @param failures the number of times that the listener threw
 * @param lastFailure the last of these failures, or the reason for an end that the subscriber did not ask for
 * @param members for a subscription to a {@link CompositeView}, the status of each member by name, whose sums the other
 *     numbers are; else empty
 */
public record SubscriptionStatus(
        String name,
        boolean isActive,
        long behind,
        long batches,
        long resets,
        long failures,
        Optional<String> lastFailure,
        Map<String, SubscriptionStatus> members) {

    /**
     * Creates the status of a subscription to a view that is not composite.
     *
     * @param name the listener's name
     * @param isActive whether the listener is still told of changes
     * @param behind the number of changes that the listener has not handled yet
     * @param batches the number of batches that the listener was told
     * @param resets the number of those batches that were resets
     * @param failures the number of times that the listener threw
     * @param lastFailure the last of these failures
     */
    public SubscriptionStatus(
            String name,
            boolean isActive,
            long behind,
            long batches,
            long resets,
            long failures,
            Optional<String> lastFailure) {
        this(name, isActive, behind, batches, resets, failures, lastFailure, Map.of());
    }
}
