package io.clusterstate;

import java.util.Optional;

/**
 * The lookups of a composite view.
 *
 * <p>Thread: safe for any thread.
 */
final class CompositeLookups {

    private final CompositeMembers members;
    private final HomeRoutes routes;

    CompositeLookups(CompositeMembers members) {
        this.members = members;
        this.routes = new HomeRoutes(
                members.list().stream().map(CompositeMember::view).toList());
    }

    /** Asks the views that have the ARN's home, and only then all. */
    <T> Optional<T> find(EntityKind<T> kind, String arnOrId) {
        for (StoreView likely : routes.of(arnOrId)) {
            Optional<T> found = likely.findIfReady(kind, arnOrId);
            if (found.isPresent()) {
                return found;
            }
        }
        return arnOrId.startsWith("arn:")
                ? search(kind, arnOrId)
                : members.requireReady(members.take()).find(kind, arnOrId);
    }

    /** Whether the members were ready is known of their snapshots alone: a member may end between two calls of it. */
    private <T> Optional<T> search(EntityKind<T> kind, String arn) {
        for (CompositeMember each : members.list()) {
            Optional<T> found = each.view().findIfReady(kind, arn);
            if (found.isPresent()) {
                routes.learn(arn, each.view());
                return found;
            }
        }
        return members.take().find(kind, arn);
    }
}
