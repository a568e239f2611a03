package io.clusterstate.mirror;

import java.util.Map;

/**
 * The state of the fetches of task definitions. Only the mirror that leads its store fetches.
 *
 * @param waiting the number of definitions that tasks and services refer to and the store lacks, refused ones included
 * @param refused the definitions that ECS refused to describe, or the store to keep, by ARN, each with the reason. The
 *     mirror asks for each again after a minute, and then ever more rarely, up to once an hour. If the right is
 *     missing, the mirror asks for one of all definitions, up to once in ten minutes. A definition whose calls stay
 *     unanswered counts from the third call on, and is asked for up to once in five minutes
 */
public record DefinitionFetches(int waiting, Map<String, String> refused) {

    /** The state of a mirror that fetches none. */
    static final DefinitionFetches NONE = new DefinitionFetches(0, Map.of());
}
