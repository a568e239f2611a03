package io.clusterstate.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs each benchmark in a JVM of its own, with the class path of this JVM. */
final class BenchmarkRunner {

    /**
     * The heap has room for 100,000 tasks. The young generation is small, so that all its pages are touched before
     * anything is measured. With {@code -Xbatch} a benchmark waits for the compiler, so that its warmth depends on the
     * number of its runs and not on free cores.
     */
    private static final List<String> JVM = List.of("-Xms2g", "-Xmx2g", "-Xmn96m", "-XX:+UseSerialGC", "-Xbatch");

    private final boolean isQuick;
    private final Path logs;

    BenchmarkRunner(boolean isQuick, Path logs) {
        this.isQuick = isQuick;
        this.logs = logs;
    }

    /** Runs a benchmark with all parameters of the given scores. */
    void run(List<Score> asked, Scores scores) throws RunnerException {
        String benchmark = asked.get(0).benchmark();
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include('^' + Pattern.quote(benchmark) + '$')
                .forks(isQuick ? 1 : 3)
                .jvmArgsPrepend(JVM.toArray(String[]::new))
                .shouldFailOnError(true)
                .output(logs.resolve(benchmark + ".txt").toString());
        params(asked).forEach((name, values) -> options.param(name, values.toArray(String[]::new)));
        scores.add(new Runner(options.build()).run());
    }

    private static Map<String, Set<String>> params(List<Score> asked) {
        return asked.stream()
                .flatMap(score -> score.params().entrySet().stream())
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey,
                        TreeMap::new,
                        Collectors.mapping(Map.Entry::getValue, Collectors.toCollection(TreeSet::new))));
    }
}
