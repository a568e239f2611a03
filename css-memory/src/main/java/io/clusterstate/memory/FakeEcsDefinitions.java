package io.clusterstate.memory;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/** The task definitions of a fake ECS: families with all their revisions. */
final class FakeEcsDefinitions {

    private record Registered(TaskDefinition definition, List<Tag> tags) {}

    private final Map<String, NavigableMap<Integer, Registered>> families = new HashMap<>();

    /** Registers the next revision of a family with one container and the network mode bridge. */
    TaskDefinition register(String family, int cpu, int memory, Instant now) {
        ContainerDefinition container = ContainerDefinition.builder()
                .name(family)
                .image(family)
                .cpu(cpu)
                .memory(memory)
                .essential(true)
                .build();
        RegisterTaskDefinitionRequest request = RegisterTaskDefinitionRequest.builder()
                .family(family)
                .networkMode("bridge")
                .containerDefinitions(container)
                .build();
        return register(request, now).taskDefinition();
    }

    RegisterTaskDefinitionResponse register(RegisterTaskDefinitionRequest request, Instant now) {
        String family = request.family() == null ? "" : request.family();
        if (!family.matches("[a-zA-Z0-9_-]{1,255}")) {
            throw FakeEcsErrors.client("Family contains invalid characters.");
        }
        if (request.containerDefinitions().isEmpty()) {
            throw FakeEcsErrors.client("Container list cannot be empty.");
        }
        int revision = revisions(family).isEmpty() ? 1 : revisions(family).lastKey() + 1;
        TaskDefinition definition = copied(request)
                .taskDefinitionArn(FakeArns.taskDefinitionArn(family, revision))
                .revision(revision)
                .status("ACTIVE")
                .registeredAt(now)
                .build();
        revisions(family).put(revision, new Registered(definition, request.tags()));
        return RegisterTaskDefinitionResponse.builder()
                .taskDefinition(definition)
                .tags(request.tags())
                .build();
    }

    /** Refuses an ARN that names a family alone. */
    static void requireRevision(String arn) {
        if (familyOf(arn).equals(nameOf(arn))) {
            throw new IllegalArgumentException(
                    "taskDefinitionArn: " + arn + " (expected: an ARN that ends in FAMILY:REVISION)");
        }
    }

    /** Takes over a definition that the test has put. */
    void accept(TaskDefinition definition) {
        String name = nameOf(definition.taskDefinitionArn());
        int revision = Integer.parseInt(name.substring(name.lastIndexOf(':') + 1));
        revisions(familyOf(name)).put(revision, new Registered(definition, List.of()));
    }

    private NavigableMap<Integer, Registered> revisions(String family) {
        return families.computeIfAbsent(family, name -> new TreeMap<>());
    }

    /** A definition with all that a request and a definition have in common. */
    private static TaskDefinition.Builder copied(RegisterTaskDefinitionRequest request) {
        TaskDefinition.Builder definition = TaskDefinition.builder();
        Map<String, SdkField<?>> asked =
                request.sdkFields().stream().collect(Collectors.toMap(SdkField::memberName, field -> field));
        for (SdkField<?> field : definition.sdkFields()) {
            SdkField<?> same = asked.get(field.memberName());
            Object value = same == null ? null : same.getValueOrDefault(request);
            if (value != null) {
                field.set(definition, value);
            }
        }
        return definition;
    }

    DescribeTaskDefinitionResponse describe(DescribeTaskDefinitionRequest request) {
        Registered found = registered(request.taskDefinition())
                .orElseThrow(() -> FakeEcsErrors.client("Unable to describe task definition."));
        boolean withTags = request.include().contains(TaskDefinitionField.TAGS);
        return DescribeTaskDefinitionResponse.builder()
                .taskDefinition(found.definition())
                .tags(withTags ? found.tags() : List.of())
                .build();
    }

    /**
     * The definition for new tasks that a family (its latest ACTIVE revision), a family with a revision, or an ARN
     * names. Source: the ECS API reference, {@code RunTask} and {@code DeregisterTaskDefinition}.
     */
    TaskDefinition find(@Nullable String name) {
        TaskDefinition found = registered(name)
                .map(Registered::definition)
                .orElseThrow(() -> FakeEcsErrors.client("TaskDefinition not found."));
        if (!isActive(found)) {
            throw FakeEcsErrors.client("TaskDefinition is inactive");
        }
        return found;
    }

    /** A definition of any status. */
    Optional<TaskDefinition> known(@Nullable String name) {
        return registered(name).map(Registered::definition);
    }

    /** A definition that the test has put may lack a status. */
    private static boolean isActive(TaskDefinition definition) {
        return definition.status() == null || definition.status() == TaskDefinitionStatus.ACTIVE;
    }

    private Optional<Registered> registered(@Nullable String reference) {
        String name = nameOf(reference == null ? "" : reference);
        NavigableMap<Integer, Registered> revisions = families.getOrDefault(familyOf(name), new TreeMap<>());
        return familyOf(name).equals(name)
                ? revisions.descendingMap().values().stream()
                        .filter(each -> isActive(each.definition()))
                        .findFirst()
                : revisions.values().stream()
                        .filter(each -> name.equals(nameOf(each.definition().taskDefinitionArn())))
                        .findFirst();
    }

    /** The family of a task's definition, as ListTasks filters by it. */
    static String familyOf(String arnOrName) {
        return nameOf(arnOrName).replaceFirst(":\\d+$", "");
    }

    private static String nameOf(String arnOrName) {
        return arnOrName.substring(arnOrName.lastIndexOf('/') + 1);
    }
}
