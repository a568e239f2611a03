package io.clusterstate.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the figures and writes each as a line of JSON to standard output; progress goes to standard error. */
@Command(
        name = "benchmarks",
        description = "Measures what the cluster state library costs. One line of JSON a figure.",
        mixinStandardHelpOptions = true)
public final class Benchmarks implements Callable<Integer> {

    @Option(
            names = "--quick",
            description = "One fork each, and only figures that have a goal: less than five minutes on two cores.")
    private boolean isQuick;

    @Option(names = "--only", paramLabel = "NAME", description = "Only figures whose name begins so. May be repeated.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--logs", paramLabel = "DIRECTORY", description = "Where JMH's own output goes: ${DEFAULT-VALUE}.")
    private Path logs = Path.of("target", "benchmarks");

    /**
     * Runs.
     *
     * @param args the options
     */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Benchmarks()).execute(args));
    }

    @Override
    public Integer call() throws IOException, RunnerException {
        List<Figure> figures = Figures.all().stream().filter(this::isAsked).toList();
        if (figures.isEmpty()) {
            System.err.println("--only: " + only + " (expected: the beginning of a figure's name, such as lookup)");
            return CommandLine.ExitCode.USAGE;
        }
        Files.createDirectories(logs);
        BenchmarkRunner runner = new BenchmarkRunner(isQuick, logs);
        Scores scores = new Scores();
        Set<Figure> told = new HashSet<>();
        for (List<Score> benchmark :
                benchmarks(figures.stream().filter(this::isNeeded).toList())) {
            Instant begun = Instant.now();
            runner.run(benchmark, scores);
            System.err.println(benchmark.get(0).benchmark() + ": " + Duration.between(begun, Instant.now()));
            figures.stream()
                    .filter(figure -> figure.scores().allMatch(scores::has))
                    .filter(told::add)
                    .forEach(figure -> System.out.println(figure.line(scores)));
        }
        return CommandLine.ExitCode.OK;
    }

    /** A quick run measures what has a goal, and tells what it learns beside that. */
    private boolean isNeeded(Figure figure) {
        return !isQuick || figure.goal() != null || !only.isEmpty();
    }

    private boolean isAsked(Figure figure) {
        return only.isEmpty() || only.stream().anyMatch(figure.name()::startsWith);
    }

    /** The scores that are needed, by benchmark, in the order of the figures. */
    private static List<List<Score>> benchmarks(List<Figure> figures) {
        Map<String, List<Score>> byBenchmark = figures.stream()
                .flatMap(Figure::scores)
                .collect(Collectors.groupingBy(Score::benchmark, LinkedHashMap::new, Collectors.toList()));
        return List.copyOf(byBenchmark.values());
    }
}
