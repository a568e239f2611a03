package io.clusterstate.simulator;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a simulator until the process gets Ctrl-C or SIGTERM. */
@Command(
        name = "simulator",
        mixinStandardHelpOptions = true,
        description = "Runs a simulated Amazon ECS on 127.0.0.1: its API, and an SQS queue with its events.")
public final class SimulatorMain implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--clusters", defaultValue = "2", description = "Number of clusters (default: ${DEFAULT-VALUE}).")
    private int clusters;

    @Option(
            names = "--tasks",
            defaultValue = "200",
            description = "Number of tasks at the beginning (default: ${DEFAULT-VALUE}).")
    private int tasks;

    @Option(
            names = "--rate",
            defaultValue = "10",
            description = "Events a second, on average (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--faults",
            defaultValue = "none",
            description = "Faults, comma-separated: loss, duplicates, reorder, delay, stale_lists, throttling, "
                    + "vanish, errors, foreign, all or none (default: ${DEFAULT-VALUE}).")
    private String faults = "none";

    @Option(names = "--ecs-port", defaultValue = "0", description = "Port of the ECS API (default: a free one).")
    private int ecsPort;

    @Option(names = "--sqs-port", defaultValue = "0", description = "Port of the SQS API (default: a free one).")
    private int sqsPort;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Seed of all random choices (default: ${DEFAULT-VALUE}).")
    private long seed;

    /** Makes a command with default options. */
    public SimulatorMain() {}

    /**
     * Runs the command and exits the JVM with its exit code.
     *
     * @param arguments the command line; {@code --help} lists the options
     */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The command line. An error is one line. */
    static CommandLine commandLine() {
        var line = new CommandLine(new SimulatorMain());
        line.setParameterExceptionHandler((failure, arguments) -> {
            line.getErr().println("simulator: " + inOneLine(failure));
            return line.getCommandSpec().exitCodeOnInvalidInput();
        });
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            line.getErr().println("simulator: " + inOneLine(failure));
            return line.getCommandSpec().exitCodeOnExecutionException();
        });
        return line;
    }

    private static String inOneLine(Exception failure) {
        var words = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return words.replaceAll("\\s*[\r\n]+\\s*", "; ");
    }

    /**
     * Runs the simulator until the process is stopped.
     *
     * @return the exit code, 0
     * @throws InterruptedException if the thread is interrupted; the simulator is closed then
     */
    @Override
    public Integer call() throws InterruptedException {
        var ended = new CountDownLatch(1);
        try (var simulator = build()) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(simulator, ended), "simulator-end"));
            simulator.start();
            simulator.drive(rate);
            describe(simulator, spec.commandLine().getOut());
            ended.await();
        }
        return 0;
    }

    private Simulator build() {
        if (!(rate >= 0)) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--rate: " + rate + " (expected: at least 0)");
        }
        try {
            return Simulator.builder()
                    .seed(seed)
                    .clusters(clusters)
                    .tasks(tasks)
                    .faults(Fault.parse(faults))
                    .ecsPort(ecsPort)
                    .sqsPort(sqsPort)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void describe(Simulator simulator, PrintWriter out) {
        out.println("seed   " + seed);
        out.println("ECS    " + simulator.ecsEndpoint());
        out.println("SQS    " + simulator.sqsEndpoint());
        out.println("queue  " + simulator.queueUrl());
        out.println("try    aws ecs list-clusters --region us-east-1 --endpoint-url " + simulator.ecsEndpoint());
        out.println("       aws sqs receive-message --region us-east-1 --endpoint-url " + simulator.sqsEndpoint()
                + " --queue-url " + simulator.queueUrl());
        out.flush();
    }

    private static void end(Simulator simulator, CountDownLatch ended) {
        simulator.close();
        ended.countDown();
    }
}
