package io.clusterstate.client;

import io.clusterstate.EntityKind;
import io.clusterstate.Expectations;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.DeleteAttributesRequest;
import software.amazon.awssdk.services.ecs.model.DeregisterContainerInstanceResponse;
import software.amazon.awssdk.services.ecs.model.EcsRequest;
import software.amazon.awssdk.services.ecs.model.EcsResponse;
import software.amazon.awssdk.services.ecs.model.PutAttributesRequest;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceResponse;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StartTaskResponse;
import software.amazon.awssdk.services.ecs.model.StopTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.UpdateContainerAgentResponse;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateResponse;

/** Notes the writes that pass through a client, by ECS's answers or by the requests. */
final class WriteNotes {

    private static final Set<String> OF_TASKS = Set.of("RunTask", "StartTask", "StopTask");
    private static final Set<String> OF_INSTANCES = Set.of(
            "RegisterContainerInstance",
            "DeregisterContainerInstance",
            "UpdateContainerInstancesState",
            "UpdateContainerAgent");
    private static final Set<String> OF_SERVICES = Set.of(
            "CreateService",
            "UpdateService",
            "DeleteService",
            "CreateTaskSet",
            "UpdateTaskSet",
            "DeleteTaskSet",
            "UpdateServicePrimaryTaskSet");
    private static final Set<String> OF_CLUSTERS = Set.of(
            "CreateCluster", "UpdateCluster", "UpdateClusterSettings", "PutClusterCapacityProviders", "DeleteCluster");

    private final OwnWrites writes;
    private final InstantSource clock;
    private final @Nullable Expectations mine;
    private final Supplier<Optional<Moment>> view;

    /**
     * Notes into {@code writes}.
     *
     * @param view the view's state, if it answers
     */
    WriteNotes(OwnWrites writes, InstantSource clock, @Nullable Expectations mine, Supplier<Optional<Moment>> view) {
        this.writes = writes;
        this.view = view;
        this.clock = clock;
        this.mine = mine;
    }

    /** Notes what ECS answered. */
    void answered(String operation, EcsRequest request, EcsResponse response) {
        if (writes.isFull()) {
            view.get().ifPresent(writes::sweep);
        }
        String cluster = clusterOf(request);
        if (response instanceof RunTaskResponse started) {
            noteStart(() -> expectations().launched(started), cluster, started.tasks());
        } else if (response instanceof StartTaskResponse started) {
            noteStart(() -> expectations().launched(started), cluster, started.tasks());
        } else if (response instanceof StopTaskResponse stopped && stopped.task() != null) {
            noteStart(() -> expectations().stopping(stopped.task().taskArn()), cluster, List.of(stopped.task()));
        } else if (response instanceof UpdateContainerInstancesStateResponse updated) {
            updated.containerInstances().forEach(each -> note(cluster, each));
        } else if (response instanceof UpdateContainerAgentResponse updated) {
            note(cluster, updated.containerInstance());
        } else if (response instanceof RegisterContainerInstanceResponse registered) {
            note(cluster, registered.containerInstance());
        } else if (response instanceof DeregisterContainerInstanceResponse gone) {
            note(cluster, gone.containerInstance());
        } else {
            noteRequest(operation, request, cluster);
        }
    }

    /** Notes a failed call, unless ECS refused it. */
    void failed(String operation, EcsRequest request, Throwable failure) {
        if (!(failure instanceof AwsServiceException refusal) || refusal.statusCode() >= 500) {
            lost(operation, request);
        }
    }

    /** Notes a call without an answer: ECS may have done what it asked for. */
    private void lost(String operation, EcsRequest request) {
        String cluster = clusterOf(request);
        if (OF_TASKS.contains(operation)) {
            writes.note(EntityKind.TASK, cluster, clock.instant());
        } else if (OF_INSTANCES.contains(operation)) {
            writes.note(EntityKind.INSTANCE, cluster, clock.instant());
        } else {
            noteRequest(operation, request, cluster);
        }
    }

    private void noteRequest(String operation, EcsRequest request, String cluster) {
        Instant now = clock.instant();
        if (OF_SERVICES.contains(operation)) {
            String name = text(request, operation.equals("CreateService") ? "serviceName" : "service");
            writes.note(EntityKind.SERVICE, cluster, name == null ? "" : name, 0, now);
        } else if (OF_CLUSTERS.contains(operation)) {
            String created = text(request, "clusterName");
            String named = created == null ? cluster : created;
            writes.note(EntityKind.CLUSTER, named, named, 0, now);
        } else if (request instanceof PutAttributesRequest put) {
            note(cluster, put.attributes());
        } else if (request instanceof DeleteAttributesRequest delete) {
            note(cluster, delete.attributes());
        }
    }

    private void noteStart(Runnable expect, String cluster, List<Task> tasks) {
        if (mine != null) {
            expect.run();
            return;
        }
        for (Task each : tasks) {
            writes.note(EntityKind.TASK, cluster, each.taskArn(), EntityKind.TASK.versionOf(each), clock.instant());
        }
    }

    private Expectations expectations() {
        return Objects.requireNonNull(mine);
    }

    private void note(String cluster, @Nullable ContainerInstance instance) {
        if (instance != null) {
            writes.note(
                    EntityKind.INSTANCE,
                    cluster,
                    instance.containerInstanceArn(),
                    EntityKind.INSTANCE.versionOf(instance),
                    clock.instant());
        }
    }

    private void note(String cluster, List<Attribute> attributes) {
        Instant now = clock.instant();
        for (Attribute each : attributes) {
            writes.note(EntityKind.INSTANCE, cluster, each.targetId() == null ? "" : each.targetId(), 0, now);
        }
    }

    private static String clusterOf(EcsRequest request) {
        return Moment.meant(text(request, "cluster"));
    }

    private static @Nullable String text(EcsRequest request, String name) {
        for (SdkField<?> field : request.sdkFields()) {
            if (field.memberName().equals(name) && field.getValueOrDefault(request) instanceof String text) {
                return text;
            }
        }
        return null;
    }
}
