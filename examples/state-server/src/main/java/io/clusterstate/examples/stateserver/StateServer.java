package io.clusterstate.examples.stateserver;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line of the state server. */
@Command(
        name = "state-server",
        mixinStandardHelpOptions = true,
        versionProvider = StateServer.Version.class,
        sortOptions = false,
        description = {
            "Serves the state of ECS clusters over HTTP: REST v1, streams, /metrics and a page at /.",
            "It reads ECS events from an SQS queue, reconciles with the ECS API, and answers from memory.",
            ""
        },
        footer = {
            "",
            "Every option is also an environment variable: CSS_ and the option's name in capitals, "
                    + "such as CSS_ETCD_ENDPOINT=a:2379,b:2379 or CSS_SIMULATE=true. The command line wins.",
            "AWS is configured by the SDK's own variables, such as AWS_REGION, AWS_PROFILE, "
                    + "AWS_ENDPOINT_URL_ECS and AWS_ENDPOINT_URL_SQS. ECS_ENDPOINT works as well.",
            "",
            "Examples:",
            "  state-server --simulate",
            "  AWS_REGION=eu-west-1 state-server --queue css_queue",
            "  state-server --queue css_queue --etcd-endpoint etcd:2379 --bind 0.0.0.0:3000"
        })
public final class StateServer implements Callable<Integer> {

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Mixin
    private Options options = new Options();

    private final Map<String, String> environment;

    StateServer(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Runs the command and exits the JVM with its exit code.
     *
     * @param arguments the command line; {@code --help} lists the options
     */
    public static void main(String[] arguments) {
        System.exit(commandLine(System.getenv()).execute(arguments));
    }

    static CommandLine commandLine(Map<String, String> environment) {
        return commandLine(new StateServer(environment));
    }

    static CommandLine commandLine(StateServer server) {
        CommandLine line = new CommandLine(server);
        line.setDefaultValueProvider(new Environment(server.environment));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((mistake, arguments) -> {
            mistake.getCommandLine().getErr().println("state-server: " + mistake.getMessage() + " (see --help)");
            return mistake.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
        });
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("state-server: " + firstWords(failure));
            return failure instanceof IllegalArgumentException
                    ? command.getCommandSpec().exitCodeOnInvalidInput()
                    : command.getCommandSpec().exitCodeOnExecutionException();
        });
        return line;
    }

    Options options() {
        return options;
    }

    /** The message of a failure in a line, with its cause if that adds something, and without a stack trace. */
    private static String firstWords(Throwable failure) {
        Throwable cause = failure.getCause();
        String words = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return cause == null || cause.getMessage() == null ? words : words + ": " + cause.getMessage();
    }

    @Override
    public Integer call() throws InterruptedException {
        options.validate();
        configureLog();
        Server server = Server.start(options, environment.get("CSS_ETCD_PASSWORD"));
        if (options.simulate) {
            command.commandLine().getOut().println("A simulated ECS: " + url(options.address(), server.port()));
        }
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            server.close();
                            ended.countDown();
                        },
                        "css-stop"));
        ended.await();
        return CommandLine.ExitCode.OK;
    }

    /** The address of the page on this machine. */
    static String url(InetSocketAddress bound, int port) {
        InetAddress address = bound.getAddress();
        boolean isHere = address == null || address.isAnyLocalAddress() || address.isLoopbackAddress();
        return "http://" + (isHere ? "localhost" : bound.getHostString()) + ':' + port;
    }

    /** Configures the log. It must run before the first logger is made. */
    private void configureLog() {
        System.setProperty("css.log.level", options.logLevel.name());
        if (options.logFile != null) {
            System.setProperty("css.log.file", options.logFile.toString());
            System.setProperty("css.log.to", "file");
        } else if (Boolean.getBoolean("css.log.terminal")) {
            System.setProperty("css.log.to", "terminal");
        }
    }

    /** The version of the build. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() throws IOException {
            Properties built = new Properties();
            try (InputStream in = StateServer.class.getResourceAsStream("/state-server.properties")) {
                built.load(in);
            }
            return new String[] {"state-server " + built.getProperty("version")};
        }
    }
}
