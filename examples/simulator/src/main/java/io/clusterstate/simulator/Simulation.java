package io.clusterstate.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/** The world and everything that changes it. All methods, and actions given to {@link #act}, run under a lock. */
final class Simulation {
    private static final double TASKS_VANISH = 0.05;
    private static final double HOSTS_VANISH = 0.005;
    /** Makes the random choices of stray events independent of those of the world, from an equal seed. */
    private static final long STRAYS = 0x5DEECE66DL;

    private final World world;
    private final StepSchedule schedule = new StepSchedule();
    private final TaskLifecycle tasks;
    private final HostLifecycle hosts;
    private final ServiceScheduler services;
    private final ActivityGenerator activity;
    private final Faults faults;
    private final Outbox outbox;
    private final StrayEvents strayEvents;
    private final Randomness faultRandom;

    Simulation(SimulatorConfig config, Faults faults) {
        this.faults = faults;
        var random = new Randomness(config.seed());
        this.faultRandom = random.fork();
        this.outbox = new Outbox(faults, config.clock(), random.fork(), config.withSqs());
        var staleness = new Staleness(faults, config.clock(), random.fork());
        var archive = new Archive();
        this.world = new World(config, random, new EventWriter(random.fork(), archive, this::send), staleness);
        this.strayEvents =
                new StrayEvents(world.arns(), archive, this::isKnown, new Randomness(config.seed() ^ STRAYS));
        this.tasks = new TaskLifecycle(world, schedule, faults, config.timePerStatus());
        this.hosts = new HostLifecycle(world, tasks, config.capacityProviders());
        this.services = new ServiceScheduler(world, tasks);
        this.activity = new ActivityGenerator(world, tasks, hosts, services);
        new InitialWorld(world, tasks, hosts, services, config).build();
        activity.survey();
    }

    Outbox outbox() {
        return outbox;
    }

    Faults faults() {
        return faults;
    }

    World world() {
        return world;
    }

    TaskLifecycle tasks() {
        return tasks;
    }

    HostLifecycle hosts() {
        return hosts;
    }

    ServiceScheduler services() {
        return services;
    }

    /** Runs an action in the world, and then a pass of the service scheduler. */
    synchronized <T> T act(Supplier<T> action) {
        world.expire();
        var result = action.get();
        services.pass();
        return result;
    }

    /** Takes all steps that are due, and starts a single random change. */
    synchronized void step() {
        tick();
        act(() -> {
            activity.act();
            if (faults.has(Fault.VANISH)) {
                vanishSomething();
            }
            return true;
        });
    }

    /** Takes all steps of tasks that are due. */
    synchronized void tick() {
        world.expire();
        Instant now = world.now();
        for (var due = schedule.nextDue(now); due.isPresent(); due = schedule.nextDue(now)) {
            tasks.advance(due.get());
            services.pass();
        }
    }

    /** Takes all steps of tasks within a time, each at its own moment, and moves the clock by that time. */
    synchronized void advance(StandingClock clock, Duration time) {
        Instant end = clock.instant().plus(time);
        var next = schedule.earliest();
        while (next.isPresent() && !next.get().isAfter(end)) {
            clock.moveTo(next.get());
            tick();
            next = schedule.earliest();
        }
        clock.moveTo(end);
        tick();
    }

    /** Whether there is an ACTIVE cluster. */
    synchronized boolean isInhabited() {
        return !world.activeClusters().isEmpty();
    }

    /** The number of events so far and of those that scheduled steps will make. */
    synchronized long committedEvents() {
        return outbox.counts().emitted() + schedule.expectedEvents();
    }

    synchronized Truth truth() {
        world.expire();
        List<Cluster> clusters = new ArrayList<>();
        List<Task> allTasks = new ArrayList<>();
        List<ContainerInstance> instances = new ArrayList<>();
        List<Service> allServices = new ArrayList<>();
        Map<String, String> clusterArnOf = new HashMap<>();
        for (var cluster : world.clusters()) {
            clusters.add(cluster.view());
            cluster.tasks().values().forEach(it -> allTasks.add(it.task()));
            cluster.services().forEach(it -> allServices.add(it.view()));
            for (var host : cluster.hosts().values()) {
                instances.add(host.instance());
                clusterArnOf.put(host.arn(), cluster.arn());
            }
        }
        return new Truth(world.now(), clusters, allTasks, instances, allServices, clusterArnOf, outbox.counts());
    }

    boolean vanishTask(String arn) {
        return withTask(arn, tasks::vanish);
    }

    boolean reportHealth(String arn, HealthStatus health) {
        return withTask(arn, task -> tasks.reportHealth(task, health));
    }

    boolean reportHealth(String arn, String container, HealthStatus health) {
        return act(() -> world.clusters().stream()
                .flatMap(it -> it.task(arn).stream())
                .findFirst()
                .filter(task -> tasks.reportHealth(task, container, health))
                .isPresent());
    }

    boolean drainInstance(String arn) {
        return act(() -> {
            var host = world.clusters().stream()
                    .flatMap(it -> it.host(arn).stream())
                    .filter(LiveHost::isListed)
                    .findFirst();
            host.ifPresent(it -> hosts.setStatus(it, Status.DRAINING));
            return host.isPresent();
        });
    }

    boolean vanishInstance(String arn) {
        return act(() -> {
            var host = world.clusters().stream()
                    .flatMap(it -> it.host(arn).stream())
                    .findFirst();
            host.ifPresent(hosts::vanish);
            return host.isPresent();
        });
    }

    boolean vanishService(String arn) {
        return act(() -> {
            var service = world.clusters().stream()
                    .flatMap(it -> it.service(arn).stream())
                    .findFirst();
            service.ifPresent(services::vanish);
            return service.isPresent();
        });
    }

    boolean vanishCluster(String arn) {
        return act(() -> {
            var cluster = world.cluster(arn);
            cluster.ifPresent(this::vanish);
            return cluster.isPresent();
        });
    }

    private void send(EcsEvent event) {
        outbox.add(event);
        if (faults.has(Fault.FOREIGN)) {
            strayEvents.beside(event).ifPresent(outbox::addStray);
        }
    }

    private boolean isKnown(String arn) {
        return world.clusters().stream()
                .anyMatch(it -> it.task(arn).isPresent() || it.host(arn).isPresent());
    }

    private void vanish(LiveCluster cluster) {
        List.copyOf(cluster.tasks().values()).forEach(tasks::vanish);
        List.copyOf(cluster.hosts().values()).forEach(hosts::vanish);
        List.copyOf(cluster.services()).forEach(world::vanish);
        world.vanish(cluster);
    }

    private boolean withTask(String arn, Consumer<LiveTask> action) {
        return act(() -> {
            var task = world.clusters().stream()
                    .flatMap(it -> it.task(arn).stream())
                    .findFirst();
            task.ifPresent(action);
            return task.isPresent();
        });
    }

    private void vanishSomething() {
        if (world.activeClusters().isEmpty()) {
            return;
        }
        var cluster = faultRandom.oneOf(world.activeClusters());
        if (faultRandom.chance(TASKS_VANISH)) {
            cluster.anyService(faultRandom)
                    .flatMap(it -> it.primary().tasks().stream().findFirst())
                    .ifPresent(tasks::vanish);
        }
        if (faultRandom.chance(HOSTS_VANISH) && !cluster.open().isEmpty()) {
            hosts.vanish(faultRandom.oneOf(cluster.open()));
        }
    }
}
