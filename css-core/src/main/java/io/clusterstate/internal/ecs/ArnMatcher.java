package io.clusterstate.internal.ecs;

import io.clusterstate.ecs.EcsArn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Matches the ARNs in ECS's answer with those in the request. ECS may answer a request by a long ARN with the short
 * ARN, an id or a name, and the other way round. All requested entities are of one kind and, except for clusters, of
 * one cluster, so their ids are unique.
 */
final class ArnMatcher {

    private final List<String> asked;
    private final Set<String> exact;
    private final Map<String, List<String>> byId = new HashMap<>();

    ArnMatcher(List<String> asked) {
        this.asked = asked;
        this.exact = new HashSet<>(asked);
        asked.forEach(arn -> byId.computeIfAbsent(EcsArn.nameOf(arn), id -> new ArrayList<>())
                .add(arn));
    }

    /** The requested ARN, id or name that an answer refers to; empty if it refers to none, or to several. */
    Optional<String> match(@Nullable String answered) {
        if (answered == null) {
            return asked.size() == 1 ? Optional.of(asked.get(0)) : Optional.empty();
        }
        if (exact.contains(answered)) {
            return Optional.of(answered);
        }
        List<String> same = byId.getOrDefault(EcsArn.nameOf(answered), List.of()).stream()
                .filter(arn -> isSame(arn, answered))
                .toList();
        return same.size() == 1 ? Optional.of(same.get(0)) : Optional.empty();
    }

    /** Whether two forms of an id can belong to the same entity: parts that both contain must be equal. */
    private static boolean isSame(String one, String other) {
        Optional<EcsArn> first = EcsArn.parse(one);
        Optional<EcsArn> second = EcsArn.parse(other);
        if (first.isEmpty() || second.isEmpty()) {
            return true;
        }
        return Home.prefixOf(one).equals(Home.prefixOf(other))
                && first.get().type().equals(second.get().type())
                && first.get()
                        .clusterName()
                        .map(name -> second.get().clusterName().orElse(name).equals(name))
                        .orElse(true);
    }
}
