package io.clusterstate.examples.stateserver;

import io.clusterstate.Observed;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.Task;

/** Writes the few fields that an overview of thousands of entities needs, under the names of the full form. */
final class BriefJson {

    private static final Set<String> RESOURCES = Set.of("CPU", "MEMORY");
    private static final Set<String> ATTRIBUTES = Set.of("ecs.availability-zone", "ecs.instance-type");

    private BriefJson() {}

    static void writeTask(Fields fields, Observed<Task> observed) throws IOException {
        Task task = observed.value();
        fields.text("availabilityZone", task.availabilityZone())
                .text("clusterARN", task.clusterArn())
                .text("containerInstanceARN", task.containerInstanceArn())
                .moment("createdAt", task.createdAt())
                .text("desiredStatus", task.desiredStatus())
                .text("group", task.group())
                .text("healthStatus", task.healthStatusAsString())
                .text("lastStatus", task.lastStatus())
                .text("launchType", task.launchTypeAsString())
                .text("startedBy", task.startedBy())
                .text("stopCode", task.stopCodeAsString())
                .text("stoppedReason", task.stoppedReason())
                .text("taskARN", task.taskArn())
                .text("taskDefinitionARN", task.taskDefinitionArn());
    }

    static void writeInstance(Fields fields, Observed<ContainerInstance> observed) throws IOException {
        ContainerInstance instance = observed.value();
        fields.flag("agentConnected", instance.agentConnected())
                .listIfAny(
                        "attributes",
                        instance.attributes().stream()
                                .filter(each -> ATTRIBUTES.contains(each.name()))
                                .toList(),
                        InstanceJson::writeAttribute)
                .text("capacityProviderName", instance.capacityProviderName())
                .text("clusterARN", observed.clusterArn())
                .text("containerInstanceARN", instance.containerInstanceArn())
                .text("EC2InstanceID", instance.ec2InstanceId())
                .number("pendingTasksCount", instance.pendingTasksCount())
                .list("registeredResources", brief(instance.registeredResources()), InstanceJson::writeResource)
                .list("remainingResources", brief(instance.remainingResources()), InstanceJson::writeResource)
                .number("runningTasksCount", instance.runningTasksCount())
                .text("status", instance.status())
                .text("statusReason", instance.statusReason());
    }

    private static List<Resource> brief(List<Resource> all) {
        return all.stream().filter(each -> RESOURCES.contains(each.name())).toList();
    }
}
