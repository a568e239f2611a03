package io.clusterstate.simulator;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/** A container instance: its current state, the tasks on it, and its free resources. */
final class LiveHost {
    /** The only key of the listing of container instances, which is filtered by status. */
    static final String LISTING = "hosts";

    private final long position;
    private final LiveCluster cluster;
    private final Set<LiveTask> tasks = new LinkedHashSet<>();
    private final TaskCounts taskCounts = new TaskCounts();
    private final String zone;
    private final Capacity capacity;
    private ContainerInstance instance;
    private Instant updatedAt;
    private boolean isGone;

    LiveHost(long position, LiveCluster cluster, ContainerInstance instance, String zone, Instant now) {
        this.position = position;
        this.cluster = cluster;
        this.instance = instance;
        this.zone = zone;
        this.capacity = new Capacity(instance.registeredResources());
        this.updatedAt = now;
    }

    long position() {
        return position;
    }

    LiveCluster cluster() {
        return cluster;
    }

    String arn() {
        return instance.containerInstanceArn();
    }

    String id() {
        return Arns.lastSegment(arn());
    }

    String zone() {
        return zone;
    }

    ContainerInstance instance() {
        return instance;
    }

    Instant updatedAt() {
        return updatedAt;
    }

    void become(ContainerInstance next, Instant now) {
        instance = next;
        updatedAt = now;
    }

    /** The tasks that are placed on the host and not yet STOPPED, which hold resources of it. */
    Set<LiveTask> tasks() {
        return tasks;
    }

    TaskCounts taskCounts() {
        return taskCounts;
    }

    Capacity capacity() {
        return capacity;
    }

    LiveTask.Placement take(TaskTemplate template) {
        return new LiveTask.Placement(this, capacity.claim(template));
    }

    boolean isListed() {
        return !instance.status().equals(Status.INACTIVE);
    }

    /** Whether the host vanished; it no longer changes then. */
    boolean isGone() {
        return isGone;
    }

    void vanish() {
        isGone = true;
    }

    boolean takesTasks() {
        return instance.status().equals(Status.ACTIVE) && instance.agentConnected();
    }

    /** The reason, in ECS's words, why a task cannot be placed here; empty if it can. */
    Optional<String> refusal(TaskTemplate template) {
        if (!instance.status().equals(Status.ACTIVE)) {
            return Optional.of("INACTIVE");
        }
        if (!instance.agentConnected()) {
            return Optional.of("AGENT");
        }
        var required = template.needs().attributes();
        boolean isEquipped = required.isEmpty()
                || Requirements.lacking(required, instance.attributes()).isEmpty();
        return isEquipped ? capacity.lacking(template) : Optional.of("ATTRIBUTE");
    }

    /** The next version of the instance, with new counts and remaining resources. */
    ContainerInstance recounted() {
        return instance.toBuilder()
                .version(instance.version() + 1)
                .runningTasksCount(taskCounts.running())
                .pendingTasksCount(taskCounts.pending())
                .remainingResources(capacity.remaining())
                .build();
    }
}
