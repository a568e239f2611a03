package io.clusterstate.examples.soak;

import io.clusterstate.simulator.Fault;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The faults of the simulator that need no more than a switch, most of them of the delivery of events. */
final class EventFaults {

    private static final int SHORTEST = 8;
    private static final int LONGEST = 25;

    private EventFaults() {}

    static List<SoakFault> all() {
        return Arrays.stream(Fault.values()).map(EventFaults::of).toList();
    }

    static String nameOf(Fault fault) {
        return fault.name().toLowerCase(Locale.ROOT);
    }

    private static SoakFault of(Fault fault) {
        return SoakFault.of(nameOf(fault), SHORTEST, LONGEST, (world, where) -> {
            Account account = world.account(where);
            account.use(fault, true);
            NoisyNeighbour neighbour = fault == Fault.THROTTLING ? NoisyNeighbour.of(account) : null;
            return () -> {
                account.use(fault, false);
                if (neighbour != null) {
                    neighbour.close();
                }
            };
        });
    }
}
