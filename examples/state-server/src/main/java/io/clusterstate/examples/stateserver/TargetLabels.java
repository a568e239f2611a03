package io.clusterstate.examples.stateserver;

import io.clusterstate.Endpoint;
import io.clusterstate.Snapshot;
import io.clusterstate.ecs.EcsArn;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The labels of a target, in the names of Prometheus' own discovery of ECS where that has them. Source: Prometheus'
 * documentation, {@code aws_sd_config} with the role {@code ecs}. The names of family, revision, container and
 * container port are of this server.
 *
 * @param now the state that the targets are of
 * @param port the port inside the container
 */
record TargetLabels(Snapshot now, int port) {

    private static final String META = "__meta_ecs_";
    private static final String OF_SERVICE = "service:";

    void write(Fields fields, Endpoint endpoint) throws IOException {
        Task task = endpoint.task();
        String definition = String.valueOf(task.taskDefinitionArn());
        String family = EcsArn.nameOf(definition);
        int colon = family.lastIndexOf(':');
        fields.text(META + "cluster", task.clusterArn() == null ? null : EcsArn.nameOf(task.clusterArn()))
                .text(META + "cluster_arn", task.clusterArn())
                .text(META + "service", service(task.group()))
                .text(META + "task_group", task.group())
                .text(META + "task_arn", task.taskArn())
                .text(META + "task_definition", task.taskDefinitionArn())
                .text(META + "task_family", colon < 0 ? null : family.substring(0, colon))
                .text(META + "task_revision", colon < 0 ? null : family.substring(colon + 1))
                .text(META + "container", container(endpoint))
                .text(META + "container_port", Integer.toString(port))
                .text(META + "ip_address", endpoint.address())
                .text(META + "launch_type", task.launchTypeAsString())
                .text(META + "health_status", endpoint.health().toString())
                .text(META + "region", region(task.taskArn()))
                .text(META + "availability_zone", task.availabilityZone())
                .text(META + "container_instance_arn", task.containerInstanceArn())
                .text(META + "ec2_instance_id", instanceId(task.containerInstanceArn()));
        for (Tag tag : task.tags()) {
            fields.text(META + "tag_task_" + tag.key().replaceAll("[^a-zA-Z0-9_]", "_"), tag.value());
        }
    }

    private static @Nullable String service(@Nullable String group) {
        return group != null && group.startsWith(OF_SERVICE) ? group.substring(OF_SERVICE.length()) : null;
    }

    /** The container at the port; of a task whose definition is not in the view, the only container. */
    private static @Nullable String container(Endpoint endpoint) {
        List<Container> all = endpoint.task().containers();
        return endpoint.container().orElseGet(() -> all.size() == 1 ? all.get(0).name() : null);
    }

    private static @Nullable String region(String arn) {
        return EcsArn.parse(arn).map(EcsArn::region).orElse(null);
    }

    private @Nullable String instanceId(@Nullable String arn) {
        return arn == null
                ? null
                : now.instance(arn).map(ContainerInstance::ec2InstanceId).orElse(null);
    }
}
