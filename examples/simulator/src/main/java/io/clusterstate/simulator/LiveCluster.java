package io.clusterstate.simulator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.ecs.model.Cluster;

/** One cluster and all that lives in it. */
final class LiveCluster {
    /** The one shelf of clusters. */
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

    /** Nothing lives in it any more; of what ended in it only stopped tasks with tags are remembered, as ECS does. */
    void deactivate() {
        base = base.toBuilder().status(Status.INACTIVE).build();
        services.clear();
        activeServices.clear();
        waiting.clear();
        hosts.clear();
        open.clear();
        tasks.values().removeIf(it -> !it.isStopped() || it.task().tags().isEmpty());
    }

    /** Tasks by id, in the order in which they were started. */
    Map<String, LiveTask> tasks() {
        return tasks;
    }

    /** Container instances by id, in the order in which they registered. */
    Map<String, LiveHost> hosts() {
        return hosts;
    }

    /** Services in the order in which they were created, whatever their status. */
    Collection<LiveService> services() {
        return services.values();
    }

    /** Adds a service at the end, in place of one of the same name. */
    void add(LiveService service) {
        services.remove(service.name());
        services.put(service.name(), service);
        activeServices.add(service);
    }

    /** Lets a service go on only as one that can be described. */
    void retire(LiveService service) {
        activeServices.remove(service);
        waiting.remove(service);
    }

    /** Forgets a service, but not another one that has its name by now. */
    void forget(LiveService service) {
        services.remove(service.name(), service);
    }

    /** One of the ACTIVE services. */
    Optional<LiveService> anyService(Randomness random) {
        return activeServices.isEmpty() ? Optional.empty() : Optional.of(random.oneOf(activeServices));
    }

    /** The services that want tasks for which no host has room; the one that tried last is at the end. */
    Set<LiveService> waiting() {
        return waiting;
    }

    /** The waiting service that shall try next. */
    Optional<LiveService> nextWaiting() {
        var next = waiting.stream().findFirst();
        next.ifPresent(service -> {
            waiting.remove(service);
            waiting.add(service);
        });
        return next;
    }

    /** The hosts that take new tasks. */
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

    /** A host with room for one more task, looking on from where the last one was found. */
    Optional<LiveHost> roomFor(TaskTemplate template) {
        for (int i = 0; i < open.size(); i++) {
            nextHost = (nextHost + 1) % open.size();
            var host = open.get(nextHost);
            if (host.refusal(template).isEmpty()) {
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

    /** How many container instances are not INACTIVE. */
    long listedHosts() {
        return hosts.values().stream().filter(LiveHost::isListed).count();
    }

    /** As DescribeClusters shows it, with its counts. */
    Cluster view() {
        return base.toBuilder()
                .registeredContainerInstancesCount((int) listedHosts())
                .runningTasksCount(taskCounts.running())
                .pendingTasksCount(taskCounts.pending())
                .activeServicesCount(activeServices.size())
                .build();
    }
}
