package io.clusterstate.simulator;

import java.util.List;

/** The availability zones of the Region. */
final class Zones {
    private static final List<String> LETTERS = List.of("a", "b", "c");

    private Zones() {}

    static String any(World world) {
        return world.arns().region() + world.random().oneOf(LETTERS);
    }
}
