package io.clusterstate.examples.daemonscheduler;

import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.Leadership;
import io.clusterstate.simulator.Fault;
import io.clusterstate.sqs.SqsEventSource;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Keeps one task on every instance that matches: in a simulated ECS, or as one process for a real account. */
@Command(
        name = "daemon-scheduler",
        mixinStandardHelpOptions = true,
        description = "Keeps exactly one task of a definition on every placeable instance that matches. Without --aws, "
                + "ECS is simulated here, and two scheduler processes share an etcd; the one that leads is killed in "
                + "the middle, and another is started. Exit code 0 if each instance has one task at the end, and none "
                + "ever had two; else 1. Exit code 2 if an option has no valid value.")
public final class DaemonSchedulerMain implements Callable<Integer> {

    private static final Duration ECS_LIMIT = Duration.ofSeconds(10);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(20);

    private static final Logger LOG = LoggerFactory.getLogger(DaemonSchedulerMain.class);

    private final PrintStream out;

    @Option(names = "--seconds", description = "Seconds to run (default: ${DEFAULT-VALUE}).", defaultValue = "20")
    private int seconds;

    @Option(
            names = "--instances",
            description = "Number of simulated instances at the beginning (default: ${DEFAULT-VALUE}).",
            defaultValue = "10")
    private int instances;

    @Option(
            names = "--rate",
            description = "Simulated events a second (default: ${DEFAULT-VALUE}).",
            defaultValue = "20")
    private double rate;

    @Option(
            names = "--faults",
            description = "Faults of the simulated ECS, separated by commas: loss, duplicates, reorder, delay, "
                    + "stale_lists, throttling, vanish, errors, foreign; or all, or none (default: ${DEFAULT-VALUE}).",
            defaultValue = "none")
    private String faults = "none";

    @Option(
            names = "--seed",
            description = "Seed of the simulator's random choices (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private long seed;

    @Option(
            names = "--aws",
            description = "Run as one process for a real account, with the environment's Region and credentials.")
    private boolean aws;

    @Option(names = "--queue", description = "With --aws: name, URL or ARN of the queue that receives the ECS events.")
    private @Nullable String queue;

    @Option(names = "--etcd", description = "With --aws: address of the etcd that all processes share.")
    private @Nullable String etcd;

    @Option(names = "--daemon", description = "With --aws: the daemon's own name, the mark of its tasks.")
    private @Nullable String daemon;

    @Option(names = "--cluster", description = "With --aws: the cluster.")
    private @Nullable String cluster;

    @Option(names = "--definition", description = "With --aws: the task definition, as family:revision or ARN.")
    private @Nullable String definition;

    @Option(
            names = "--matching",
            description = "With --aws: the instances, in the cluster query language (default: all).",
            defaultValue = "")
    private String matching = "";

    @Option(names = "--in-simulation", hidden = true, description = "Hurry as the simulated ECS does; end with input.")
    private boolean isInSimulation;

    DaemonSchedulerMain(PrintStream out) {
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
        CommandLine line = new CommandLine(new DaemonSchedulerMain(out));
        line.setParameterExceptionHandler((failure, arguments) -> {
            line.getErr().println("daemon-scheduler: " + inOneLine(failure));
            return line.getCommandSpec().exitCodeOnInvalidInput();
        });
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("daemon-scheduler: " + inOneLine(failure));
            return failure instanceof IllegalArgumentException
                    ? command.getCommandSpec().exitCodeOnInvalidInput()
                    : command.getCommandSpec().exitCodeOnExecutionException();
        });
        return line;
    }

    private static String inOneLine(Exception failure) {
        String words = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return words.replaceAll("\\s*[\r\n]+\\s*", "; ");
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (aws) {
            serve();
            return 0;
        }
        requireAtLeast(1, "--seconds", seconds);
        requireAtLeast(1, "--instances", instances);
        requireAtLeast(0, "--rate", rate);
        Set<Fault> chosen = Fault.parse(faults);
        return new Show(out, seed, instances).run(Duration.ofSeconds(seconds), rate, chosen) ? 0 : 1;
    }

    /** Runs one process until it is asked to end. */
    private void serve() throws InterruptedException, IOException {
        Daemon wanted = new Daemon(
                required("--daemon", daemon),
                required("--cluster", cluster),
                required("--definition", definition),
                matching);
        String queueName = required("--queue", queue);
        Etcd address = Etcd.at(required("--etcd", etcd).split(",", -1));
        CountDownLatch closed = new CountDownLatch(1);
        try (EcsClient ecs = EcsClient.builder()
                        .httpClientBuilder(Apache5HttpClient.builder())
                        .overrideConfiguration(config -> config.apiCallTimeout(ECS_LIMIT))
                        .build();
                SqsClient sqs = SqsClient.builder()
                        .httpClientBuilder(Apache5HttpClient.builder())
                        .build();
                SchedulerProcess process = SchedulerProcess.start(
                        wanted,
                        ecs,
                        SqsEventSource.of(sqs, queueName),
                        address,
                        isInSimulation ? SchedulerProcess.Times.SIMULATED : SchedulerProcess.Times.REAL)) {
            process.leadership().onChange(() -> printTerm(process.leadership()));
            printTerm(process.leadership()); // it may lead already
            awaitEnd(closed);
        } finally {
            closed.countDown();
        }
    }

    private synchronized void printTerm(Leadership leadership) {
        out.println("term " + leadership.term());
    }

    /** Waits for the end of the input in a simulation, else for a signal, which ends the JVM once all is closed. */
    private void awaitEnd(CountDownLatch closed) throws InterruptedException, IOException {
        if (isInSimulation) {
            int read = 0;
            while (read >= 0) {
                read = System.in.read();
            }
            return;
        }
        CountDownLatch asked = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            asked.countDown();
                            awaitClosed(closed);
                        },
                        "daemon-scheduler-end"));
        asked.await();
    }

    private static void awaitClosed(CountDownLatch closed) {
        try {
            boolean isClosed = closed.await(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            if (!isClosed) {
                LOG.error("not closed within {}", CLOSE_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void requireAtLeast(int least, String option, double value) {
        if (!(value >= least)) {
            throw new IllegalArgumentException(option + ": " + value + " (expected: at least " + least + ")");
        }
    }

    private static String required(String option, @Nullable String value) {
        if (value == null) {
            throw new IllegalArgumentException(option + ": none (expected: a value, with --aws)");
        }
        return value;
    }
}
