package io.clusterstate.etcd;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a state that are neither entities nor confirmations.
 *
 * @param head the last write
 * @param forgotten the highest revision of a tombstone that a leader has deleted
 * @param leader the revision at which the present leader began to lead; 0 without a leader
 * @param leaderName the name of the process that leads, for people
 * @param owner the account and Region of the clusters; empty until the first leader has registered it
 */
record Marks(Head head, long forgotten, long leader, String leaderName, Optional<String> owner) {

    static final Marks NONE = new Marks(Head.NONE, 0, 0, "", Optional.empty());

    Marks afterWrite(Head next) {
        return new Marks(next, forgotten, leader, leaderName, owner);
    }

    Marks afterForgetting(KeyUpdate update) {
        return new Marks(head, revisionIn(update.value()), leader, leaderName, owner);
    }

    Marks ledBy(KeyUpdate update) {
        return new Marks(head, forgotten, update.created(), text(update.value()).orElse(""), owner);
    }

    Marks ownedBy(KeyUpdate update) {
        return new Marks(head, forgotten, leader, leaderName, text(update.value()));
    }

    /** Whether the leader or the owner differs, for which others wait. */
    boolean hasMovedSince(Marks before) {
        return leader != before.leader || !owner.equals(before.owner);
    }

    /** The revision in the value of the key {@code forgotten}; the highest one if it cannot be read. */
    static long revisionIn(byte @Nullable [] value) {
        try {
            return text(value).map(Long::parseLong).orElse(0L);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private static Optional<String> text(byte @Nullable [] value) {
        return Optional.ofNullable(value).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }
}
