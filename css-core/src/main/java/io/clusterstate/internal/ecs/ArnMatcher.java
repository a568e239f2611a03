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
 * Finds out which of the asked entities ECS means, since it may answer with the short form of an ARN to a question by
 * the long one, with an id, or with a name, and the other way round. All asked are of one kind and, but for clusters,
 * of one cluster, so that the id tells them apart.
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

    /** The asked ARN, id or name that {@code answered} names; empty if it names none of them, or one of several. */
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

    /** Whether two forms of one id can be the same entity's: no part that both tell may differ. */
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
