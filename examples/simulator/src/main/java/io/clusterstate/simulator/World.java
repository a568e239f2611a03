package io.clusterstate.simulator;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * All clusters with their contents. Every change of a task or a host goes through here, which updates counts and
 * listings and sends the event. Thread: under the lock of {@link Simulation}.
 */
final class World {
    private final SimulatorConfig config;
    private final Arns arns;
    private final Randomness random;
    private final TaskTemplates templates;
    private final EventWriter events;
    private final Staleness staleness;
    private final Map<String, LiveCluster> clusters = new LinkedHashMap<>();
    private final List<LiveCluster> activeClusters = new ArrayList<>();
    private final Listing<LiveCluster> clusterListing;
    private final Set<LiveService> changedServices = new LinkedHashSet<>();
    private final Deque<Expiry> expiries = new ArrayDeque<>();
    private long lastPosition;

    World(SimulatorConfig config, Randomness random, EventWriter events, Staleness staleness) {
        this.config = config;
        this.arns = new Arns(config.region(), config.account());
        this.random = random;
        this.events = events;
        this.staleness = staleness;
        this.templates = new TaskTemplates(arns, random, this::now);
        this.clusterListing = new Listing<>("ListClusters", staleness);
    }

    /** The time in whole milliseconds, as the ECS API reports it. */
    Instant now() {
        return config.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    }

    Arns arns() {
        return arns;
    }

    Randomness random() {
        return random;
    }

    TaskTemplates templates() {
        return templates;
    }

    EventWriter events() {
        return events;
    }

    /** All clusters that can be described, of any status. */
    Collection<LiveCluster> clusters() {
        return clusters.values();
    }

    /** The ACTIVE clusters. */
    List<LiveCluster> activeClusters() {
        return activeClusters;
    }

    Listing<LiveCluster> clusterListing() {
        return clusterListing;
    }

    /** Finds a cluster of any status, by name or ARN. */
    Optional<LiveCluster> cluster(String reference) {
        return Optional.ofNullable(clusters.get(Arns.lastSegment(reference)))
                .filter(it -> Arns.means(reference, it.arn()));
    }

    long nextPosition() {
        return ++lastPosition;
    }

    boolean nextIsShort() {
        return random.chance(config.shortArnShare());
    }

    /** Adds a cluster at the end, and removes a cluster of equal name. */
    LiveCluster add(Cluster cluster) {
        var live = new LiveCluster(nextPosition(), cluster, staleness);
        clusters.remove(live.name());
        clusters.put(live.name(), live);
        activeClusters.add(live);
        clusterListing.add(List.of(LiveCluster.LISTING), live.position(), live);
        return live;
    }

    void add(LiveService service) {
        service.cluster().add(service);
        service.cluster().serviceListing().add(List.of(LiveService.LISTING), service.position(), service);
        changedServices.add(service);
    }

    void add(LiveHost host) {
        var cluster = host.cluster();
        cluster.hosts().put(host.id(), host);
        cluster.hostListing().add(List.of(LiveHost.LISTING), host.position(), host);
        cluster.open().add(host);
    }

    void add(LiveTask live) {
        live.cluster().tasks().put(Arns.lastSegment(live.arn()), live);
        live.cluster().taskListing().add(live.listingKeys(), live.position(), live);
        live.placement().ifPresent(it -> it.host().tasks().add(live));
        live.rollout().ifPresent(it -> it.tasks().add(live));
        count(live, 1);
    }

    /** Changes a task and sends its event. */
    void change(LiveTask live, Task next) {
        enter(live, next);
        events.task(live);
    }

    private void enter(LiveTask live, Task next) {
        boolean leavesItsListings = !next.desiredStatus().equals(live.task().desiredStatus());
        if (leavesItsListings) {
            live.cluster().taskListing().remove(live.listingKeys(), live.position());
        }
        count(live, -1);
        live.become(next, now());
        count(live, 1);
        if (leavesItsListings) {
            live.cluster().taskListing().add(live.listingKeys(), live.position(), live);
            live.rollout().ifPresent(it -> it.tasks().remove(live));
        }
        live.rollout().ifPresent(it -> changedServices.add(it.service()));
        if (live.isStopped()) {
            leaveHost(live);
            live.placement().flatMap(it -> live.cluster().nextWaiting()).ifPresent(changedServices::add);
            expiries.add(new Expiry(now().plus(config.endedKept()), () -> forget(live)));
        }
    }

    /** Changes a host and sends its event. */
    void change(LiveHost host, ContainerInstance next) {
        enter(host, next);
        events.host(host);
    }

    /** Changes a host without an event. */
    void enter(LiveHost host, ContainerInstance next) {
        boolean wasListed = host.isListed();
        boolean wasOpen = host.takesTasks();
        host.become(next, now());
        var cluster = host.cluster();
        if (wasOpen != host.takesTasks()) {
            if (wasOpen) {
                cluster.open().remove(host);
            } else {
                cluster.open().add(host);
            }
        }
        if (wasListed && !host.isListed()) {
            cluster.hostListing().remove(List.of(LiveHost.LISTING), host.position());
            expiries.add(new Expiry(
                    now().plus(config.endedKept()), () -> cluster.hosts().remove(host.id())));
        }
    }

    /** Removes a task without an event. Its host changes too, also without an event. */
    void vanish(LiveTask live) {
        live.vanish();
        if (!live.isStopped()) {
            count(live, -1);
            leaveHost(live);
            live.placement().ifPresent(it -> enter(it.host(), it.host().recounted()));
        }
        live.rollout().ifPresent(it -> {
            it.tasks().remove(live);
            changedServices.add(it.service());
        });
        forget(live);
    }

    /** Removes a host without tasks, without an event. */
    void vanish(LiveHost host) {
        host.vanish();
        var cluster = host.cluster();
        cluster.open().remove(host);
        cluster.hostListing().remove(List.of(LiveHost.LISTING), host.position());
        cluster.hosts().remove(host.id());
    }

    /** Starts to drain a service, which List operations no longer show. */
    void drain(LiveService service) {
        service.drain();
        delist(service);
        changedServices.add(service);
    }

    /** Makes a service without tasks INACTIVE. */
    void end(LiveService service) {
        service.deactivate();
        expiries.add(new Expiry(
                now().plus(config.endedKept()), () -> service.cluster().forget(service)));
    }

    /** Removes a service without tasks. */
    void vanish(LiveService service) {
        service.deactivate();
        delist(service);
        service.cluster().forget(service);
    }

    /** Makes an empty cluster INACTIVE. */
    void end(LiveCluster cluster) {
        close(cluster);
        expiries.add(new Expiry(now().plus(config.endedKept()), () -> clusters.remove(cluster.name(), cluster)));
    }

    /** Removes an empty cluster. */
    void vanish(LiveCluster cluster) {
        close(cluster);
        clusters.remove(cluster.name(), cluster);
    }

    /** Removes entities that ended long enough ago. */
    void expire() {
        var now = now();
        while (!expiries.isEmpty() && !expiries.getFirst().at().isAfter(now)) {
            expiries.removeFirst().leave().run();
        }
    }

    /** The services whose tasks changed since the last call. */
    List<LiveService> takeChangedServices() {
        var taken = List.copyOf(changedServices);
        changedServices.clear();
        return taken;
    }

    void changed(LiveService service) {
        changedServices.add(service);
    }

    void changedAll(Collection<LiveService> services) {
        changedServices.addAll(services);
    }

    private static void delist(LiveService service) {
        var cluster = service.cluster();
        cluster.retire(service);
        cluster.serviceListing().remove(List.of(LiveService.LISTING), service.position());
    }

    private void close(LiveCluster cluster) {
        cluster.deactivate();
        activeClusters.remove(cluster);
        clusterListing.remove(List.of(LiveCluster.LISTING), cluster.position());
    }

    private void forget(LiveTask live) {
        live.cluster().taskListing().remove(live.listingKeys(), live.position());
        live.cluster().tasks().remove(Arns.lastSegment(live.arn()));
    }

    private static void leaveHost(LiveTask live) {
        live.placement().ifPresent(it -> {
            if (it.host().tasks().remove(live)) {
                it.host().capacity().release(it.claim());
            }
        });
    }

    private static void count(LiveTask live, int difference) {
        var status = live.task().lastStatus();
        live.cluster().taskCounts().add(status, difference);
        live.placement().ifPresent(it -> it.host().taskCounts().add(status, difference));
        live.rollout().ifPresent(it -> {
            it.taskCounts().add(status, difference);
            it.service().taskCounts().add(status, difference);
        });
    }

    private record Expiry(Instant at, Runnable leave) {}
}
