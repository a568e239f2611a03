package io.clusterstate.simulator;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** One way in which the simulated ECS misbehaves, as the real one does or may do. */
public enum Fault {
    /** Two in a hundred events are never sent. */
    LOSS,
    /** One in ten events is sent again, some of them many seconds later. */
    DUPLICATES,
    /** One in ten events is held back and arrives after up to three seconds' worth of later ones. */
    REORDER,
    /** The stream of events lags by up to five seconds, changing all the time; its order stays. */
    DELAY,
    /** List operations answer from a state up to five seconds old, and one page in twenty is empty. */
    STALE_LISTS,
    /** Read operations draw on ECS's token buckets and fail with ThrottlingException when one is empty. */
    THROTTLING,
    /** Now and then a task or a container instance disappears without an event. */
    VANISH,
    /** One in twenty calls fails, with ServerException or with a connection that is cut. */
    ERRORS,
    /**
     * Beside one in ten events comes one that does not belong in the queue: of another account, Region or partition, or
     * a replay of an EventBridge archive, such as a RUNNING event of a task that ended days ago.
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
