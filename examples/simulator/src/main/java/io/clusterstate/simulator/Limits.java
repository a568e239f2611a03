package io.clusterstate.simulator;

import java.util.List;

/** The limits on the number of entities in a request. */
final class Limits {
    private Limits() {}

    static void atMost(String what, List<?> items, int most) {
        if (items.size() > most) {
            throw EcsError.invalid(what + " cannot be more than " + most + ": " + items.size() + ".");
        }
    }

    static void some(String what, List<?> items, int most) {
        if (items.isEmpty()) {
            throw EcsError.invalid(what + " cannot be empty.");
        }
        atMost(what, items, most);
    }
}
