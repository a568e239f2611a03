package io.clusterstate.simulator;

import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.VersionInfo;

/** Registers hosts, drains them, disconnects and reconnects their agents, and deregisters them. */
final class HostLifecycle {
    static final VersionInfo AGENT = VersionInfo.builder()
            .agentVersion("1.102.2")
            .agentHash("c7a1f0d2")
            .dockerVersion("DockerVersion: 25.0.14")
            .build();

    private final World world;
    private final TaskLifecycle tasks;
    private final List<String> providers;
    private int nextProvider;

    HostLifecycle(World world, TaskLifecycle tasks, List<String> providers) {
        this.world = world;
        this.tasks = tasks;
        this.providers = List.copyOf(providers);
    }

    LiveHost register(LiveCluster cluster, InstanceType shape) {
        return register(cluster, identity(Zones.any(world), shape));
    }

    /** Registers a host that equals another but for its ids. */
    LiveHost registerLike(LiveHost other) {
        var instance = other.instance();
        return register(
                other.cluster(),
                new Identity(
                        newInstanceId(),
                        other.zone(),
                        instance.registeredResources(),
                        instance.attributes(),
                        instance.versionInfo(),
                        instance.tags()));
    }

    LiveHost register(LiveCluster cluster, Identity identity) {
        var live = create(cluster, identity, Duration.ZERO);
        world.events().host(live);
        world.changedAll(cluster.waiting());
        return live;
    }

    /** Adds a host that has been registered for some time, without an event. */
    LiveHost foundRegistered(LiveCluster cluster, InstanceType shape, Duration age) {
        return create(cluster, identity(Zones.any(world), shape), age);
    }

    /** Sets the status to ACTIVE or DRAINING. The tasks of services leave a draining host. */
    void setStatus(LiveHost host, String status) {
        if (!host.instance().status().equals(status)) {
            world.change(host, next(host).status(status).build());
        }
        if (status.equals(Status.DRAINING)) {
            for (var task : List.copyOf(host.tasks())) {
                task.rollout()
                        .ifPresent(it -> tasks.stop(
                                task,
                                StopCause.byScheduler(
                                        "Service " + it.service().name() + ": instance " + host.arn() + " draining")));
            }
        } else {
            world.changedAll(host.cluster().waiting());
        }
    }

    /** Deregisters a host. Tasks still on it stop at once. */
    void deregister(LiveHost host) {
        List.copyOf(host.tasks()).forEach(task -> tasks.end(task, StopCause.hostGone()));
        world.change(
                host, next(host).status(Status.INACTIVE).agentConnected(false).build());
    }

    void connect(LiveHost host, boolean connected) {
        world.change(host, next(host).agentConnected(connected).build());
        if (connected) {
            world.changedAll(host.cluster().waiting());
        }
    }

    void vanish(LiveHost host) {
        List.copyOf(host.tasks()).forEach(tasks::vanish);
        world.vanish(host);
    }

    private LiveHost create(LiveCluster cluster, Identity identity, Duration age) {
        var now = world.now();
        var instance = ContainerInstance.builder()
                .containerInstanceArn(
                        world.arns().fresh("container-instance", cluster.name(), world.random(), world.nextIsShort()))
                .ec2InstanceId(identity.ec2InstanceId())
                .version(1L)
                .versionInfo(identity.agent())
                .registeredResources(identity.resources())
                .remainingResources(identity.resources())
                .status(Status.ACTIVE)
                .capacityProviderName(providers.isEmpty() ? null : providers.get(nextProvider++ % providers.size()))
                .agentConnected(true)
                .runningTasksCount(0)
                .pendingTasksCount(0)
                .attributes(identity.attributes())
                .attachments(List.of())
                .registeredAt(now.minus(age))
                .tags(identity.tags())
                .build();
        var live = new LiveHost(world.nextPosition(), cluster, instance, identity.zone(), now);
        world.add(live);
        return live;
    }

    private Identity identity(String zone, InstanceType shape) {
        var tags =
                List.of(Tag.builder().key("fleet").value(shape.instanceType()).build());
        return new Identity(
                newInstanceId(), zone, shape.resources(world.random()), shape.attributes(zone), AGENT, tags);
    }

    private static ContainerInstance.Builder next(LiveHost host) {
        return host.instance().toBuilder().version(host.instance().version() + 1);
    }

    String newInstanceId() {
        return "i-0" + world.random().hex(16);
    }

    /**
     * The identity of a host at registration.
     *
     * @param ec2InstanceId the id of the EC2 instance
     * @param zone the availability zone
     * @param resources the registered resources
     * @param attributes the attributes of the host
     * @param agent the versions of the agent and of Docker
     * @param tags the tags of the host
     */
    record Identity(
            String ec2InstanceId,
            String zone,
            List<Resource> resources,
            List<Attribute> attributes,
            VersionInfo agent,
            List<Tag> tags) {
        Identity {
            resources = List.copyOf(resources);
            attributes = List.copyOf(attributes);
            tags = List.copyOf(tags);
        }
    }
}
