package io.clusterstate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What ECS answered when it was asked to describe entities.
 *
 * @param found the entities, in the one shape
 * @param missing the ARNs of which ECS said that there is no such thing
 * @param unknown the ARNs of which it said anything else, with the reason that it gave
 * @param <T> the AWS SDK's type of the entities
 */
record Described<T>(List<T> found, Set<String> missing, Map<String, String> unknown) {

    /** An answer to which others can be added. */
    static <T> Described<T> none() {
        return new Described<>(new ArrayList<>(), new HashSet<>(), new HashMap<>());
    }

    void add(Described<T> more) {
        found.addAll(more.found());
        missing.addAll(more.missing());
        unknown.putAll(more.unknown());
    }
}
