package io.clusterstate.examples.stateserver;

import io.clusterstate.Observed;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.VersionInfo;

/** Writes a container instance: the fields of REST v1, then further fields. */
final class InstanceJson {

    private static final VersionInfo NO_VERSIONS = VersionInfo.builder().build();

    private InstanceJson() {}

    static void write(Fields fields, Observed<ContainerInstance> observed) throws IOException {
        ContainerInstance instance = observed.value();
        VersionInfo versions = instance.versionInfo() == null ? NO_VERSIONS : instance.versionInfo();
        fields.flag("agentConnected", instance.agentConnected())
                .text("agentUpdateStatus", instance.agentUpdateStatusAsString())
                .listIfAny("attributes", instance.attributes(), InstanceJson::writeAttribute)
                .text("clusterARN", observed.clusterArn())
                .text("containerInstanceARN", instance.containerInstanceArn())
                .text("EC2InstanceID", instance.ec2InstanceId())
                .list("registeredResources", instance.registeredResources(), InstanceJson::writeResource)
                .list("remainingResources", instance.remainingResources(), InstanceJson::writeResource)
                .text("status", instance.status())
                .object("versionInfo", versions, InstanceJson::writeVersions)
                .text("capacityProviderName", instance.capacityProviderName())
                .number("pendingTasksCount", instance.pendingTasksCount())
                .moment("registeredAt", instance.registeredAt())
                .number("runningTasksCount", instance.runningTasksCount())
                .text("statusReason", instance.statusReason())
                .number("version", instance.version());
    }

    private static void writeVersions(Fields fields, VersionInfo versions) throws IOException {
        fields.text("agentHash", versions.agentHash())
                .text("agentVersion", versions.agentVersion())
                .text("dockerVersion", versions.dockerVersion());
    }

    static void writeAttribute(Fields fields, Attribute attribute) throws IOException {
        fields.text("name", attribute.name()).textAlways("value", attribute.value());
    }

    static void writeResource(Fields fields, Resource resource) throws IOException {
        fields.text("name", resource.name()).text("type", resource.type()).textAlways("value", valueOf(resource));
    }

    /** The value as a string, for any type. */
    static @Nullable String valueOf(Resource resource) {
        String type = resource.type() == null ? "" : resource.type();
        return switch (type) {
            case "INTEGER" -> text(resource.integerValue());
            case "LONG" -> text(resource.longValue());
            case "DOUBLE" ->
                resource.doubleValue() == null ? null : String.format(Locale.ROOT, "%.2f", resource.doubleValue());
            case "STRINGSET" -> String.join(",", resource.stringSetValue());
            default -> null;
        };
    }

    private static @Nullable String text(@Nullable Number value) {
        return value == null ? null : value.toString();
    }
}
