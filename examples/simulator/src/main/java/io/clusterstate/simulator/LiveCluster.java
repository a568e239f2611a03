package io.clusterstate.simulator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.Cluster;

/** A cluster and everything in it. */
final class LiveCluster {
    /** The only key of the listing of clusters. */
    static final String LISTING = "clusters";

    private final long position;
    private final Map<String, LiveTask> tasks = new LinkedHashMap<>();
    private final Map<String, LiveHost> hosts = new LinkedHashMap<>();
    private final Map<String, LiveService> services = new LinkedHashMap<>();
    private final List<LiveService> activeServices = new ArrayList<>();
    private final Set<LiveService> waiting = new LinkedHashSet<>();
    private final List<LiveHost> open = new ArrayList<>();
    private final TaskCounts taskCounts = new TaskCounts();
    private final Listing<LiveTask> taskListing;
    private final Listing<LiveHost> hostListing;
    private final Listing<LiveService> serviceListing;
    private Cluster base;
    private int nextHost;

    LiveCluster(long position, Cluster base, Staleness staleness) {
        this.position = position;
        this.base = base;
        this.taskListing = new Listing<>("ListTasks", staleness);
        this.hostListing = new Listing<>("ListContainerInstances", staleness);
        this.serviceListing = new Listing<>("ListServices", staleness);
    }

    long position() {
        return position;
    }

    String name() {
        return base.clusterName();
    }

    String arn() {
        return base.clusterArn();
    }

    boolean isActive() {
        return base.status().equals(Status.ACTIVE);
    }

    /** Makes the cluster INACTIVE. Of its former entities it keeps only stopped tasks with tags, as ECS does. */
    void deactivate() {
        base = base.toBuilder().status(Status.INACTIVE).build();
        services.clear();
        activeServices.clear();
        waiting.clear();
        hosts.clear();
        open.clear();
        tasks.values().removeIf(it -> !it.isStopped() || it.task().tags().isEmpty());
    }

    /** The tasks by id, in the order of their start. */
    Map<String, LiveTask> tasks() {
        return tasks;
    }

    /** The container instances by id, in the order of registration. */
    Map<String, LiveHost> hosts() {
        return hosts;
    }

    /** The services of any status, in the order of creation. */
    Collection<LiveService> services() {
        return services.values();
    }

    /** Adds a service at the end, and removes a service of equal name. */
    void add(LiveService service) {
        services.remove(service.name());
        services.put(service.name(), service);
        activeServices.add(service);
    }

    /** Keeps a service only for Describe operations. */
    void retire(LiveService service) {
        activeServices.remove(service);
        waiting.remove(service);
    }

    /** Removes a service, but not a newer service of equal name. */
    void forget(LiveService service) {
        services.remove(service.name(), service);
    }

    /** A random ACTIVE service. */
    Optional<LiveService> anyService(Randomness random) {
        return activeServices.isEmpty() ? Optional.empty() : Optional.of(random.oneOf(activeServices));
    }

    /** The services that want tasks for which no host has room. The service that tried last is at the end. */
    Set<LiveService> waiting() {
        return waiting;
    }

    /** The waiting service to try next. */
    Optional<LiveService> nextWaiting() {
        var next = waiting.stream().findFirst();
        next.ifPresent(service -> {
            waiting.remove(service);
            waiting.add(service);
        });
        return next;
    }

    /** The hosts that accept new tasks. */
    List<LiveHost> open() {
        return open;
    }

    TaskCounts taskCounts() {
        return taskCounts;
    }

    Listing<LiveTask> taskListing() {
        return taskListing;
    }

    Listing<LiveHost> hostListing() {
        return hostListing;
    }

    Listing<LiveService> serviceListing() {
        return serviceListing;
    }

    /** A host with room for a further task. The search goes on from the host found last. */
    Optional<LiveHost> roomFor(TaskTemplate template) {
        return roomFor(host -> host.refusal(template).isEmpty());
    }

    /** A matching host that accepts new tasks. The search goes on from the host found last. */
    Optional<LiveHost> roomFor(Predicate<LiveHost> matching) {
        for (int i = 0; i < open.size(); i++) {
            nextHost = (nextHost + 1) % open.size();
            var host = open.get(nextHost);
            if (matching.test(host)) {
                return Optional.of(host);
            }
        }
        return Optional.empty();
    }

    Optional<LiveTask> task(String reference) {
        return Optional.ofNullable(tasks.get(Arns.lastSegment(reference)))
                .filter(it -> Arns.means(reference, it.arn()));
    }

    Optional<LiveHost> host(String reference) {
        return Optional.ofNullable(hosts.get(Arns.lastSegment(reference)))
                .filter(it -> Arns.means(reference, it.arn()));
    }

    Optional<LiveService> service(String reference) {
        return Optional.ofNullable(services.get(Arns.lastSegment(reference)))
                .filter(it -> Arns.means(reference, it.arn()));
    }

    /** The number of container instances that are not INACTIVE. */
    long listedHosts() {
        return hosts.values().stream().filter(LiveHost::isListed).count();
    }

    /** The strategy for tasks and services that ask for no launch type; empty for none. */
    List<CapacityProviderStrategyItem> defaultStrategy() {
        return base.defaultCapacityProviderStrategy();
    }

    void useProviders(List<String> providers, List<CapacityProviderStrategyItem> strategy) {
        base = base.toBuilder()
                .capacityProviders(providers)
                .defaultCapacityProviderStrategy(strategy)
                .build();
    }

    /** The cluster as DescribeClusters shows it, with counts. */
    Cluster view() {
        return base.toBuilder()
                .registeredContainerInstancesCount((int) listedHosts())
                .runningTasksCount(taskCounts.running())
                .pendingTasksCount(taskCounts.pending())
                .activeServicesCount(activeServices.size())
                .build();
    }
}
