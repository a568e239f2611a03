package io.clusterstate.mirror;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.EnvironmentFile;
import software.amazon.awssdk.services.ecs.model.FSxWindowsFileServerVolumeConfiguration;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.LogConfiguration;
import software.amazon.awssdk.services.ecs.model.RepositoryCredentials;
import software.amazon.awssdk.services.ecs.model.Secret;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.Volume;

/**
 * The values in a task definition that may be secrets, or lead to them.
 *
 * <p>Source: the ECS API reference, {@code ContainerDefinition} and {@code Volume}.
 */
final class DefinitionValues {

    /** The options of the log driver that takes no secret, such as the group and the Region. */
    private static final String HARMLESS = "awslogs-";

    private DefinitionValues() {}

    /** A definition without the values; the names of variables and secrets stay. */
    static TaskDefinition leftOut(TaskDefinition definition) {
        TaskDefinition.Builder trimmed = definition.toBuilder();
        if (definition.hasContainerDefinitions()) {
            trimmed.containerDefinitions(definition.containerDefinitions().stream()
                    .map(DefinitionValues::leftOut)
                    .toList());
        }
        if (definition.hasVolumes()) {
            trimmed.volumes(
                    definition.volumes().stream().map(DefinitionValues::leftOut).toList());
        }
        return trimmed.build();
    }

    /**
     * Whether every variable and environment file has a value and every secret a place, as in ECS's own answer. A part
     * that was left out as a whole leaves no trace.
     */
    static boolean areComplete(TaskDefinition definition) {
        return definition.containerDefinitions().stream()
                .allMatch(container -> container.environment().stream().noneMatch(variable -> variable.value() == null)
                        && container.environmentFiles().stream().noneMatch(file -> file.value() == null)
                        && secretsOf(container).noneMatch(secret -> secret.valueFrom() == null));
    }

    private static Stream<Secret> secretsOf(ContainerDefinition container) {
        LogConfiguration log = container.logConfiguration();
        return Stream.concat(container.secrets().stream(), log == null ? Stream.of() : log.secretOptions().stream());
    }

    private static ContainerDefinition leftOut(ContainerDefinition container) {
        ContainerDefinition.Builder trimmed = container.toBuilder().repositoryCredentials((RepositoryCredentials) null);
        if (container.hasEnvironment()) {
            trimmed.environment(container.environment().stream()
                    .map(variable ->
                            KeyValuePair.builder().name(variable.name()).build())
                    .toList());
        }
        if (container.hasSecrets()) {
            trimmed.secrets(namesOf(container.secrets()));
        }
        if (container.hasEnvironmentFiles()) {
            trimmed.environmentFiles(container.environmentFiles().stream()
                    .map(file ->
                            EnvironmentFile.builder().type(file.typeAsString()).build())
                    .toList());
        }
        if (container.logConfiguration() != null) {
            trimmed.logConfiguration(leftOut(container.logConfiguration()));
        }
        return trimmed.build();
    }

    private static LogConfiguration leftOut(LogConfiguration log) {
        LogConfiguration.Builder trimmed = log.toBuilder();
        if (log.hasOptions()) {
            Map<String, String> harmless = new TreeMap<>(log.options());
            harmless.keySet().removeIf(name -> !name.startsWith(HARMLESS));
            trimmed.options(harmless.isEmpty() ? null : harmless);
        }
        if (log.hasSecretOptions()) {
            trimmed.secretOptions(namesOf(log.secretOptions()));
        }
        return trimmed.build();
    }

    private static List<Secret> namesOf(List<Secret> secrets) {
        return secrets.stream()
                .map(secret -> Secret.builder().name(secret.name()).build())
                .toList();
    }

    private static Volume leftOut(Volume volume) {
        Volume.Builder trimmed = volume.toBuilder();
        if (volume.dockerVolumeConfiguration() != null) {
            trimmed.dockerVolumeConfiguration(volume.dockerVolumeConfiguration().toBuilder()
                    .driverOpts(null)
                    .build());
        }
        FSxWindowsFileServerVolumeConfiguration share = volume.fsxWindowsFileServerVolumeConfiguration();
        if (share != null && share.authorizationConfig() != null) {
            trimmed.fsxWindowsFileServerVolumeConfiguration(share.toBuilder()
                    .authorizationConfig(share.authorizationConfig().toBuilder()
                            .credentialsParameter(null)
                            .build())
                    .build());
        }
        return trimmed.build();
    }
}
