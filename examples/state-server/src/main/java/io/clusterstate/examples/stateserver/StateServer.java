package io.clusterstate.examples.stateserver;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;

/** The command line. */
@Command(
        name = "state-server",
        mixinStandardHelpOptions = true,
        versionProvider = StateServer.Version.class,
        sortOptions = false,
        description = {
            "Serves the state of ECS clusters over HTTP: REST v1, streams, /metrics and a page at /.",
            "It takes in ECS events from an SQS queue, repairs through the ECS API, and answers from memory.",
            ""
        },
        footer = {
            "",
            "Every flag is also an environment variable: CSS_ and the flag's name in capitals, such as "
                    + "CSS_ETCD_ENDPOINT=a:2379,b:2379 or CSS_SIMULATE=true; the command line wins.",
            "AWS: by the SDK's own variables, such as AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL_ECS and "
                    + "AWS_ENDPOINT_URL_SQS. ECS_ENDPOINT is understood as well.",
            "",
            "Examples:",
            "  state-server --simulate",
            "  AWS_REGION=eu-west-1 state-server --queue css_queue",
            "  state-server --queue css_queue --etcd-endpoint 10.0.0.5:2379 --bind 0.0.0.0:3000"
        })
public final class StateServer implements Callable<Integer> {

    @Mixin
    private Options options = new Options();

    private final Map<String, String> environment;

    StateServer(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Serves until the process is told to end.
     *
     * @param arguments see {@code --help}
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

    /** What failed, with its cause where that says more, and without a trace: it is for the person who started this. */
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

    /** Before the first logger is made. */
    private void configureLog() {
        System.setProperty("css.log.level", options.logLevel.name());
        if (options.logFile != null) {
            System.setProperty("css.log.file", options.logFile.toString());
            System.setProperty("logback.configurationFile", "logback-file.xml");
        }
    }

    /** What this was built as. */
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
