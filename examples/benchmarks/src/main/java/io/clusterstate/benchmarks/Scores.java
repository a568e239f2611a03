package io.clusterstate.benchmarks;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;

/** The scores measured so far. */
final class Scores {

    private final Map<String, Double> known = new HashMap<>();

    /** Adds the results of a JMH run. */
    void add(Collection<RunResult> results) {
        for (RunResult result : results) {
            String benchmark = nameOf(result.getParams());
            int operations = result.getParams().getOpsPerInvocation();
            result.getSecondaryResults()
                    .keySet()
                    .forEach(part -> known.put(benchmark + part, least(result, part) / operations));
        }
    }

    /** The lowest score of all iterations, since a disturbance can only raise it. */
    private static double least(RunResult result, String part) {
        return result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .map(iteration -> iteration.getSecondaryResults().get(part))
                .filter(Objects::nonNull)
                .mapToDouble(counted -> counted.getScore())
                .min()
                .orElse(Double.NaN);
    }

    boolean has(Score score) {
        return known.containsKey(nameOf(score));
    }

    double of(Score score) {
        Double value = known.get(nameOf(score));
        if (value == null) {
            throw new IllegalStateException("score: " + score + " (expected: one of " + known.keySet() + ")");
        }
        return value;
    }

    private static String nameOf(Score score) {
        return score.benchmark() + new TreeMap<>(score.params()) + score.part();
    }

    private static String nameOf(BenchmarkParams params) {
        Map<String, String> byName = new TreeMap<>();
        params.getParamsKeys().forEach(key -> byName.put(key, params.getParam(key)));
        return params.getBenchmark() + byName;
    }
}
