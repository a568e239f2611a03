package io.clusterstate.examples.soak;

import io.clusterstate.etcdserver.Folders;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs mirrors and readers under every fault at once and at random, and checks the laws of the library meanwhile. */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        description = "Runs mirrors and readers of two simulated accounts on a real etcd, under every fault at once "
                + "and at random. Checkers of the library's laws run all the while. Exit code 0 if every law held and "
                + "every view equals the truth in the end, else 1; 2 if an option has no valid value.")
public final class Soak implements Callable<Integer> {

    private static final Duration PROGRESS = Duration.ofSeconds(10);
    private static final int WINDOWS = 12;

    private final PrintStream out;

    @Option(names = "--minutes", description = "Minutes to run (default: ${DEFAULT-VALUE}).", defaultValue = "2")
    private double minutes;

    @Option(names = "--seed", description = "Seed of the activity and of the faults (default: random, and printed).")
    private @Nullable Long seed;

    @Option(
            names = "--rate",
            description = "Simulated events a second, of each account (default: ${DEFAULT-VALUE}).",
            defaultValue = "40")
    private double rate;

    @Option(
            names = "--faults",
            description = "Kinds of faults, separated by commas; or all, or none (default: ${DEFAULT-VALUE}).",
            defaultValue = "all")
    private String faults = "all";

    @Option(
            names = "--history",
            description = "File of an earlier run: its seed, length, rate and faults. Threads run as they will, so a "
                    + "failure may need several runs to return.")
    private @Nullable Path history;

    @Option(
            names = "--folder",
            description = "Folder for the history and the logs (default: a new one for temporary files, which is "
                    + "deleted if every law held).")
    private @Nullable Path folder;

    Soak(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs the command and exits the JVM with its exit code.
     *
     * @param arguments the command line; {@code --help} lists the options
     */
    public static void main(String[] arguments) {
        System.exit(commandLine(System.out).execute(arguments));
    }

    static CommandLine commandLine(PrintStream out) {
        CommandLine line = new CommandLine(new Soak(out));
        line.setExecutionExceptionHandler((failure, failed, parsed) -> {
            line.getErr().println("soak: " + (failure.getMessage() == null ? failure : failure.getMessage()));
            return failure instanceof IllegalArgumentException
                    ? line.getCommandSpec().exitCodeOnInvalidInput()
                    : line.getCommandSpec().exitCodeOnExecutionException();
        });
        return line;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, TimeoutException {
        Path place = folder == null ? Files.createTempDirectory("css-soak") : Files.createDirectories(folder);
        System.setProperty("css.soak.log", place.resolve("soak.log").toString()); // before the first logger
        Plan plan = plan();
        Path file = place.resolve("soak-" + plan.seed() + ".jsonl");
        History.write(plan, file);
        Report report = new Report(out, plan, file);
        report.begun();
        Findings findings = new Findings();
        runAndNoteFailure(plan, place, report, findings);
        report.outcome(findings.violations());
        if (folder == null && findings.violations().isEmpty()) {
            Folders.delete(place);
        }
        return findings.violations().isEmpty() ? 0 : 1;
    }

    private Plan plan() {
        if (history != null) {
            return History.read(history);
        }
        if (!(minutes > 0) || !(rate >= 0)) {
            throw new IllegalArgumentException(
                    "--minutes, --rate: " + minutes + ", " + rate + " (expected: above 0, and at least 0)");
        }
        long chosen = seed != null ? seed : new SplittableRandom().nextLong(1_000_000_000);
        return Plan.random(chosen, minutes, rate, SoakFaults.parse(faults));
    }

    /** A run that breaks off is a finding too: neither its evidence nor what was found before may be lost. */
    private static void runAndNoteFailure(Plan plan, Path place, Report report, Findings findings)
            throws InterruptedException {
        try {
            run(plan, place, report, findings);
        } catch (IOException | TimeoutException | RuntimeException e) {
            LoggerFactory.getLogger(Soak.class).error("the run has broken off", e);
            findings.broken("Run", "this process", "it has broken off: " + e);
        }
    }

    private static void run(Plan plan, Path place, Report report, Findings findings)
            throws IOException, InterruptedException, TimeoutException {
        FlatHeap heap = new FlatHeap(findings);
        Duration length = Duration.ofMillis((long) (plan.minutes() * 60_000));
        try (World world = World.open(plan.seed(), place, findings);
                Conductor conductor = new Conductor(world, findings);
                ProcessWindows windows = new ProcessWindows(world.flatThreads(), heap, length.dividedBy(WINDOWS))) {
            world.accounts().forEach(account -> account.simulator().drive(plan.rate()));
            windows.start();
            conductor.start(plan);
            watch(length, world, conductor, report, findings);
            windows.end();
            conductor.end();
            if (findings.violations().isEmpty()) {
                new Ending(world, findings).heal();
            }
            report.summary(world, conductor.counts(), findings, heap);
        }
    }

    private static void watch(Duration length, World world, Conductor conductor, Report report, Findings findings)
            throws InterruptedException {
        long begun = System.nanoTime();
        boolean isBroken = false;
        Duration elapsed = Duration.ZERO;
        while (!isBroken && elapsed.compareTo(length) < 0) {
            Duration left = length.minus(elapsed);
            isBroken = findings.awaitViolation(left.compareTo(PROGRESS) < 0 ? left : PROGRESS);
            elapsed = Duration.ofNanos(System.nanoTime() - begun);
            report.progress(elapsed, world, conductor, findings);
        }
    }
}
