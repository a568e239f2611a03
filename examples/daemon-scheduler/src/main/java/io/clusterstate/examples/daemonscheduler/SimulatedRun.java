package io.clusterstate.examples.daemonscheduler;

import static java.util.stream.Collectors.groupingBy;

import io.clusterstate.ecs.Capacity;
import io.clusterstate.simulator.Fault;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.Truth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * A simulated ECS for a run of the scheduler: instances come, drain and lose their agents, and daemon tasks end or are
 * lost. It judges the run by the simulator's truth alone.
 *
 * <p>Thread: one thread at a time.
 */
final class SimulatedRun implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SimulatedRun.class);

    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final int LOOKS_BETWEEN_ACCIDENTS = 25;
    private static final Duration STEPS = Duration.ofMillis(100);
    /** Every view has heard of a task by then, although events are late or lost. */
    private static final Duration KNOWN_AFTER = Duration.ofSeconds(12);

    /** One accident of so many loses a task; the others stop it. */
    private static final int LOSSES_AMONG = 4;

    /** So little that it fits on every instance, however full. */
    private static final int MEMORY = 16;

    private final Simulator simulator;
    private final EcsClient ecs;
    private final Daemon daemon;
    private final Random random;
    /** The meaning of the daemon's expression, said otherwise. */
    private final Predicate<ContainerInstance> matching;

    private final TaskHistory history;
    private final Thread watcher = new Thread(this::watch, "task-history");
    private volatile boolean hasAccidents;

    /** A simulator that has started, without any activity and fault. */
    SimulatedRun(Daemon daemon, Predicate<ContainerInstance> matching, long seed, int instances) {
        this.daemon = daemon;
        this.matching = matching;
        this.random = new Random(seed);
        this.history = new TaskHistory(daemon::isOwn);
        this.simulator = Simulator.builder()
                .seed(seed)
                .clusters(1)
                .instancesPerCluster(instances)
                .tasks(instances)
                .timePerStatus(STEPS)
                .build();
        simulator.start();
        this.ecs = EcsClient.builder()
                .endpointOverride(simulator.ecsEndpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
        ContainerDefinition container = ContainerDefinition.builder()
                .name("daemon")
                .image("daemon:1")
                .cpu(0)
                .memory(MEMORY)
                .build();
        ecs.registerTaskDefinition(request ->
                request.family(daemon.taskDefinition().split(":", 2)[0]).containerDefinitions(container));
        watcher.setDaemon(true);
        watcher.start();
    }

    Simulator simulator() {
        return simulator;
    }

    TaskHistory history() {
        return history;
    }

    /** Begins the activity and the accidents. */
    void drive(double eventsPerSecond, Set<Fault> faults) {
        simulator.faults().use(faults);
        simulator.drive(eventsPerSecond);
        hasAccidents = true;
    }

    /** Ends faults, activity and accidents; tasks still take their steps. */
    void calm() {
        hasAccidents = false;
        simulator.faults().use(Set.of());
        simulator.drive(0);
    }

    private void watch() {
        try {
            for (int looks = 1; !Thread.interrupted(); looks++) {
                Truth truth = simulator.truth();
                history.add(truth);
                if (hasAccidents && looks % LOOKS_BETWEEN_ACCIDENTS == 0) {
                    accident(truth);
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops a daemon task, or loses it without an event, which a scheduler finds hardest. */
    private void accident(Truth truth) {
        List<Task> live = live(truth);
        if (live.isEmpty()) {
            return;
        }
        Task victim = live.get(random.nextInt(live.size()));
        boolean isKnown = victim.createdAt().isBefore(truth.at().minus(KNOWN_AFTER));
        if (isKnown && simulator.faults().inUse().contains(Fault.VANISH) && random.nextInt(LOSSES_AMONG) == 0) {
            simulator.vanishTask(victim.taskArn());
        } else {
            stop(victim.taskArn());
        }
    }

    private void stop(String taskArn) {
        try {
            ecs.stopTask(
                    request -> request.cluster(daemon.cluster()).task(taskArn).reason("an accident"));
        } catch (SdkException e) {
            LOG.debug("{}: not stopped: {}", taskArn, e.getMessage());
        }
    }

    private List<Task> live(Truth truth) {
        return truth.tasks().stream()
                .filter(daemon::isOwn)
                .filter(task -> !task.lastStatus().equals("STOPPED"))
                .toList();
    }

    /** Waits until each instance has what it is to have; returns what is wrong at the limit. */
    List<String> awaitOnePerInstance(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        List<String> wrong = wrong();
        while (!wrong.isEmpty() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
            wrong = wrong();
        }
        return wrong;
    }

    /** The instances that have not exactly one running task, or some although they drain. */
    private List<String> wrong() {
        Truth truth = simulator.truth();
        Map<String, List<Task>> live = live(truth).stream().collect(groupingBy(Task::containerInstanceArn));
        List<String> wrong = new ArrayList<>();
        for (ContainerInstance instance : truth.instances()) {
            List<Task> own = live.getOrDefault(instance.containerInstanceArn(), List.of());
            boolean hasOne = own.size() == 1 && own.get(0).lastStatus().equals("RUNNING");
            boolean isServed = instance.status().equals("ACTIVE") && matching.test(instance);
            boolean isRight = isServed ? hasOne || !instance.agentConnected() : own.isEmpty();
            if (!isRight) {
                wrong.add(instance.containerInstanceArn() + ", " + instance.status() + ", free: "
                        + Capacity.remaining(instance) + ": "
                        + own.stream()
                                .map(task -> task.taskArn() + " " + task.lastStatus())
                                .toList());
            }
        }
        return wrong;
    }

    /** The number of instances that have a task. */
    long instances() {
        return live(simulator.truth()).size();
    }

    @Override
    public void close() {
        watcher.interrupt();
        ecs.close();
        simulator.close();
    }
}
