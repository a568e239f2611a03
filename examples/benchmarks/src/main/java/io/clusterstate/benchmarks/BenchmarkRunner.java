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

/** Runs benchmarks, each in a JVM of its own with this one's class path. */
final class BenchmarkRunner {

    /**
     * Room for 100,000 tasks, and a young generation so small that its memory is in use before anything is measured:
     * else the first touch of each page would be measured too. Compilation waits for no free core ({@code -Xbatch}): on
     * a machine that others use as well, how warm a benchmark is must follow from how often it ran.
     */
    private static final List<String> JVM = List.of("-Xms2g", "-Xmx2g", "-Xmn96m", "-XX:+UseSerialGC", "-Xbatch");

    private final boolean isQuick;
    private final Path logs;

    BenchmarkRunner(boolean isQuick, Path logs) {
        this.isQuick = isQuick;
        this.logs = logs;
    }

    /** Runs one benchmark with all parameters that are asked for. */
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
