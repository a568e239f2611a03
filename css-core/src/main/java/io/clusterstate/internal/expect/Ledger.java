package io.clusterstate.internal.expect;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is open, at one moment. A change makes a new ledger; the cost of a change grows with the number of
 * open entries of its kind.
 *
 * @param launches by the task's ARN
 * @param stops by the task's ARN
 * @param holds by number
 * @param watches by the instance's ARN
 */
record Ledger(
        Map<String, Launch> launches, Map<String, Stop> stops, Map<Long, Hold> holds, Map<String, Watch> watches) {

    static final Ledger EMPTY = new Ledger(Map.of(), Map.of(), Map.of(), Map.of());

    /** The number of open expectations. */
    int size() {
        return launches.size() + stops.size() + holds.size();
    }

    boolean isEmpty() {
        return size() == 0 && watches.isEmpty();
    }

    Ledger with(Launch launch) {
        return new Ledger(put(launches, launch.arn(), launch), stops, holds, watches);
    }

    Ledger with(Stop stop) {
        return new Ledger(launches, put(stops, stop.arn(), stop), holds, watches);
    }

    Ledger with(Hold hold) {
        return new Ledger(launches, stops, put(holds, hold.id(), hold), watches);
    }

    Ledger with(Watch watch) {
        return new Ledger(launches, stops, holds, put(watches, watch.arn(), watch));
    }

    Ledger without(Launch launch) {
        return new Ledger(put(launches, launch.arn(), null), stops, holds, watches);
    }

    Ledger without(Stop stop) {
        return new Ledger(launches, put(stops, stop.arn(), null), holds, watches);
    }

    Ledger without(Hold hold) {
        return new Ledger(launches, stops, put(holds, hold.id(), null), watches);
    }

    Ledger without(Watch watch) {
        return new Ledger(launches, stops, holds, put(watches, watch.arn(), null));
    }

    Optional<Watch> watch(@Nullable String instanceArn) {
        return instanceArn == null ? Optional.empty() : Optional.ofNullable(watches.get(instanceArn));
    }

    /** Whether a task is known to be one that this process started. */
    boolean hasLaunched(String taskArn, @Nullable String instanceArn) {
        return launches.containsKey(taskArn)
                || watch(instanceArn)
                        .filter(watch -> watch.own().containsKey(taskArn))
                        .isPresent();
    }

    private static <K, V> Map<K, V> put(Map<K, V> map, K key, @Nullable V value) {
        Map<K, V> changed = new HashMap<>(map);
        if (value == null) {
            changed.remove(key);
        } else {
            changed.put(key, value);
        }
        return changed;
    }
}
