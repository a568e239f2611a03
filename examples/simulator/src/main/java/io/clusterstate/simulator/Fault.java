package io.clusterstate.simulator;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A way in which the simulated ECS misbehaves, as the real ECS does or may do. */
public enum Fault {
    /** 2 % of the events never reach the queue. */
    LOSS,
    /** The queue gets 10 % of the events twice, some duplicates up to 30 seconds later. */
    DUPLICATES,
    /** 10 % of the events are held back for up to three seconds, so that they arrive after later events. */
    REORDER,
    /** All events lag by up to five seconds, in a delay that changes all the time; their order stays. */
    DELAY,
    /** List operations answer from a state up to five seconds old, and 5 % of the pages are empty. */
    STALE_LISTS,
    /** Read operations draw on ECS's token buckets and fail with ThrottlingException when a bucket is empty. */
    THROTTLING,
    /** Tasks and container instances sometimes disappear without an event. */
    VANISH,
    /** 5 % of the calls fail, with ServerException or with a cut connection. */
    ERRORS,
    /**
     * Beside 10 % of the events the queue gets an event that does not belong there. It is of another account, Region or
     * partition, or a replay of an EventBridge archive, such as a RUNNING event of a task that ended days ago.
     */
    FOREIGN;

    /**
     * Reads a comma-separated list of names such as {@code duplicates,reorder}, in any case, with {@code -} or
     * {@code _}; {@code all} means every fault, {@code none} and the empty text mean none.
     *
     * @param list the names; blanks around them do not matter
     * @return the faults named, in a set of the caller's own
     * @throws IllegalArgumentException if a name is unknown; the message lists the known ones
     */
    public static Set<Fault> parse(String list) {
        var faults = EnumSet.noneOf(Fault.class);
        for (var part : Arrays.asList(list.split(",", -1))) {
            var name = part.strip().toLowerCase(Locale.ROOT).replace('-', '_');
            switch (name) {
                case "", "none" -> {}
                case "all" -> faults.addAll(EnumSet.allOf(Fault.class));
                default -> faults.add(named(name));
            }
        }
        return faults;
    }

    private static Fault named(String name) {
        return Arrays.stream(values())
                .filter(it -> it.spelling().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("fault: " + name + " (expected: "
                        + Arrays.stream(values()).map(Fault::spelling).collect(Collectors.joining(", "))
                        + ", all or none)"));
    }

    private String spelling() {
        return name().toLowerCase(Locale.ROOT);
    }
}
