package io.clusterstate.examples.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The faults of a run, which follow from its seed: in each two minutes every kind at least once.
 *
 * @param seed the seed of the simulators and of this plan
 * @param minutes the length of the run
 * @param rate the events a second, of each account
 * @param faults the faults, in the order of their beginnings
 */
record Plan(long seed, double minutes, double rate, List<PlannedFault> faults) {

    private static final Duration PERIOD = Duration.ofMinutes(2);
    /** At both ends of the run, so that its beginning is calm and each fault has ended. */
    private static final double CALM_SHARE = 0.04;

    Plan {
        faults = List.copyOf(faults);
    }

    static Plan random(long seed, double minutes, double rate, List<SoakFault> kinds) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, List<SoakFault>> lanes = new LinkedHashMap<>();
        kinds.forEach(kind ->
                lanes.computeIfAbsent(kind.lane(), lane -> new ArrayList<>()).add(kind));
        long length = (long) (minutes * 60_000);
        long periods = Math.max(1, length / PERIOD.toMillis());
        long period = length / periods;
        List<PlannedFault> planned = new ArrayList<>();
        for (long number = 0; number < periods; number++) {
            long from = number * period + (long) (period * CALM_SHARE);
            long to = (number + 1) * period - (long) (period * CALM_SHARE);
            lanes.values().forEach(lane -> fill(planned, random, lane, from, to));
        }
        planned.sort(Comparator.comparingLong(PlannedFault::atMillis));
        return new Plan(seed, minutes, rate, planned);
    }

    /** Plans each kind of a lane once in a time, in a random order; a kind that has its lane alone comes twice. */
    private static void fill(
            List<PlannedFault> planned, SplittableRandom random, List<SoakFault> lane, long from, long to) {
        List<SoakFault> order = new ArrayList<>(lane.size() == 1 ? List.of(lane.get(0), lane.get(0)) : lane);
        for (int i = order.size() - 1; i > 0; i--) {
            Collections.swap(order, i, random.nextInt(i + 1));
        }
        long slot = (to - from) / order.size();
        for (int i = 0; i < order.size(); i++) {
            planned.add(within(random, order.get(i), from + i * slot, slot));
        }
    }

    private static PlannedFault within(SplittableRandom random, SoakFault kind, long from, long slot) {
        long shortest = kind.shortest().toMillis();
        long lasts = Math.min(slot, shortest + random.nextLong(kind.longest().toMillis() - shortest + 1));
        long at = from + random.nextLong(slot - lasts + 1);
        return new PlannedFault(kind.name(), at, lasts, random.nextInt(Integer.MAX_VALUE));
    }
}
