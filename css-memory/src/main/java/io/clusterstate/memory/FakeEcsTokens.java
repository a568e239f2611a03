package io.clusterstate.memory;

import io.clusterstate.EntityKind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The client tokens of RunTask. A token counts within one cluster, for 24 hours, and no longer than its tasks are
 * known. Source: the ECS API reference, "Ensuring idempotency".
 *
 * <p>Thread: guarded by the lock of the fake.
 */
final class FakeEcsTokens {

    private static final Duration VALID = Duration.ofHours(24);

    private record Use(RunTaskRequest request, RunTaskResponse response, Instant at) {}

    private final FakeEcsState state;
    private final Map<String, Use> uses = new HashMap<>();

    FakeEcsTokens(FakeEcsState state) {
        this.state = state;
    }

    /** Runs a request, or repeats the response that its token had. A response without tasks does not bind a token. */
    RunTaskResponse once(String clusterArn, RunTaskRequest request, Supplier<RunTaskResponse> work) {
        String token = request.clientToken();
        if (token == null) {
            return work.get();
        }
        if (!token.matches("[!-~]{1,64}")) {
            throw FakeEcsErrors.invalid(
                    "clientToken: " + token + " (expected: up to 64 ASCII characters in the range of 33-126)");
        }
        Use use = uses.get(clusterArn + " " + token);
        if (use == null || !isValid(use)) {
            RunTaskResponse response = work.get();
            if (response.hasTasks() && !response.tasks().isEmpty()) {
                uses.put(clusterArn + " " + token, new Use(request, response, state.now()));
            }
            return response;
        }
        if (!use.request().equals(request)) {
            throw FakeEcsErrors.conflict(arns(use));
        }
        return use.response();
    }

    private boolean isValid(Use use) {
        boolean isYoung = !state.now().isAfter(use.at().plus(VALID));
        return isYoung
                && arns(use).stream()
                        .anyMatch(arn -> state.find(EntityKind.TASK, arn).isPresent());
    }

    private static List<String> arns(Use use) {
        return use.response().tasks().stream().map(Task::taskArn).toList();
    }
}
