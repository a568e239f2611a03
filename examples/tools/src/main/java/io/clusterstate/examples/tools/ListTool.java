package io.clusterstate.examples.tools;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Lists the tasks or the container instances of a state server. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        subcommands = {ListTool.Tasks.class, ListTool.Instances.class},
        synopsisSubcommandLabel = "(tasks | instances)",
        description = "Lists the tasks or the container instances that a state server knows.")
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
            description = "Print an array of JSON objects instead of a table.")
    private boolean json;

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
        throw new CommandLine.ParameterException(spec.commandLine(), "(expected: tasks or instances)");
    }

    private StateServerClient client() {
        return new StateServerClient(url);
    }

    private void show(Rows rows) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? rows.json() : rows.table());
        out.flush();
    }

    /** The command that lists tasks, with the host of each. */
    @Command(
            name = "tasks",
            mixinStandardHelpOptions = true,
            description = "Lists host, cluster, status, started-by and ARN of each task.")
    static final class Tasks implements Callable<Integer> {

        @ParentCommand
        private ListTool tool = new ListTool();

        @Option(names = "--cluster", description = "Only those of this cluster, by name or ARN.")
        private String cluster = "";

        @Option(names = "--status", description = "Only those with this status, such as running.")
        private String status = "";

        @Option(names = "--started-by", description = "Only tasks with this startedBy.")
        private String startedBy = "";

        @Override
        public Integer call() throws IOException, InterruptedException {
            StateServerClient client = tool.client();
            tool.show(Rows.ofTasks(
                    client.items("tasks", "cluster", cluster, "status", status, "startedBy", startedBy),
                    client.items("instances", "cluster", cluster)));
            return CommandLine.ExitCode.OK;
        }
    }

    /** The command that lists container instances. */
    @Command(
            name = "instances",
            mixinStandardHelpOptions = true,
            description = "Lists host, cluster, status, running tasks and ARN of each container instance.")
    static final class Instances implements Callable<Integer> {

        @ParentCommand
        private ListTool tool = new ListTool();

        @Option(names = "--cluster", description = "Only those of this cluster, by name or ARN.")
        private String cluster = "";

        @Option(names = "--status", description = "Only those with this status, such as active.")
        private String status = "";

        @Override
        public Integer call() throws IOException, InterruptedException {
            tool.show(Rows.ofInstances(tool.client().items("instances", "cluster", cluster, "status", status)));
            return CommandLine.ExitCode.OK;
        }
    }
}
