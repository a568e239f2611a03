package io.clusterstate.examples.tools;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Lists the tasks, services, container instances or clusters of a state server. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        subcommands = {ListTool.Tasks.class, ListTool.Services.class, ListTool.Instances.class, ListTool.Clusters.class
        },
        synopsisSubcommandLabel = "(tasks | services | instances | clusters)",
        description = "Lists the tasks, services, container instances or clusters that a state server knows.")
public final class ListTool implements Callable<Integer> {

    @Option(
            names = "--url",
            scope = CommandLine.ScopeType.INHERIT,
            defaultValue = "${env:CSS_URL:-http://localhost:3000}",
            description = "URL of the state server (default: ${DEFAULT-VALUE}; environment variable: CSS_URL).")
    private String url = "http://localhost:3000";

    @Option(
            names = "--json",
            scope = CommandLine.ScopeType.INHERIT,
            description = "Print an array of JSON objects, with exact times, instead of a table with ages.")
    private boolean json;

    @Option(
            names = "--watch",
            scope = CommandLine.ScopeType.INHERIT,
            arity = "0..1",
            fallbackValue = "2",
            paramLabel = "SECONDS",
            description = "Show the list again every 2 seconds, or every SECONDS, until Ctrl-C. Where the output is no "
                    + "terminal, print only the rows that are new or have changed.")
    private @Nullable Integer watch;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private ListTool() {}

    /**
     * Runs the command and exits the JVM with its exit code.
     *
     * @param arguments the command line; {@code --help} lists the options
     */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return Commands.lineOf(new ListTool());
    }

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "(expected: tasks, services, instances or clusters)");
    }

    private StateServerClient client() {
        return new StateServerClient(url);
    }

    /** Shows a list once, or for ever. */
    private int show(Callable<Rows> list) throws Exception {
        CommandLine line = spec.commandLine();
        Integer seconds = watch;
        if (seconds != null && (seconds < 1 || json)) {
            throw new CommandLine.ParameterException(
                    line, "--watch: " + seconds + " (expected: at least 1 second, and no --json)");
        }
        if (seconds != null) {
            boolean isTerminal = Boolean.getBoolean("css.terminal");
            new Watch(list, line.getOut(), line.getErr(), isTerminal, InstantSource.system())
                    .run(() -> TimeUnit.SECONDS.sleep(seconds));
            return CommandLine.ExitCode.OK;
        }
        Rows rows = list.call();
        line.getOut().println(json ? rows.json() : rows.table(Instant.now()));
        line.getOut().flush();
        return CommandLine.ExitCode.OK;
    }

    /** The cluster of what is listed. */
    private static final class OfCluster {

        @Option(names = "--cluster", description = "Only those of this cluster, by name or ARN.")
        private String cluster = "";
    }

    /** The command that lists tasks, with the host of each. */
    @Command(
            name = "tasks",
            mixinStandardHelpOptions = true,
            description = "Lists host, cluster, status, age, started-by and ARN of each task.")
    static final class Tasks implements Callable<Integer> {

        @ParentCommand
        private ListTool tool = new ListTool();

        @Mixin
        private OfCluster of = new OfCluster();

        @Option(names = "--status", description = "Only those with this status, such as running.")
        private String status = "";

        @Option(names = "--started-by", description = "Only tasks with this startedBy.")
        private String startedBy = "";

        @Override
        public Integer call() throws Exception {
            StateServerClient client = tool.client();
            return tool.show(() -> Rows.ofTasks(
                    client.items("tasks", "cluster", of.cluster, "status", status, "startedBy", startedBy),
                    client.items("instances", "cluster", of.cluster)));
        }
    }

    /** The command that lists container instances. */
    @Command(
            name = "instances",
            mixinStandardHelpOptions = true,
            description = "Lists host, cluster, status, age, running tasks and ARN of each container instance.")
    static final class Instances implements Callable<Integer> {

        @ParentCommand
        private ListTool tool = new ListTool();

        @Mixin
        private OfCluster of = new OfCluster();

        @Option(names = "--status", description = "Only those with this status, such as active.")
        private String status = "";

        @Override
        public Integer call() throws Exception {
            StateServerClient client = tool.client();
            return tool.show(
                    () -> Rows.ofInstances(client.items("instances", "cluster", of.cluster, "status", status)));
        }
    }

    /** The command that lists services. */
    @Command(
            name = "services",
            mixinStandardHelpOptions = true,
            description = "Lists name, cluster, status, age, task counts and definition of each service.")
    static final class Services implements Callable<Integer> {

        @ParentCommand
        private ListTool tool = new ListTool();

        @Mixin
        private OfCluster of = new OfCluster();

        @Option(names = "--status", description = "Only those with this status, such as active.")
        private String status = "";

        @Override
        public Integer call() throws Exception {
            StateServerClient client = tool.client();
            return tool.show(() -> Rows.ofServices(client.items("services", "cluster", of.cluster, "status", status)));
        }
    }

    /** The command that lists clusters. */
    @Command(
            name = "clusters",
            mixinStandardHelpOptions = true,
            description = "Lists name, status, counts and ARN of each cluster.")
    static final class Clusters implements Callable<Integer> {

        @ParentCommand
        private ListTool tool = new ListTool();

        @Option(names = "--status", description = "Only those with this status, such as active.")
        private String status = "";

        @Override
        public Integer call() throws Exception {
            StateServerClient client = tool.client();
            return tool.show(() -> Rows.ofClusters(client.items("clusters", "status", status)));
        }
    }
}
