package io.clusterstate.benchmarks;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;

/** The scores measured so far: for each, the numbers of all iterations in their order. */
final class Scores {

    private final Map<String, double[]> known = new HashMap<>();

    /** Adds the results of a JMH run. */
    void add(Collection<RunResult> results) {
        for (RunResult result : results) {
            String benchmark = nameOf(result.getParams());
            result.getSecondaryResults()
                    .keySet()
                    .forEach(counter -> known.put(benchmark + counter, iterations(result, counter)));
        }
    }

    private static double[] iterations(RunResult result, String counter) {
        int operations = result.getParams().getOpsPerInvocation();
        return result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .map(iteration -> iteration.getSecondaryResults().get(counter))
                .filter(Objects::nonNull)
                .mapToDouble(counted -> counted.getScore() / operations)
                .toArray();
    }

    boolean has(Score score) {
        return known.containsKey(nameOf(score));
    }

    double[] of(Score score) {
        double[] measured = known.get(nameOf(score));
        if (measured == null) {
            throw new IllegalStateException("score: " + score + " (expected: one of " + known.keySet() + ")");
        }
        return measured;
    }

    private static String nameOf(Score score) {
        return score.benchmark() + new TreeMap<>(score.params()) + score.counter();
    }

    private static String nameOf(BenchmarkParams params) {
        Map<String, String> byName = new TreeMap<>();
        params.getParamsKeys().forEach(key -> byName.put(key, params.getParam(key)));
        return params.getBenchmark() + byName;
    }
}
