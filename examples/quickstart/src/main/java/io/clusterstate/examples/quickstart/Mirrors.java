package io.clusterstate.examples.quickstart;

import io.clusterstate.mirror.ApiUse;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.DeliveryOutcome;
import io.clusterstate.mirror.Drift;
import io.clusterstate.mirror.MirrorStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The mirrors of a run. Several mirrors share a queue and a store. */
final class Mirrors implements AutoCloseable {

    private final List<ClusterMirror> all = new ArrayList<>();

    /** Makes the mirrors without starting them. */
    Mirrors(int count, Supplier<ClusterMirror> mirror) {
        for (int i = 0; i < count; i++) {
            all.add(mirror.get());
        }
    }

    void start(Duration limit) throws InterruptedException, TimeoutException {
        all.forEach(ClusterMirror::start);
        for (ClusterMirror mirror : all) {
            mirror.view().awaitReady(limit);
        }
    }

    List<ClusterMirror> all() {
        return all;
    }

    /** The mirror that is shown. */
    ClusterMirror first() {
        return all.get(0);
    }

    /** A line for each mirror: its deliveries, its ECS calls and the drift that it repaired. */
    List<String> report() {
        List<String> lines = new ArrayList<>();
        for (ClusterMirror mirror : all) {
            MirrorStatus status = mirror.status();
            String name = all.size() == 1
                    ? ""
                    : "mirror " + (lines.size() + 1) + " of " + all.size() + ", "
                            + status.role().name().toLowerCase(Locale.ROOT) + ": ";
            ApiUse api = status.api();
            lines.add("%sevents %s; ECS calls %d, throttled %d; %s"
                    .formatted(
                            name,
                            outcomes(status.deliveries()),
                            sum(api.calls()),
                            sum(api.throttled()),
                            status.drift().equals(Drift.NONE) ? "no drift" : "repaired: " + status.drift()));
        }
        return lines;
    }

    /** The number of deliveries by outcome, without outcomes that did not occur. */
    private static String outcomes(Map<DeliveryOutcome, Long> deliveries) {
        return Arrays.stream(DeliveryOutcome.values())
                .filter(each -> deliveries.getOrDefault(each, 0L) > 0)
                .map(each -> each.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + deliveries.get(each))
                .collect(Collectors.joining(", "));
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() {
        all.forEach(ClusterMirror::close);
    }
}
