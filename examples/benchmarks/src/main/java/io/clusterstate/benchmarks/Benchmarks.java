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
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command line of the benchmarks. Each figure becomes a line of JSON on standard output; progress goes to standard
 * error.
 */
@Command(
        name = "benchmarks",
        description =
                "Measures the time and memory that the library needs, and prints each figure as one line of JSON.",
        mixinStandardHelpOptions = true)
public final class Benchmarks implements Callable<Integer> {

    @Option(
            names = "--quick",
            description = "Run one fork of each benchmark, and only those of figures with a goal (six and a "
                    + "half minutes on two cores).")
    private boolean isQuick;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            description = "Measure only figures, or jobs of --growth, whose name begins with NAME, such as lookup. "
                    + "May be repeated.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--logs",
            paramLabel = "DIRECTORY",
            description = "Directory for JMH's own output (default: ${DEFAULT-VALUE}).")
    private Path logs = Path.of("target", "benchmarks");

    @Option(
            names = "--growth",
            description = "Measure how the costs grow with tasks, subscribers and readers instead, write them into "
                    + "--out as JSON, and draw curves (20 minutes on two cores, 6 GB of memory).")
    private boolean isGrowth;

    @Option(
            names = "--draw",
            description = "Draw the curves and tables of an earlier --growth again, and measure nothing.")
    private boolean isDrawing;

    @Option(
            names = "--sizes",
            split = ",",
            converter = SizeConverter.class,
            paramLabel = "TASKS",
            defaultValue = "1k,10k,100k,1m",
            description = "Numbers of tasks for --growth (default: ${DEFAULT-VALUE}).")
    private int[] sizes = {};

    @Option(
            names = "--out",
            paramLabel = "DIRECTORY",
            defaultValue = "target/growth",
            description = "Directory for the results and curves of --growth (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("target", "growth");

    @Option(
            names = "--page",
            paramLabel = "FILE",
            description = "Markdown file with the marks that the tables of --growth go between (default: print them).")
    private @Nullable Path page;

    /**
     * Runs the command and exits the JVM with its exit code.
     *
     * @param args the command line; {@code --help} lists the options
     */
    public static void main(String[] args) {
        CommandLine line = new CommandLine(new Benchmarks());
        line.setParameterExceptionHandler((failure, arguments) -> {
            line.getErr().println("benchmarks: " + failure.getMessage());
            return CommandLine.ExitCode.USAGE;
        });
        System.exit(line.execute(args));
    }

    @Override
    public Integer call() throws IOException, RunnerException, InterruptedException {
        return isGrowth || isDrawing ? growth() : figures();
    }

    private int growth() throws IOException, InterruptedException {
        List<GrowthPlan.Step> steps = isDrawing ? List.of() : GrowthPlan.steps(sizes, only);
        if (steps.isEmpty() && !isDrawing) {
            System.err.println("benchmarks: --only: " + only + " (expected: the beginning of one of "
                    + List.of(GrowthJob.values()) + ")");
            return CommandLine.ExitCode.USAGE;
        }
        boolean isWhole = Growth.measure(out, steps);
        Growth.draw(out, page);
        return isWhole ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private int figures() throws IOException, RunnerException {
        List<Figure> figures = Figures.all().stream().filter(this::isAsked).toList();
        if (figures.isEmpty()) {
            System.err.println(
                    "benchmarks: --only: " + only + " (expected: the beginning of a figure's name, such as lookup)");
            return CommandLine.ExitCode.USAGE;
        }
        Files.createDirectories(logs);
        BenchmarkRunner runner = new BenchmarkRunner(isQuick, logs);
        Scores scores = new Scores();
        Set<Figure> printed = new HashSet<>();
        for (List<Score> benchmark :
                benchmarks(figures.stream().filter(this::isNeeded).toList())) {
            Instant begun = Instant.now();
            runner.run(benchmark, scores);
            System.err.println(benchmark.get(0).benchmark() + ": " + Duration.between(begun, Instant.now()));
            figures.stream()
                    .filter(figure -> figure.scores().allMatch(scores::has))
                    .filter(printed::add)
                    .forEach(figure -> System.out.println(figure.line(scores)));
        }
        return CommandLine.ExitCode.OK;
    }

    /** A quick run measures figures with a goal, and prints the others if their scores happen to be there. */
    private boolean isNeeded(Figure figure) {
        return !isQuick || figure.goal() != null || !only.isEmpty();
    }

    private boolean isAsked(Figure figure) {
        return only.isEmpty() || only.stream().anyMatch(figure.name()::startsWith);
    }

    /** The needed scores, grouped by benchmark, in the order of the figures. */
    private static List<List<Score>> benchmarks(List<Figure> figures) {
        Map<String, List<Score>> byBenchmark = figures.stream()
                .flatMap(Figure::scores)
                .collect(Collectors.groupingBy(Score::benchmark, LinkedHashMap::new, Collectors.toList()));
        return List.copyOf(byBenchmark.values());
    }
}
