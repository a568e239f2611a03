package io.clusterstate.archive;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.archive.HistoryStep.What;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/** Gathers the steps of an entity from several sources, each step once. */
final class Timeline {

    private static final Comparator<HistoryStep> OLDEST_FIRST =
            Comparator.comparing(HistoryStep::at).thenComparing(HistoryStep::revision);

    private final Set<HistoryStep> steps = new LinkedHashSet<>();

    Timeline add(List<HistoryStep> some) {
        steps.addAll(some);
        return this;
    }

    /** Adds the times that ECS reports in the entity that a snapshot shows, or the last value of a removed entity. */
    Timeline addOwn(Snapshot snapshot, String arn) {
        EntityKind.all().stream()
                .flatMap(kind -> snapshot.observed(kind, arn).map(Observed::value).stream())
                .findFirst()
                .<Object>map(value -> value)
                .or(() -> snapshot.removed(arn).map(each -> each.last().value()))
                .ifPresent(this::addOwn);
        return this;
    }

    private void addOwn(Object value) {
        if (value instanceof Task task) {
            addTask(task);
        } else if (value instanceof Service service) {
            addService(service);
        } else if (value instanceof ContainerInstance instance) {
            add(instance.registeredAt(), What.ADDED, "registered", null);
        }
    }

    private void addTask(Task task) {
        add(task.createdAt(), What.ADDED, "created", null);
        add(task.connectivityAt(), What.CHANGE, "connected", null);
        add(task.pullStartedAt(), What.CHANGE, "image pull begins", null);
        add(task.pullStoppedAt(), What.CHANGE, "image pull ends", null);
        add(task.startedAt(), What.CHANGE, "started", null);
        add(task.stoppingAt(), What.CHANGE, "stopping", task.stoppedReason());
        add(task.executionStoppedAt(), What.CHANGE, "containers stopped", null);
        add(task.stoppedAt(), What.CHANGE, "stopped", task.stoppedReason());
        EndedTask.containersOf(task).forEach(each -> addContainer(each, task.stoppedAt()));
    }

    private void addService(Service service) {
        add(service.createdAt(), What.ADDED, "created", null);
        for (Deployment deployment : service.deployments()) {
            add(
                    deployment.createdAt(),
                    What.CHANGE,
                    "deployment " + deployment.id() + " begins: " + deployment.taskDefinition(),
                    null);
        }
        service.events().forEach(event -> add(event.createdAt(), What.EVENT, event.message(), null));
    }

    /** Adds the times in the record of an ended task. */
    Timeline addOwn(EndedTask task) {
        add(task.createdAt(), What.ADDED, "created", null);
        add(task.startedAt(), What.CHANGE, "started", null);
        add(task.stoppingAt(), What.CHANGE, "stopping", task.stoppedReason());
        add(task.stoppedAt(), What.CHANGE, "stopped", task.stoppedReason());
        task.containers().forEach(each -> addContainer(each, task.stoppedAt()));
        return add(task.steps());
    }

    private void addContainer(EndedTask.Container container, @Nullable Instant at) {
        if (container.exitCode() != null) {
            add(at, What.CHANGE, "container " + container.name() + " exit " + container.exitCode(), container.reason());
        } else if (container.reason() != null) {
            add(at, What.CHANGE, "container " + container.name(), container.reason());
        }
    }

    private void add(@Nullable Instant at, What what, @Nullable String text, @Nullable String reason) {
        if (at != null) {
            steps.add(new HistoryStep(at, what, Objects.requireNonNullElse(text, ""), reason, 0));
        }
    }

    List<HistoryStep> oldestFirst() {
        List<HistoryStep> sorted = new ArrayList<>(steps);
        sorted.sort(OLDEST_FIRST);
        return List.copyOf(sorted);
    }
}
