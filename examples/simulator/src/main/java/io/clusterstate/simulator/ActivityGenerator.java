package io.clusterstate.simulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Generates random activity: each call starts a single change somewhere in the world. */
final class ActivityGenerator {
    /** The number of tasks without a service to keep in a world that began without any. */
    private static final int FEWEST_LOOSE = 10;

    private final World world;
    private final TaskLifecycle tasks;
    private final HostLifecycle hosts;
    private final ServiceScheduler services;
    private final List<LiveTask> loose = new ArrayList<>();
    private final Deque<LiveHost> draining = new ArrayDeque<>();
    private final Deque<LiveHost> disconnected = new ArrayDeque<>();
    private final Map<LiveCluster, Integer> usualHosts = new HashMap<>();
    private int looseTarget;

    ActivityGenerator(World world, TaskLifecycle tasks, HostLifecycle hosts, ServiceScheduler services) {
        this.world = world;
        this.tasks = tasks;
        this.hosts = hosts;
        this.services = services;
    }

    /** Counts the initial world. */
    void survey() {
        for (var cluster : world.clusters()) {
            usualHosts.put(cluster, cluster.hosts().size());
            cluster.tasks().values().stream()
                    .filter(it -> it.rollout().isEmpty())
                    .forEach(loose::add);
        }
        looseTarget = Math.max(FEWEST_LOOSE, loose.size());
    }

    void act() {
        if (replaceDrained() || reconnect() || world.activeClusters().isEmpty()) {
            return;
        }
        var cluster = world.random().oneOf(world.activeClusters());
        if (provision(cluster)) {
            return;
        }
        int roll = world.random().below(100);
        if (roll < 8) {
            deploy(cluster);
        } else if (roll < 25) {
            scale(cluster);
        } else if (roll < 50) {
            crash(cluster);
        } else if (roll < 55) {
            drain(cluster);
        } else if (roll < 68) {
            disconnect(cluster);
        } else {
            runOrFinish(cluster);
        }
    }

    private void deploy(LiveCluster cluster) {
        cluster.anyService(world.random()).ifPresent(service -> {
            var next = world.templates().nextRevision(service.primary().template());
            services.deploy(service, next);
        });
    }

    private void scale(LiveCluster cluster) {
        cluster.anyService(world.random()).ifPresent(service -> {
            int most = Math.max(2, service.usualCount() * 3 / 2);
            services.scale(service, world.random().between(Math.max(1, service.usualCount() / 2), most));
        });
    }

    private void crash(LiveCluster cluster) {
        cluster.anyService(world.random())
                .map(LiveService::primary)
                .filter(rollout -> !rollout.tasks().isEmpty())
                .ifPresent(rollout -> {
                    var task = world.random().oneOf(List.copyOf(rollout.tasks()));
                    rollout.countFailure();
                    tasks.stop(task, crashOf(task));
                });
    }

    private StopCause crashOf(LiveTask task) {
        if (!task.isRunning()) {
            return StopCause.failedToStart();
        }
        return world.random().chance(0.3) ? StopCause.outOfMemory() : StopCause.exited(1);
    }

    private void runOrFinish(LiveCluster cluster) {
        if (loose.size() < looseTarget || world.random().chance(0.5)) {
            run(cluster);
        } else {
            finish();
        }
    }

    private void run(LiveCluster cluster) {
        var startedBy = "cron-" + world.random().below(20);
        var hosted = world.templates().known("worker");
        var host = cluster.roomFor(hosted).filter(it -> world.random().chance(0.5));
        var start = host.map(it -> TaskStart.alone(hosted, startedBy, it.take(hosted)))
                .orElseGet(() -> TaskStart.alone(world.templates().known("batch"), startedBy, null));
        loose.add(tasks.start(cluster, start));
    }

    private void finish() {
        while (!loose.isEmpty()) {
            int index = world.random().below(loose.size());
            var task = loose.get(index);
            var last = loose.remove(loose.size() - 1);
            if (index < loose.size()) {
                loose.set(index, last);
            }
            if (!task.isStopping() && !task.isGone()) {
                tasks.stop(task, StopCause.exited(0));
                return;
            }
        }
    }

    /** Drains a host of a cluster that has other hosts. */
    private void drain(LiveCluster cluster) {
        if (cluster.open().size() < 2) {
            return;
        }
        var host = world.random().oneOf(cluster.open());
        draining.add(host);
        hosts.setStatus(host, Status.DRAINING);
        List.copyOf(host.tasks()).forEach(task -> tasks.stop(task, StopCause.exited(0)));
    }

    /** Deregisters the host that has been draining longest once it is empty, and registers a similar host. */
    private boolean replaceDrained() {
        var host = draining.peekFirst();
        if (host == null || !host.tasks().isEmpty()) {
            return false;
        }
        draining.removeFirst();
        if (!host.cluster().isActive()) {
            return false;
        }
        if (host.isListed() && !host.isGone()) {
            hosts.deregister(host);
        }
        hosts.registerLike(host);
        return true;
    }

    /**
     * Adds a host for a service that waits for room, as long as the cluster has few more hosts than at the beginning.
     */
    private boolean provision(LiveCluster cluster) {
        var waiting = cluster.nextWaiting();
        long most = usualHosts.getOrDefault(cluster, 0) * 5L / 4 + 2;
        if (waiting.isEmpty() || cluster.listedHosts() >= most) {
            return false;
        }
        hosts.register(cluster, InstanceType.suiting(waiting.get().primary().template(), world.random()));
        return true;
    }

    private void disconnect(LiveCluster cluster) {
        if (!cluster.open().isEmpty()) {
            var host = world.random().oneOf(cluster.open());
            disconnected.add(host);
            hosts.connect(host, false);
        }
    }

    private boolean reconnect() {
        if (disconnected.isEmpty() || world.random().chance(0.7)) {
            return false;
        }
        var host = disconnected.removeFirst();
        if (!host.isListed() || host.isGone() || host.instance().agentConnected()) {
            return false;
        }
        hosts.connect(host, true);
        return true;
    }
}
