package io.clusterstate.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.PropagateTags;

/** Builds the initial world, in which everything has been running for some time and no event was sent. */
final class InitialWorld {
    private static final Duration OLDEST = Duration.ofDays(30);
    private static final int LARGEST_SERVICE = 40;
    private static final double ON_FARGATE = 0.45;
    private static final double ALONE = 0.15;
    private static final double TAKING_COMMANDS = 0.2;

    private final World world;
    private final TaskLifecycle tasks;
    private final HostLifecycle hosts;
    private final ServiceScheduler services;
    private final SimulatorConfig config;
    private final OptionalInt hostsPerCluster;
    private final List<TaskTemplate> pool = new ArrayList<>();
    private int groups;
    private int servicesAdded;

    InitialWorld(
            World world, TaskLifecycle tasks, HostLifecycle hosts, ServiceScheduler services, SimulatorConfig config) {
        this.world = world;
        this.tasks = tasks;
        this.hosts = hosts;
        this.services = services;
        this.config = config;
        this.hostsPerCluster = config.instancesPerCluster();
    }

    /** Builds the clusters. With a number of definitions, the tasks divide just as many among them. */
    void build() {
        int clusters = config.clusters();
        int taskCount = config.tasks();
        config.definitions().ifPresent(this::addFamilies);
        int largest = Math.max(1, Math.min(LARGEST_SERVICE, taskCount / Math.max(1, pool.size())));
        for (int i = 0; i < clusters; i++) {
            var cluster = world.add(Clusters.draft(world, i == 0 ? "default" : "sim-" + (i + 1)));
            useProviders(cluster);
            hostsPerCluster.ifPresent(count -> addHosts(cluster, count));
            int share = taskCount / clusters + (i < taskCount % clusters ? 1 : 0);
            if (pool.isEmpty()) {
                fill(cluster, share);
            } else {
                divide(cluster, share, largest);
            }
            cluster.hosts().values().forEach(this::count);
        }
        world.takeChangedServices();
    }

    private void useProviders(LiveCluster cluster) {
        if (!config.capacityProviders().isEmpty()) {
            var names = new ArrayList<>(Providers.FARGATE);
            names.addAll(config.capacityProviders());
            cluster.useProviders(names, List.of());
        }
    }

    private void addHosts(LiveCluster cluster, int count) {
        var shapes = InstanceType.values();
        for (int i = 0; i < count; i++) {
            hosts.foundRegistered(cluster, shapes[i % shapes.length], age());
        }
    }

    private void addFamilies(int count) {
        for (int i = 1; i <= count; i++) {
            var family = "family-" + i;
            pool.add(
                    i % 2 == 0
                            ? world.templates().hostedFamily(family)
                            : world.templates().interfacedFamily(family));
        }
    }

    /** Adds groups of equal size, each of the next definition: mostly services, and some tasks without a service. */
    private void divide(LiveCluster cluster, int taskCount, int size) {
        int left = taskCount;
        for (int number = 1; left > 0; number++) {
            var template = pool.get(groups++ % pool.size());
            int count = Math.min(left, size);
            boolean onFargate = template.fitsFargate() && world.random().chance(ON_FARGATE);
            if (number % 6 == 0) {
                addLoose(cluster, count, template, onFargate);
            } else if (onFargate || room(cluster, template).isEmpty()) {
                addFargateService(cluster, number, count, runnableOnFargate(template));
            } else {
                count = addHostedService(cluster, number, count, template);
            }
            left -= Math.max(1, count);
        }
    }

    private TaskTemplate runnableOnFargate(TaskTemplate wanted) {
        return wanted.fitsFargate() ? wanted : pool.get(0);
    }

    private void addLoose(LiveCluster cluster, int size, TaskTemplate template, boolean onFargate) {
        for (int i = 0; i < size; i++) {
            var host = onFargate ? Optional.<LiveHost>empty() : room(cluster, template);
            var startedBy = "cron-" + world.random().below(20);
            found(
                    cluster,
                    host.map(it -> TaskStart.alone(template, startedBy, it.take(template)))
                            .orElseGet(() -> TaskStart.alone(runnableOnFargate(template), startedBy, null)));
        }
    }

    private void fill(LiveCluster cluster, int taskCount) {
        int largest = Math.max(1, Math.min(LARGEST_SERVICE, taskCount / 6));
        int left = taskCount;
        for (int number = 1; left > 0; number++) {
            int size = Math.min(left, world.random().between(1, largest));
            left -= number > 2 && world.random().chance(ALONE)
                    ? addLoose(cluster, size)
                    : addService(cluster, number, size);
        }
    }

    private int addService(LiveCluster cluster, int number, int size) {
        // every kind of service exists, however small the world
        boolean onFargate = number <= 2 ? number == 2 : world.random().chance(ON_FARGATE);
        var family = cluster.name() + "-svc-" + number;
        if (onFargate) {
            return addFargateService(cluster, number, size, world.templates().interfacedFamily(family));
        }
        var template = world.templates().hostedFamily(family);
        if (room(cluster, template).isEmpty()) {
            return addFargateService(cluster, number, size, world.templates().interfacedFamily(family));
        }
        return addHostedService(cluster, number, size, template);
    }

    private int addHostedService(LiveCluster cluster, int number, int size, TaskTemplate template) {
        var service = addService(cluster, "hosted-" + number, size, LaunchType.EC2, template);
        for (int placed = 0; placed < size; placed++) {
            var host = room(cluster, template);
            if (host.isEmpty()) {
                service.scale(placed);
                service.becomeSteady(true);
                return placed;
            }
            var provider =
                    service.strategy().isEmpty() ? null : host.get().instance().capacityProviderName();
            found(cluster, TaskStart.of(service.primary(), host.get().take(template), provider));
        }
        return size;
    }

    private int addFargateService(LiveCluster cluster, int number, int size, TaskTemplate template) {
        var service = addService(cluster, "fargate-" + number, size, LaunchType.FARGATE, template);
        for (int i = 0; i < size; i++) {
            var provider = Providers.next(service.strategy(), service.primary().tasks());
            found(cluster, TaskStart.of(service.primary(), null, provider));
        }
        return size;
    }

    private LiveService addService(
            LiveCluster cluster, String name, int size, LaunchType launchType, TaskTemplate template) {
        var since = world.now().minus(age());
        var draft = Services.draft(world, cluster, name, launchType, since)
                .desiredCount(size)
                .tags(Services.tag("team", "team-" + world.random().below(12)))
                .enableExecuteCommand(world.random().chance(TAKING_COMMANDS))
                .propagateTags(world.random().chance(0.5) ? PropagateTags.SERVICE : PropagateTags.NONE);
        if (template.awsvpc()
                && template.parts().get(0).firstPort() > 0
                && world.random().chance(0.5)) {
            draft.loadBalancers(Services.balancer(world, template));
        }
        if (!config.capacityProviders().isEmpty() && ++servicesAdded % 2 == 0) {
            var names = launchType == LaunchType.FARGATE ? Providers.FARGATE : config.capacityProviders();
            draft.launchType((LaunchType) null)
                    .capacityProviderStrategy(
                            names.stream().map(InitialWorld::equalShare).toList());
        }
        return services.found(cluster, draft.build(), template, since);
    }

    private static CapacityProviderStrategyItem equalShare(String provider) {
        return CapacityProviderStrategyItem.builder()
                .capacityProvider(provider)
                .weight(1)
                .base(0)
                .build();
    }

    /** Adds tasks without a service: some on Fargate, the others on hosts as far as there is room. */
    private int addLoose(LiveCluster cluster, int size) {
        var hosted = world.templates().known("worker");
        var fargate = world.templates().known("batch");
        for (int i = 0; i < size; i++) {
            var host = world.random().chance(ON_FARGATE) ? Optional.<LiveHost>empty() : room(cluster, hosted);
            var startedBy = "cron-" + world.random().below(20);
            var start = host.map(it -> TaskStart.alone(hosted, startedBy, it.take(hosted)))
                    .orElseGet(() -> TaskStart.alone(fargate, startedBy, null));
            found(cluster, start);
        }
        return size;
    }

    private Optional<LiveHost> room(LiveCluster cluster, TaskTemplate template) {
        var room = cluster.roomFor(template);
        if (room.isPresent() || hostsPerCluster.isPresent()) {
            return room;
        }
        return Optional.of(hosts.foundRegistered(cluster, InstanceType.suiting(template, world.random()), age()));
    }

    private void found(LiveCluster cluster, TaskStart start) {
        tasks.foundRunning(cluster, start, age());
    }

    private void count(LiveHost host) {
        long version = host.tasks().size() * 3L + world.random().between(1, 20_000);
        world.enter(host, host.recounted().toBuilder().version(version).build());
    }

    private Duration age() {
        return Duration.ofMinutes(2).plus(world.random().upTo(OLDEST));
    }
}
