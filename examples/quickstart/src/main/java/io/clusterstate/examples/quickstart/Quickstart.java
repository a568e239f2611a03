package io.clusterstate.examples.quickstart;

import io.clusterstate.ClusterMirror;
import io.clusterstate.SqsEventSource;
import io.clusterstate.simulator.Fault;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.Truth;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
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
    private static final Duration EQUAL_LIMIT = Duration.ofSeconds(60);
    private static final Duration RECONCILE_EVERY = Duration.ofSeconds(5);
    /** The simulated API answers from a state up to 5 s old, where the real one may be minutes behind. */
    private static final Duration SIMULATED_DELAY = Duration.ofSeconds(6);

    private static final int DIFFERENCES_SHOWN = 10;

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
            description = "Trouble to make: loss, duplicates, reorder, delay, stale_lists, throttling, vanish, errors; "
                    + "a list with commas, all, or none (default: ${DEFAULT-VALUE}).",
            defaultValue = "none")
    private String faults = "none";

    @Option(names = "--seed", description = "The simulator's dice (default: ${DEFAULT-VALUE}).", defaultValue = "1")
    private long seed;

    @Option(
            names = "--aws",
            description = "A real account, by the environment's credentials, instead of the simulator.")
    private boolean aws;

    @Option(names = "--queue", description = "With --aws: the name or URL of the queue that gets the ECS events.")
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
        try (World world = open();
                Stores stores = Stores.open(store, etcd);
                Mirrors all = new Mirrors(mirrors, () -> mirror(world, stores))) {
            all.start(READY_LIMIT);
            all.first().view().subscribe(changes.listener());
            world.simulator().ifPresent(simulator -> simulator.drive(rate));
            show(all.first(), changes);
            return world.simulator().map(simulator -> compare(simulator, all)).orElse(0);
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

    private ClusterMirror mirror(World world, Stores stores) {
        return ClusterMirror.builder()
                .ecs(world.ecs())
                .events(SqsEventSource.of(world.sqs(), world.queue()).waitingUpTo(Duration.ofSeconds(1)))
                .store(stores.newStore())
                .reconcileEvery(aws ? Duration.ofMinutes(5) : RECONCILE_EVERY)
                .consistencyAllowance(aws ? Duration.ofMinutes(5) : SIMULATED_DELAY)
                .build();
    }

    private World open() {
        if (!aws) {
            return World.simulated(Simulator.builder()
                    .seed(seed)
                    .clusters(clusters)
                    .tasks(tasks)
                    .faults(Fault.parse(faults))
                    .build());
        }
        if (queue == null) {
            throw new IllegalArgumentException("--queue: not given (expected: the queue's name, with --aws)");
        }
        return World.aws(queue, region);
    }

    private void show(ClusterMirror mirror, RecentChanges changes) throws InterruptedException {
        Screen screen = Screen.on(out);
        Instant end = clock.instant().plusSeconds(seconds);
        while (clock.instant().isBefore(end)) {
            screen.show(picture(mirror, changes.last()));
            TimeUnit.MILLISECONDS.sleep(screen.pause().toMillis());
        }
        screen.show(picture(mirror, changes.last()));
    }

    private Picture picture(ClusterMirror mirror, List<String> changes) {
        return new Picture(clock.instant(), mirror.view().snapshot(), mirror.status(), changes);
    }

    private int compare(Simulator simulator, Mirrors all) {
        simulator.settle(EQUAL_LIMIT);
        Truth truth = simulator.truth();
        List<String> differences = all.all().stream()
                .flatMap(mirror -> awaitEqual(mirror, truth).stream())
                .toList();
        all.report().forEach(out::println);
        if (!differences.isEmpty()) {
            out.printf("view differs from truth in %d places:%n", differences.size());
            differences.stream().limit(DIFFERENCES_SHOWN).forEach(each -> out.println("  " + each));
            return 1;
        }
        out.printf(
                "%s truth: tasks=%d instances=%d services=%d revision=%d events=%d%n",
                mirrors == 1 ? "view matches" : mirrors + " views match",
                truth.tasks().size(),
                truth.instances().size(),
                truth.services().size(),
                all.first().view().snapshot().revision(),
                truth.events().sent());
        return 0;
    }

    /** The differences once there are none, or at the end of the patience for events and listings still on their way. */
    private static List<String> awaitEqual(ClusterMirror mirror, Truth truth) {
        try {
            mirror.view().awaitUntil(now -> TruthCheck.differences(now, truth).isEmpty(), EQUAL_LIMIT);
            return List.of();
        } catch (TimeoutException e) {
            return TruthCheck.differences(mirror.view().snapshot(), truth);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of("interrupted before the two were equal");
        }
    }
}
