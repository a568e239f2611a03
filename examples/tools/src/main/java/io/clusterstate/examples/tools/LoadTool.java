package io.clusterstate.examples.tools;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Puts a state server in a process of its own under load, and prints response times, heap and processor use. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = "Starts a simulated ECS and a state server, each in its own process, and sends requests "
                + "to the server while streams are open. Exit code 0 if nothing failed.")
public final class LoadTool implements Callable<Integer> {

    private static final int SHOWN_FAILURES = 10;

    @Option(
            names = "--tasks",
            defaultValue = "50000",
            description = "Number of simulated tasks (default: ${DEFAULT-VALUE}).")
    private int tasks;

    @Option(
            names = "--events",
            defaultValue = "100",
            description = "Simulated events a second (default: ${DEFAULT-VALUE}).")
    private int events;

    @Option(
            names = "--streams",
            defaultValue = "50",
            description = "Number of open streams, half of lines and half of events (default: ${DEFAULT-VALUE}).")
    private int streams;

    @Option(
            names = "--rate",
            defaultValue = "200",
            description = "Requests a second. Four of five get a task, the fifth lists the pending tasks of a "
                    + "cluster (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(names = "--seconds", defaultValue = "60", description = "Seconds to measure (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "60",
            description = "Seconds of equal load before the measurement, to warm up the server's JVM (default: "
                    + "${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(
            names = "--server-options",
            defaultValue = "-Xmx1g",
            description = "Options for the server's JVM (default: ${DEFAULT-VALUE}).")
    private String serverOptions = "-Xmx1g";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private LoadTool() {}

    /**
     * Runs the command and exits the JVM with its exit code.
     *
     * @param arguments the command line; {@code --help} lists the options
     */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return Commands.lineOf(new LoadTool());
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        requireAtLeast(1, "--tasks", tasks);
        requireAtLeast(0, "--events", events);
        requireAtLeast(0, "--streams", streams);
        requireAtLeast(1, "--rate", rate);
        requireAtLeast(0, "--warm-up", warmUp);
        requireAtLeast(1, "--seconds", seconds);
        say("starting a server of %,d simulated tasks, which it loads at the rate that ECS allows", tasks);
        try (ServerUnderLoad server = ServerUnderLoad.start(tasks, events, serverOptions)) {
            return measure(server);
        }
    }

    private int measure(ServerUnderLoad server) throws IOException, InterruptedException {
        StateServerClient client = new StateServerClient(server.url());
        List<String> arns = client.items("tasks", "status", "running").stream()
                .map(LoadTool::arnOf)
                .toList();
        try (StreamReaders readers = new StreamReaders(server.url(), streams)) {
            RequestLoad load = new RequestLoad(server.url(), arns, rate);
            say("warming up for %d s", warmUp);
            load.run(Duration.ofSeconds(warmUp));
            say("measuring for %d s", seconds);
            HeapUse heap = new HeapUse(server.url()).begin();
            ServerUnderLoad.Spent before = server.spent();
            RequestLoad.Answers answers = load.run(Duration.ofSeconds(seconds));
            String spent = server.spent().since(before);
            heap.end();
            say("get a task (of %,d): %s", arns.size(), answers.one().words());
            say("list pending tasks: %s", answers.list().words());
            say("server heap, lowest in each tenth of the time: %s", heap.words());
            say("processor use, in % of a core: %s", spent);
            return judge(readers, load);
        }
    }

    /** Prints the failures, those of the warm-up included, and returns the exit code. */
    private int judge(StreamReaders readers, RequestLoad load) {
        int open = readers.open();
        List<String> failures = readers.failures();
        failures.addAll(load.failures());
        say("streams: %d of %d open at the end, %,d MB received", open, streams, readers.bytes() >> 20);
        say("failures: %d", failures.size());
        failures.stream().limit(SHOWN_FAILURES).forEach(failure -> say("  %s", failure));
        return failures.isEmpty() && open == streams ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private void requireAtLeast(int least, String option, int value) {
        if (value < least) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), option + ": " + value + " (expected: at least " + least + ")");
        }
    }

    private static String arnOf(JsonNode task) {
        return task.path("taskARN").asText();
    }

    private void say(String format, Object... values) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, format + "%n", values);
        out.flush();
    }
}
