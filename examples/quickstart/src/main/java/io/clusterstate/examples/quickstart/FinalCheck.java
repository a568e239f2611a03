package io.clusterstate.examples.quickstart;

import io.clusterstate.Freshness;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.simulator.EventCounts;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.Truth;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Compares the views with the simulator's truth at the end of a run, and prints the result.
 *
 * @param out the stream to print to
 * @param clock the clock that is right
 */
record FinalCheck(PrintStream out, InstantSource clock) {

    /** The limit for events and listings that are still on their way. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration PAUSE = Duration.ofMillis(100);

    /** Whether all views equal the truth. */
    boolean isEqual(Simulator simulator, Mirrors mirrors, HostClocks clocks) throws InterruptedException {
        clocks.setRight();
        simulator.settle(LIMIT);
        Truth truth = simulator.truth();
        List<Difference> differences = new ArrayList<>();
        for (ClusterMirror mirror : mirrors.all()) {
            differences.addAll(awaitEqual(mirror, truth));
        }
        mirrors.report().forEach(out::println);
        describeStrays(truth.events(), clocks);
        if (differences.isEmpty()) {
            describeMatch(truth, mirrors);
        } else {
            out.printf("view differs from truth in %d places:%n", differences.size());
            Difference.report(differences).forEach(line -> out.println("  " + line));
        }
        return differences.isEmpty();
    }

    private void describeStrays(EventCounts events, HostClocks clocks) {
        if (events.foreign() + events.replayed() > 0) {
            out.printf(
                    "beside the %d events of this account and Region, the queue got %d foreign events and %d "
                            + "replays; clock jumps: %d%n",
                    events.emitted(), events.foreign(), events.replayed(), clocks.jumps());
        }
    }

    private void describeMatch(Truth truth, Mirrors mirrors) {
        int count = mirrors.all().size();
        out.printf(
                "%s truth: tasks=%d instances=%d services=%d revision=%d events=%d%n",
                count == 1 ? "view matches" : count + " views match",
                truth.tasks().size(),
                truth.instances().size(),
                truth.services().size(),
                mirrors.first().view().snapshot().revision(),
                truth.events().sent());
    }

    /** Waits until the view equals the truth, and returns the differences that are left at the limit. */
    private List<Difference> awaitEqual(ClusterMirror mirror, Truth truth) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        try {
            mirror.view().awaitUntil(now -> TruthCheck.differences(now, truth).isEmpty(), LIMIT);
        } catch (TimeoutException e) {
            return Stream.concat(
                            TruthCheck.differences(mirror.view().snapshot(), truth).stream(),
                            fresherThanNow(mirror).stream())
                    .toList();
        }
        while (!fresherThanNow(mirror).isEmpty() && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        }
        return fresherThanNow(mirror);
    }

    /** The clusters whose freshness lies in the future. */
    private List<Difference> fresherThanNow(ClusterMirror mirror) {
        Freshness freshness = mirror.status().freshness();
        Instant now = clock.instant();
        return freshness.clusters().entrySet().stream()
                .filter(each -> each.getValue().isAfter(now))
                .map(each -> new Difference(
                        Difference.Kind.FRESHNESS,
                        "cluster %s: fresh up to %s (expected: not after %s)"
                                .formatted(each.getKey(), each.getValue(), now)))
                .toList();
    }
}
