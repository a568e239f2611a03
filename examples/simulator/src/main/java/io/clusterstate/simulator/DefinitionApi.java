package io.clusterstate.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.DeregisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DeregisterTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionsRequest;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionsResponse;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.SortOrder;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;

/** The operations on task definitions. Source: the ECS API reference, under the operations' names. */
final class DefinitionApi {
    private static final String AFTER = "after:";

    private final World world;
    private final Faults faults;

    DefinitionApi(Simulation simulation) {
        this.world = simulation.world();
        this.faults = simulation.faults();
    }

    /** Lists the ARNs of a status by family and revision. {@code familyPrefix} is a whole family name, as in ECS. */
    ListTaskDefinitionsResponse list(ListTaskDefinitionsRequest request) {
        var status = Objects.requireNonNullElse(request.statusAsString(), Status.ACTIVE);
        if (!status.equals(Status.ACTIVE) && !status.equals(Status.INACTIVE)) {
            throw EcsError.invalid("status: " + status + " (expected: ACTIVE or INACTIVE)");
        }
        int size = Page.sizeOf(request.maxResults(), 100);
        var family = request.familyPrefix();
        var found = world.templates()
                .sorted(request.sort() == SortOrder.DESC)
                .dropWhile(isUpTo(request.nextToken()))
                .filter(it -> it.isActive() == status.equals(Status.ACTIVE))
                .filter(it -> family == null || it.template().family().equals(family))
                .map(it -> it.template().arn())
                .limit(size + 1L)
                .toList();
        var page = found.subList(0, Math.min(size, found.size()));
        return ListTaskDefinitionsResponse.builder()
                .taskDefinitionArns(page)
                .nextToken(found.size() > size ? tokenAfter(page.get(size - 1)) : null)
                .build();
    }

    DescribeTaskDefinitionResponse describe(DescribeTaskDefinitionRequest request) {
        var found = world.templates().find(Objects.requireNonNullElse(request.taskDefinition(), ""));
        var definition = found.orElseThrow(() -> EcsError.client("Unable to describe task definition."));
        var arn = definition.template().arn();
        faults.failureAbout(arn).ifPresent(type -> {
            throw EcsError.of(type, "Planned failure about " + arn);
        });
        var answer = DescribeTaskDefinitionResponse.builder().taskDefinition(definition.view());
        if (request.include().contains(TaskDefinitionField.TAGS)) {
            answer.tags(definition.tags());
        }
        return answer.build();
    }

    RegisterTaskDefinitionResponse register(RegisterTaskDefinitionRequest request) {
        var definition = world.templates().keep(Registration.of(request, world));
        return RegisterTaskDefinitionResponse.builder()
                .taskDefinition(definition.view())
                .tags(definition.tags())
                .build();
    }

    /** Makes a revision INACTIVE. The call has to name the revision. */
    DeregisterTaskDefinitionResponse deregister(DeregisterTaskDefinitionRequest request) {
        var reference = Objects.requireNonNullElse(request.taskDefinition(), "");
        if (!Arns.lastSegment(reference).contains(":")) {
            throw EcsError.invalid("Invalid revision number. Number: " + reference);
        }
        var definition = world.templates()
                .find(reference)
                .orElseThrow(() -> EcsError.client("The specified task definition does not exist. "
                        + "Specify a valid account, family, revision and try again."));
        definition.deregister(world.now());
        return DeregisterTaskDefinitionResponse.builder()
                .taskDefinition(definition.view())
                .build();
    }

    private static String tokenAfter(String arn) {
        return Base64.getUrlEncoder().encodeToString((AFTER + arn).getBytes(StandardCharsets.UTF_8));
    }

    /** Matches the definitions up to the last of the pages before. */
    private static Predicate<LiveDefinition> isUpTo(@Nullable String token) {
        if (token == null || token.isEmpty()) {
            return it -> false;
        }
        var last = lastOf(token);
        var passed = new boolean[1];
        return it -> {
            boolean isBefore = !passed[0];
            passed[0] |= it.template().arn().equals(last);
            return isBefore;
        };
    }

    private static String lastOf(String token) {
        try {
            var text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            if (text.startsWith(AFTER)) {
                return text.substring(AFTER.length());
            }
        } catch (IllegalArgumentException e) {
            throw EcsError.invalid("Invalid token " + token + ".");
        }
        throw EcsError.invalid("Invalid token " + token + ".");
    }
}
