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

/** Mirrors a simulated or a real ECS and shows it live. In the end it compares the view with the simulator's truth. */
@Command(
        name = "quickstart",
        mixinStandardHelpOptions = true,
        description = "Mirrors ECS and shows it live. ECS is simulated in this process unless --aws is given. "
                + "In the end the view is compared with the simulator's truth: exit code 0 if they are "
                + "equal, else 1; 2 if an option has no valid value.")
public final class Quickstart implements Callable<Integer> {

    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    /** As many as the simulator keeps, since the view is compared with the truth field by field. */
    private static final int ALL_SERVICE_EVENTS = 100;

    private static final Duration RECONCILE_EVERY = Duration.ofSeconds(5);
    /** The simulated API reports a state up to 5 s old, where the real API may lag by minutes. */
    private static final Duration SIMULATED_DELAY = Duration.ofSeconds(6);

    private final PrintStream out;
    private final InstantSource clock;

    @Option(names = "--seconds", description = "Seconds to run (default: ${DEFAULT-VALUE}).", defaultValue = "20")
    private int seconds;

    @Option(
            names = "--clusters",
            description = "Number of simulated clusters (default: ${DEFAULT-VALUE}).",
            defaultValue = "3")
    private int clusters;

    @Option(
            names = "--tasks",
            description = "Number of simulated tasks (default: ${DEFAULT-VALUE}).",
            defaultValue = "1000")
    private int tasks;

    @Option(
            names = "--rate",
            description = "Simulated events a second (default: ${DEFAULT-VALUE}).",
            defaultValue = "50")
    private double rate;

    @Option(
            names = "--faults",
            description = "Faults of the simulated ECS, separated by commas: loss, duplicates, reorder, delay, "
                    + "stale_lists, throttling, vanish, errors, foreign (events of other accounts and Regions, "
                    + "replayed events, and jumping clocks); or all, or none (default: ${DEFAULT-VALUE}).",
            defaultValue = "none")
    private String faults = "none";

    @Option(
            names = "--seed",
            description = "Seed of the simulator's random choices (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private long seed;

    @Option(
            names = "--aws",
            description = "Mirror a real account, with the environment's credentials, instead of the simulator.")
    private boolean aws;

    @Option(names = "--queue", description = "With --aws: name, URL or ARN of the queue that receives the ECS events.")
    private @Nullable String queue;

    @Option(names = "--region", description = "With --aws: Region (default: the environment's).")
    private @Nullable String region;

    @Option(
            names = "--store",
            description = "Store of the state: memory or etcd. A local etcd is started unless --etcd is given "
                    + "(default: ${DEFAULT-VALUE}).",
            defaultValue = "memory")
    private Stores.Kind store = Stores.Kind.MEMORY;

    @Option(names = "--etcd", description = "With --store etcd: address of a running etcd.")
    private @Nullable String etcd;

    @Option(
            names = "--mirrors",
            description = "With --store etcd: number of mirrors that share the queue (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private int mirrors = 1;

    Quickstart(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
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
        return Commands.lineOf(new Quickstart(out, InstantSource.system()));
    }

    @Override
    public Integer call() throws InterruptedException, TimeoutException {
        validate();
        RecentChanges changes = new RecentChanges();
        HostClocks clocks = new HostClocks(clock, simulatedFaults().contains(Fault.FOREIGN), seed);
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

    private void validate() {
        Commands.requireAtLeast(0, "--seconds", seconds);
        Commands.requireAtLeast(0, "--rate", rate);
        Commands.requireAtLeast(1, "--clusters", clusters);
        Commands.requireAtLeast(0, "--tasks", tasks);
        if (mirrors < 1 || (mirrors > 1 && store == Stores.Kind.MEMORY)) {
            throw new IllegalArgumentException("--mirrors: " + mirrors + " (expected: 1, or more with --store etcd)");
        }
        if (etcd != null && store != Stores.Kind.ETCD) {
            throw new IllegalArgumentException("--etcd: " + etcd + " (expected: none, or --store etcd)");
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

    private Set<Fault> simulatedFaults() {
        return aws ? Set.of() : Fault.parse(faults);
    }

    private EcsAccess open() {
        if (!aws) {
            return EcsAccess.simulated(Simulator.builder()
                    .seed(seed)
                    .clusters(clusters)
                    .tasks(tasks)
                    .faults(simulatedFaults())
                    .build());
        }
        if (queue == null) {
            throw new IllegalArgumentException("--queue: none (expected: the queue's name, URL or ARN, with --aws)");
        }
        return EcsAccess.aws(queue, region);
    }

    /** Shows the state until the time is up. Ages follow the clock of the mirror's host, which may be wrong. */
    private void show(ClusterMirror mirror, RecentChanges changes, InstantSource hostClock)
            throws InterruptedException {
        Screen screen = Screen.on(out);
        Instant end = clock.instant().plusSeconds(seconds);
        while (clock.instant().isBefore(end)) {
            screen.show(summary(mirror, changes.last(), hostClock));
            TimeUnit.MILLISECONDS.sleep(screen.pause().toMillis());
        }
        screen.show(summary(mirror, changes.last(), hostClock));
    }

    private static ViewSummary summary(ClusterMirror mirror, List<String> changes, InstantSource hostClock) {
        return new ViewSummary(hostClock.instant(), mirror.view().snapshot(), mirror.status(), changes);
    }
}
