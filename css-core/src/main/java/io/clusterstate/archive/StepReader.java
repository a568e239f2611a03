package io.clusterstate.archive;

import io.clusterstate.ChangeBatch;
import io.clusterstate.EntityChange;
import io.clusterstate.Observed;
import io.clusterstate.Removed;
import io.clusterstate.ServiceNotice;
import io.clusterstate.archive.HistoryStep.What;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/** Reads the steps of an entity from a change: what a person calls a change, and no counter that moves all the time. */
final class StepReader {

    private final List<HistoryStep> steps = new ArrayList<>();
    private final Instant at;
    private final long revision;

    private StepReader(Instant at, long revision) {
        this.at = at;
        this.revision = revision;
    }

    static List<HistoryStep> stepsOf(EntityChange<?> change, ChangeBatch batch) {
        Observed<?> before = change.before();
        Observed<?> after = change.after();
        if (after == null) {
            Instant at = batch.snapshot()
                    .removed(change.arn())
                    .map(Removed::at)
                    .orElse(change.latest().observedAt());
            return List.of(new HistoryStep(
                    at, What.REMOVED, "removed from the view: " + change.cause(), null, change.revision()));
        }
        StepReader reader = new StepReader(after.observedAt(), change.revision());
        reader.read(before == null ? null : before.value(), after.value());
        return reader.steps;
    }

    static HistoryStep stepOf(ServiceNotice notice) {
        return new HistoryStep(
                notice.receivedAt(),
                What.NOTICE,
                notice.eventName(),
                notice.reason().orElse(null),
                0);
    }

    private void read(@Nullable Object before, Object after) {
        if (after instanceof Task task) {
            readTask((Task) before, task);
        } else if (after instanceof ContainerInstance instance) {
            readInstance((ContainerInstance) before, instance);
        } else if (after instanceof Service service) {
            readService((Service) before, service);
        } else if (after instanceof Cluster cluster) {
            status(before == null ? null : ((Cluster) before).status(), cluster.status(), null, before == null);
        }
    }

    private void readTask(@Nullable Task before, Task after) {
        String reason = after.stoppedReason();
        status(before == null ? null : before.lastStatus(), after.lastStatus(), reason, before == null);
        if (before != null) {
            moved("desired status", before.desiredStatus(), after.desiredStatus(), reason);
            moved("health", before.healthStatusAsString(), after.healthStatusAsString(), null);
            moved("connectivity", before.connectivityAsString(), after.connectivityAsString(), null);
        }
    }

    private void readInstance(@Nullable ContainerInstance before, ContainerInstance after) {
        status(before == null ? null : before.status(), after.status(), after.statusReason(), before == null);
        if (before != null) {
            moved("agent connected", before.agentConnected(), after.agentConnected(), null);
        }
    }

    private void readService(@Nullable Service before, Service after) {
        status(before == null ? null : before.status(), after.status(), null, before == null);
        if (before != null) {
            moved("desired tasks", before.desiredCount(), after.desiredCount(), null);
            moved("running tasks", before.runningCount(), after.runningCount(), null);
            moved("task definition", before.taskDefinition(), after.taskDefinition(), null);
            after.deployments().forEach(each -> readDeployment(before, each));
        }
    }

    private void readDeployment(Service before, Deployment after) {
        Deployment known = before.deployments().stream()
                .filter(each -> Objects.equals(each.id(), after.id()))
                .findFirst()
                .orElse(null);
        String name = "deployment " + after.id();
        if (known == null) {
            add(What.CHANGE, name + " begins: " + after.taskDefinition(), null);
        } else {
            moved(name, known.rolloutStateAsString(), after.rolloutStateAsString(), after.rolloutStateReason());
        }
    }

    private void status(@Nullable String before, @Nullable String after, @Nullable String reason, boolean isAddition) {
        if (isAddition) {
            add(What.ADDED, String.valueOf(after), reason);
        } else if (!Objects.equals(before, after)) {
            add(What.STATUS, before + " → " + after, reason);
        }
    }

    private void moved(String name, @Nullable Object before, @Nullable Object after, @Nullable String reason) {
        if (!Objects.equals(before, after)) {
            add(What.CHANGE, name + ' ' + before + " → " + after, reason);
        }
    }

    private void add(What what, String text, @Nullable String reason) {
        steps.add(new HistoryStep(at, what, text, reason, revision));
    }
}
