package io.clusterstate.examples.quickstart;

import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.simulator.Fault;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.sqs.SqsEventSource;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Mirrors an ECS, simulated or real, and shows it live; in the end compares the view with the simulator's truth. */
@Command(
        name = "quickstart",
        mixinStandardHelpOptions = true,
        description =
                "Mirrors an ECS, simulated unless --aws is given, and shows it live. "
                        + "In the end it compares the view with the simulator's truth: exit code 0 if they are equal, 1 if not.")
public final class Quickstart implements Callable<Integer> {

    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    /** The view is compared with the truth field by field. */
    private static final int ALL_SERVICE_EVENTS = 100;

    private static final Duration RECONCILE_EVERY = Duration.ofSeconds(5);
    /** The simulated API answers from a state up to 5 s old, where the real one may be minutes behind. */
    private static final Duration SIMULATED_DELAY = Duration.ofSeconds(6);

    private final PrintStream out;
    private final InstantSource clock;

    @Option(names = "--seconds", description = "How long to run (default: ${DEFAULT-VALUE}).", defaultValue = "20")
    private int seconds;

    @Option(names = "--clusters", description = "Simulated clusters (default: ${DEFAULT-VALUE}).", defaultValue = "3")
    private int clusters;

    @Option(names = "--tasks", description = "Simulated tasks (default: ${DEFAULT-VALUE}).", defaultValue = "1000")
    private int tasks;

    @Option(
            names = "--rate",
            description = "Simulated events a second (default: ${DEFAULT-VALUE}).",
            defaultValue = "50")
    private double rate;

    @Option(
            names = "--faults",
            description = "Trouble to make: loss, duplicates, reorder, delay, stale_lists, throttling, vanish, errors, "
                    + "foreign (events of other accounts, Regions and of the past, and clocks that jump); "
                    + "a list with commas, all, or none (default: ${DEFAULT-VALUE}).",
            defaultValue = "none")
    private String faults = "none";

    @Option(names = "--seed", description = "The simulator's dice (default: ${DEFAULT-VALUE}).", defaultValue = "1")
    private long seed;

    @Option(
            names = "--aws",
            description = "A real account, by the environment's credentials, instead of the simulator.")
    private boolean aws;

    @Option(names = "--queue", description = "With --aws: the name, URL or ARN of the queue that gets the ECS events.")
    private @Nullable String queue;

    @Option(names = "--region", description = "With --aws: the Region (default: the environment's).")
    private @Nullable String region;

    @Option(
            names = "--store",
            description = "memory, or etcd: a real one, which is started here unless --etcd names one "
                    + "(default: ${DEFAULT-VALUE}).",
            defaultValue = "memory")
    private Stores.Kind store = Stores.Kind.MEMORY;

    @Option(names = "--etcd", description = "With --store etcd: the address of an etcd that is there.")
    private @Nullable String etcd;

    @Option(
            names = "--mirrors",
            description = "With --store etcd: how many mirrors share the queue (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private int mirrors = 1;

    Quickstart(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    /**
     * Runs the quickstart.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(commandLine(System.out).execute(arguments));
    }

    static CommandLine commandLine(PrintStream out) {
        CommandLine line = new CommandLine(new Quickstart(out, InstantSource.system()));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("quickstart: " + failure.getMessage());
            return command.getCommandSpec().exitCodeOnExecutionException();
        });
        return line;
    }

    @Override
    public Integer call() throws InterruptedException, TimeoutException {
        requireSense();
        RecentChanges changes = new RecentChanges();
        HostClocks clocks = new HostClocks(clock, trouble().contains(Fault.FOREIGN), seed);
        try (EcsAccess ecsAccess = open();
                Stores stores = Stores.open(store, etcd);
                Mirrors all = new Mirrors(mirrors, () -> mirror(ecsAccess, stores, clocks.next()))) {
            all.start(READY_LIMIT);
            all.first().view().subscribe(changes.listener());
            ecsAccess.simulator().ifPresent(simulator -> simulator.drive(rate));
            show(all.first(), changes, clocks.first());
            boolean isRight = aws
                    || new FinalCheck(out, clock).isEqual(ecsAccess.simulator().orElseThrow(), all, clocks);
            return isRight ? 0 : 1;
        }
    }

    private void requireSense() {
        if (mirrors < 1 || (mirrors > 1 && store == Stores.Kind.MEMORY)) {
            throw new IllegalArgumentException(
                    "--mirrors: " + mirrors + " (expected: 1, or more with --store etcd, which they share)");
        }
        if (etcd != null && store != Stores.Kind.ETCD) {
            throw new IllegalArgumentException("--etcd: " + etcd + " (expected: with --store etcd)");
        }
    }

    private ClusterMirror mirror(EcsAccess ecsAccess, Stores stores, InstantSource hostClock) {
        return ClusterMirror.builder()
                .ecs(ecsAccess.ecs())
                .events(SqsEventSource.of(ecsAccess.sqs(), ecsAccess.queue()).waitingUpTo(Duration.ofSeconds(1)))
                .store(stores.newStore())
                .clock(hostClock)
                .reconcileEvery(aws ? Duration.ofMinutes(5) : RECONCILE_EVERY)
                .consistencyAllowance(aws ? Duration.ofMinutes(5) : SIMULATED_DELAY)
                .serviceEvents(ALL_SERVICE_EVENTS)
                .build();
    }

    private Set<Fault> trouble() {
        return aws ? Set.of() : Fault.parse(faults);
    }

    private EcsAccess open() {
        if (!aws) {
            return EcsAccess.simulated(Simulator.builder()
                    .seed(seed)
                    .clusters(clusters)
                    .tasks(tasks)
                    .faults(trouble())
                    .build());
        }
        if (queue == null) {
            throw new IllegalArgumentException("--queue: not given (expected: the queue's name, with --aws)");
        }
        return EcsAccess.aws(queue, region);
    }

    /** Shows the state until the time is up; ages are as of the mirror's host, whose clock may be wrong. */
    private void show(ClusterMirror mirror, RecentChanges changes, InstantSource hostClock)
            throws InterruptedException {
        Screen screen = Screen.on(out);
        Instant end = clock.instant().plusSeconds(seconds);
        while (clock.instant().isBefore(end)) {
            screen.show(picture(mirror, changes.last(), hostClock));
            TimeUnit.MILLISECONDS.sleep(screen.pause().toMillis());
        }
        screen.show(picture(mirror, changes.last(), hostClock));
    }

    private static ViewSummary picture(ClusterMirror mirror, List<String> changes, InstantSource hostClock) {
        return new ViewSummary(hostClock.instant(), mirror.view().snapshot(), mirror.status(), changes);
    }
}
