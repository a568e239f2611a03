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

/** Puts a state server in a process of its own under load, and says what it took. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description =
                "Starts a simulated ECS and a state server of it, a process each, and asks the server while streams "
                        + "are open. Exit code 0 if nothing failed.")
public final class LoadTool implements Callable<Integer> {

    private static final int SHOWN_FAILURES = 10;

    @Option(names = "--tasks", defaultValue = "50000", description = "Simulated tasks (default: ${DEFAULT-VALUE}).")
    private int tasks;

    @Option(
            names = "--events",
            defaultValue = "100",
            description = "Simulated events a second (default: ${DEFAULT-VALUE}).")
    private int events;

    @Option(
            names = "--streams",
            defaultValue = "50",
            description = "Streams, half of lines and half of events (default: ${DEFAULT-VALUE}).")
    private int streams;

    @Option(
            names = "--rate",
            defaultValue = "200",
            description = "Requests a second: four of five for one task, the fifth for a list of those that are "
                    + "pending in one cluster (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(names = "--seconds", defaultValue = "60", description = "How long (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "60",
            description = "Seconds of the same load before, so that what is measured is no JVM that has just started "
                    + "(default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(
            names = "--server-options",
            defaultValue = "-Xmx1g",
            description = "Options of the server's JVM (default: ${DEFAULT-VALUE}).")
    private String serverOptions = "-Xmx1g";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private LoadTool() {}

    /**
     * Runs it.
     *
     * @param arguments see {@code --help}
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
        say("starts a server of %,d simulated tasks; it takes them in at the pace that ECS allows", tasks);
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
            say("asks for %d s, to warm up", warmUp);
            load.run(Duration.ofSeconds(warmUp));
            say("asks for %d s, and measures", seconds);
            HeapUse heap = new HeapUse(server.url()).begin();
            ServerUnderLoad.Spent before = server.spent();
            RequestLoad.Answers answers = load.run(Duration.ofSeconds(seconds));
            String spent = server.spent().since(before);
            heap.end();
            say("one of %,d tasks: %s", arns.size(), answers.one().words());
            say("list of pending: %s", answers.list().words());
            say("heap of the server, the least in each tenth of the time: %s", heap.words());
            say("of one core, each: %s", spent);
            return judge(readers, load);
        }
    }

    /** What went wrong at any time, the warming up included. */
    private int judge(StreamReaders readers, RequestLoad load) {
        int open = readers.open();
        List<String> failures = readers.failures();
        failures.addAll(load.failures());
        say("streams: %d of %d open in the end, %,d MB received", open, streams, readers.bytes() >> 20);
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
