package io.clusterstate.examples.quickstart;

import io.clusterstate.mirror.Clusters;
import io.clusterstate.preflight.MirrorPreflight;
import io.clusterstate.preflight.PreflightFinding.Outcome;
import io.clusterstate.preflight.PreflightReport;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.core.exception.SdkException;

/** Checks all that a mirror needs of an AWS account, and prints what mends each fault. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Checks all that a mirror needs of an AWS account: queue, policy, rule, rights, clock. Prints a "
                + "line for each check, and below a fault the command or statement that mends it.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all is well",
            "1:something is missing",
            "2:an option is wrong",
            "3:nothing is known to be missing, but a check could not look"
        },
        footer = {
            "",
            "Region, credentials and endpoints are those of the AWS SDK: AWS_REGION, AWS_PROFILE,",
            "AWS_ENDPOINT_URL_SQS, AWS_ENDPOINT_URL_ECS, AWS_ENDPOINT_URL_EVENTBRIDGE and so on."
        })
public final class Doctor implements Callable<Integer> {

    private static final int MISSING = 1;
    private static final int UNKNOWN = 3;
    private static final int LONGEST_WAIT = 20;

    private final PrintStream out;

    @Option(names = "--queue", paramLabel = "NAME", description = "Name, URL or ARN of the queue.")
    private @Nullable String queue;

    @Option(names = "--region", paramLabel = "REGION", description = "Region (default: the environment's).")
    private @Nullable String region;

    @Option(
            names = "--cluster",
            paramLabel = "CLUSTER",
            description = "A cluster that the mirror selects, by name or ARN. May be repeated (default: all).")
    private List<String> clusters = List.of();

    @Option(
            names = "--poll-wait",
            paramLabel = "SECONDS",
            defaultValue = "7",
            description = "The wait of the mirror's polls, 1 to 20 (default: ${DEFAULT-VALUE}).")
    private int pollWait = 7;

    @Option(names = "--task-definitions", description = "Try the right to DescribeTaskDefinition, too.")
    private boolean taskDefinitions;

    @Option(names = "--json", description = "Print a JSON object instead of lines.")
    private boolean json;

    @Option(names = "--simulate", description = "Check a simulated account, which needs no credentials.")
    private boolean simulate;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    Doctor(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs the command and exits the JVM with its exit code.
     *
     * @param arguments the command line; {@code --help} describes it
     */
    public static void main(String[] arguments) {
        System.exit(commandLine(System.out).execute(arguments));
    }

    static CommandLine commandLine(PrintStream out) {
        CommandLine line = new CommandLine(new Doctor(out));
        line.setParameterExceptionHandler((failure, arguments) -> {
            line.getErr().println("doctor: " + failure.getMessage());
            return CommandLine.ExitCode.USAGE;
        });
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("doctor: " + failure.getMessage());
            return failure instanceof SdkException ? UNKNOWN : CommandLine.ExitCode.USAGE;
        });
        return line;
    }

    @Override
    public Integer call() throws InterruptedException {
        validate();
        try (Account account = simulate ? Account.simulated() : Account.aws(String.valueOf(queue), region)) {
            PreflightReport report = preflight(account).run();
            out.print(json ? DoctorReport.json(report) : DoctorReport.text(report));
            out.flush();
            if (report.isReady()) {
                return CommandLine.ExitCode.OK;
            }
            return report.with(Outcome.MISSING).isEmpty() ? UNKNOWN : MISSING;
        }
    }

    private MirrorPreflight preflight(Account account) {
        MirrorPreflight preflight = MirrorPreflight.of(account.ecs(), account.sqs(), account.queue())
                .rules(account.rules())
                .pollWait(Duration.ofSeconds(pollWait));
        if (!clusters.isEmpty()) {
            preflight.clusters(Clusters.named(clusters.toArray(String[]::new)));
        }
        return taskDefinitions ? preflight.taskDefinitions() : preflight;
    }

    private void validate() {
        boolean isNamed = queue != null && !queue.isBlank();
        require(isNamed || simulate, "--queue: none (expected: the queue's name, URL or ARN)");
        require(
                !simulate || (queue == null && region == null),
                "--simulate: with --queue or --region (expected: alone, since the account is simulated)");
        require(
                pollWait >= 1 && pollWait <= LONGEST_WAIT,
                "--poll-wait: " + pollWait + " (expected: 1 to " + LONGEST_WAIT + ")");
    }

    private void require(boolean isRight, String otherwise) {
        if (!isRight) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
