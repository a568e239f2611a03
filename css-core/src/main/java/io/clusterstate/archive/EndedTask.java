package io.clusterstate.archive;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Removed;
import io.clusterstate.Snapshot;
import io.clusterstate.ecs.EcsArn;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The end of a task. It holds no environment variable and no command, which may be secrets.
 *
 * @param taskArn the task's ARN
 * @param clusterArn its cluster's ARN
 * @param group such as {@code service:web}
 * @param taskDefinitionArn its definition's ARN, with the revision
 * @param launchType {@code EC2}, {@code FARGATE} or {@code EXTERNAL}
 * @param containerInstanceArn its instance's ARN; null on Fargate, and for a task that was never placed
 * @param ec2InstanceId the instance's id in EC2, as known when the record was made
 * @param availabilityZone its zone
 * @param lastStatus {@code STOPPED}; another status if ECS forgot the task before a stop was seen
 * @param stopCode a code such as {@code TaskFailedToStart}
 * @param stoppedReason the reason in ECS's words
 * @param containers the containers, in ECS's order
 * @param createdAt the time of the task's creation
 * @param startedAt the time at which its containers ran
 * @param stoppingAt the time at which its stop began
 * @param stoppedAt the time at which it stopped
 * @param endedAt {@code stoppedAt}, or if ECS did not report it, the time at which the end was observed; never null
 * @param steps the changes that were seen, oldest first
 */
public record EndedTask(
        String taskArn,
        String clusterArn,
        @Nullable String group,
        @Nullable String taskDefinitionArn,
        @Nullable String launchType,
        @Nullable String containerInstanceArn,
        @Nullable String ec2InstanceId,
        @Nullable String availabilityZone,
        @Nullable String lastStatus,
        @Nullable String stopCode,
        @Nullable String stoppedReason,
        List<Container> containers,
        @Nullable Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant stoppingAt,
        @Nullable Instant stoppedAt,
        Instant endedAt,
        List<HistoryStep> steps) {

    private static final String SERVICE = "service:";

    /**
     * A container of an ended task.
     *
     * @param name its name in the task definition
     * @param image its image, with the tag
     * @param exitCode its exit code; null if it did not run, or ECS did not report it
     * @param reason the reason in ECS's words; null if ECS gave none
     */
    public record Container(
            @Nullable String name, @Nullable String image, @Nullable Integer exitCode, @Nullable String reason) {}

    /** The end of a task, as a snapshot shows it. */
    static EndedTask of(Observed<Task> observed, Snapshot snapshot, List<HistoryStep> steps) {
        Task task = observed.value();
        String instance = task.containerInstanceArn();
        return new EndedTask(
                observed.arn(),
                observed.clusterArn(),
                task.group(),
                task.taskDefinitionArn(),
                task.launchTypeAsString(),
                instance,
                instance == null ? null : ec2InstanceId(snapshot, instance),
                task.availabilityZone(),
                task.lastStatus(),
                task.stopCodeAsString(),
                task.stoppedReason(),
                containersOf(task),
                task.createdAt(),
                task.startedAt(),
                task.stoppingAt(),
                task.stoppedAt(),
                endOf(observed),
                steps);
    }

    /** This record with another time of the end. */
    EndedTask endingAt(Instant end) {
        return new EndedTask(
                taskArn,
                clusterArn,
                group,
                taskDefinitionArn,
                launchType,
                containerInstanceArn,
                ec2InstanceId,
                availabilityZone,
                lastStatus,
                stopCode,
                stoppedReason,
                containers,
                createdAt,
                startedAt,
                stoppingAt,
                stoppedAt,
                end,
                steps);
    }

    static List<Container> containersOf(Task task) {
        return task.containers().stream()
                .map(each -> new Container(each.name(), each.image(), each.exitCode(), each.reason()))
                .toList();
    }

    static Instant endOf(Observed<Task> observed) {
        Instant stopped = observed.value().stoppedAt();
        return stopped == null ? observed.observedAt() : stopped;
    }

    private static @Nullable String ec2InstanceId(Snapshot snapshot, String arn) {
        return snapshot.observed(EntityKind.INSTANCE, arn)
                .map(Observed::value)
                .or(() -> removedInstance(snapshot, arn))
                .map(ContainerInstance::ec2InstanceId)
                .orElse(null);
    }

    private static Optional<ContainerInstance> removedInstance(Snapshot snapshot, String arn) {
        return snapshot.removed(arn)
                .map(Removed::last)
                .map(Observed::value)
                .filter(ContainerInstance.class::isInstance)
                .map(ContainerInstance.class::cast);
    }

    /**
     * The service that started the task.
     *
     * @return the service's name; null for a task of no service
     */
    public @Nullable String service() {
        return serviceIn(group);
    }

    static @Nullable String serviceIn(@Nullable String group) {
        return group != null && group.startsWith(SERVICE) ? group.substring(SERVICE.length()) : null;
    }

    /**
     * The family of the task definition.
     *
     * @return the family; null without a definition
     */
    public @Nullable String family() {
        return familyIn(taskDefinitionArn);
    }

    static @Nullable String familyIn(@Nullable String taskDefinitionArn) {
        if (taskDefinitionArn == null) {
            return null;
        }
        String name = EcsArn.nameOf(taskDefinitionArn);
        int revision = name.lastIndexOf(':');
        return revision > 0 ? name.substring(0, revision) : name;
    }
}
