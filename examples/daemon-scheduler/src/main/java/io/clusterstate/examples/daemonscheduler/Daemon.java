package io.clusterstate.examples.daemonscheduler;

import io.clusterstate.InstanceQuery;
import io.clusterstate.Snapshot;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.spi.SnapshotEditor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.PlacementConstraint;
import software.amazon.awssdk.services.ecs.model.PlacementConstraintType;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * A daemon: one task of a definition on every instance of a cluster that matches.
 *
 * @param name the mark of the daemon's tasks, and the name of the lead; each daemon of a cluster has its own
 * @param cluster the cluster's name or ARN, equal in all processes
 * @param taskDefinition the task definition, as {@code family:revision} or ARN
 * @param matching the instances, in the cluster query language; empty for all. It must not have {@code task:group},
 *     which the daemon's own tasks change
 */
record Daemon(String name, String cluster, String taskDefinition, String matching) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    Daemon {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name: " + name + " (expected: 1 to 64 letters, digits, hyphens or underscores)");
        }
        matching(SnapshotEditor.forFilters().instances(), matching); // refuses what is no expression
    }

    /** The instances that match, in any status. */
    InstanceQuery instances(Snapshot now) {
        return matching(now.instances().in(cluster), matching);
    }

    private static InstanceQuery matching(InstanceQuery all, String expression) {
        return expression.isEmpty() ? all : all.matching(expression);
    }

    /** The tasks of this daemon on instances, ended ones among them. */
    List<Task> tasks(Snapshot now) {
        return now.tasks().in(cluster).where(this::isOwn).list();
    }

    boolean isOwn(Task task) {
        return task.containerInstanceArn() != null
                && task.startedBy() != null
                && task.startedBy().startsWith(name + "/");
    }

    /**
     * The request for the task that follows another on an instance. Equal facts make equal requests, in every process.
     * ECS carries out only the first request with a client token, and answers the others with the same task.
     *
     * <p>The token leaves out the task definition. Where two processes with different definitions meet, ECS refuses the
     * second request by a ConflictException. Source: the ECS API reference, "Ensuring idempotency".
     *
     * @param predecessor the id of the last task of this daemon on the instance, which has ended; empty for the first
     */
    RunTaskRequest request(ContainerInstance instance, String predecessor) {
        return RunTaskRequest.builder()
                .cluster(cluster)
                .taskDefinition(taskDefinition)
                .launchType(isExternal(instance) ? LaunchType.EXTERNAL : null)
                .startedBy(name + "/" + EcsArn.nameOf(instance.containerInstanceArn()))
                .placementConstraints(PlacementConstraint.builder()
                        .type(PlacementConstraintType.MEMBER_OF)
                        .expression("ec2InstanceId == " + instance.ec2InstanceId())
                        .build())
                .clientToken(token(instance.containerInstanceArn(), predecessor))
                .build();
    }

    /** Whether ECS starts tasks there by that launch type alone. Source: the ECS API reference, RunTask. */
    private static boolean isExternal(ContainerInstance instance) {
        return instance.attributes().stream().anyMatch(each -> "ecs.capability.external".equals(each.name()));
    }

    /** 64 characters, as many as ECS takes. */
    private String token(String instanceArn, String predecessor) {
        byte[] facts = String.join("\n", name, instanceArn, predecessor).getBytes(StandardCharsets.UTF_8);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(facts));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
