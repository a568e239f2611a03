package io.clusterstate.memory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;

/** The task definitions of a fake ECS: families with all their revisions. */
final class FakeEcsDefinitions {

    private record Registered(TaskDefinition definition, List<Tag> tags) {}

    private final Map<String, List<Registered>> families = new HashMap<>();

    RegisterTaskDefinitionResponse register(RegisterTaskDefinitionRequest request, Instant now) {
        String family = request.family() == null ? "" : request.family();
        if (!family.matches("[a-zA-Z0-9_-]{1,255}")) {
            throw FakeEcsErrors.client("Family contains invalid characters.");
        }
        if (request.containerDefinitions().isEmpty()) {
            throw FakeEcsErrors.client("Container list cannot be empty.");
        }
        List<Registered> revisions = families.computeIfAbsent(family, name -> new ArrayList<>());
        int revision = revisions.size() + 1;
        TaskDefinition definition = copied(request)
                .taskDefinitionArn(FakeArns.taskDefinitionArn(family, revision))
                .revision(revision)
                .status("ACTIVE")
                .registeredAt(now)
                .build();
        revisions.add(new Registered(definition, request.tags()));
        return RegisterTaskDefinitionResponse.builder()
                .taskDefinition(definition)
                .tags(request.tags())
                .build();
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

    /** The definition that a family (its newest revision), a family with a revision, or an ARN names. */
    TaskDefinition find(@Nullable String name) {
        return registered(name)
                .map(Registered::definition)
                .orElseThrow(() -> FakeEcsErrors.client("TaskDefinition not found."));
    }

    private Optional<Registered> registered(@Nullable String name) {
        String last = name == null ? "" : name.substring(name.lastIndexOf('/') + 1);
        String family = last.replaceFirst(":\\d+$", "");
        List<Registered> revisions = families.getOrDefault(family, List.of());
        if (family.equals(last)) {
            return revisions.isEmpty() ? Optional.empty() : Optional.of(revisions.get(revisions.size() - 1));
        }
        return revisions.stream()
                .filter(each -> last.equals(family + ":" + each.definition().revision()))
                .findFirst();
    }
}
