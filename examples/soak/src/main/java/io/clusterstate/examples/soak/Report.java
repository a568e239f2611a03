package io.clusterstate.examples.soak;

import io.clusterstate.simulator.EventCounts;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The lines for people: progress, the failure, and the summary.
 *
 * @param out the stream
 * @param plan the run
 * @param history the file of the run's faults
 */
record Report(PrintStream out, Plan plan, Path history) {

    void begun() {
        out.printf(
                "soak: %s minutes, seed %d, %d faults of %d kinds; history: %s%n",
                plan.minutes(),
                plan.seed(),
                plan.faults().size(),
                plan.faults().stream().map(PlannedFault::fault).distinct().count(),
                history);
    }

    void progress(Duration elapsed, World world, Conductor conductor, Findings findings) {
        long faults =
                conductor.counts().values().stream().mapToLong(Long::longValue).sum();
        out.printf(
                "%4d s: events %,d, changes %,d, resets %d, faults %d, checks %,d, violations %d%n",
                elapsed.toSeconds(),
                events(world),
                world.watches().changes(),
                world.watches().resets(),
                faults,
                checks(findings),
                findings.violations().size());
    }

    void summary(World world, Map<String, Long> faults, Findings findings, FlatHeap heap) {
        out.printf("faults: %s%n", joined(faults));
        out.printf("checks: %s%n", joined(findings.checks()));
        for (Account account : world.accounts()) {
            EventCounts events = account.truth().events();
            out.printf(
                    "%s: events %,d, lost %,d, doubled %,d, foreign %,d, replayed %,d; API calls %,d, throttled %,d%n",
                    account.name(),
                    events.emitted(),
                    events.lost(),
                    events.duplicated(),
                    events.foreign(),
                    events.replayed(),
                    sum(account.simulator().calls()),
                    sum(account.simulator().throttled()));
        }
        out.printf(
                "changes heard %,d, resets %,d; heap after collections: %d MB at first, %d MB at last%n",
                world.watches().changes(), world.watches().resets(), heap.atFirst() >> 20, heap.atLast() >> 20);
    }

    void outcome(List<Findings.Violation> violations) {
        if (violations.isEmpty()) {
            out.println("every law held, and every view equals the truth");
            return;
        }
        violations.forEach(out::println);
        out.printf("seed: %d%nhistory: %s%n", plan.seed(), history);
        out.printf("run it again: examples/run soak --history %s%n", history);
    }

    private static long events(World world) {
        return world.accounts().stream()
                .mapToLong(account -> account.truth().events().emitted())
                .sum();
    }

    private static long checks(Findings findings) {
        return sum(findings.checks());
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static String joined(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(each -> "%s %,d".formatted(each.getKey(), each.getValue()))
                .collect(Collectors.joining(", "));
    }
}
